import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../telemetry/index.js'
import { maskedUrl } from './masked-url.js'
import { proxiesAsYaml } from './proxies-as-yaml.js'
import { parseProxyList, PROXY_PROTOCOLS, readProxy, type WrittenProxy } from './index.js'

/** With its password as a text, so that it can be compared. */
function plain(proxy: WrittenProxy) {
  return { ...proxy, ...(proxy.password === undefined ? {} : { password: proxy.password.reveal() }) }
}
const read = (text: string) => {
  const { proxies, problems, duplicates } = parseProxyList(text)
  return { proxies: proxies.map(plain), problems, duplicates }
}
const proxy = (protocol: string, host: string, port: number, username?: string, password?: string, name?: string) => ({
  protocol,
  host,
  port,
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(name === undefined ? {} : { name }),
})

describe('a line', () => {
  test.each([
    ['http://h.example:8080', proxy('http', 'h.example', 8080)],
    ['HTTPS://H.Example:8443/', proxy('https', 'h.example', 8443)],
    ['socks5h://ann:secret@1.2.3.4:1080', proxy('socks5h', '1.2.3.4', 1080, 'ann', 'secret')],
    ['socks5://a%3An%40n:p%25%2F%23@h.example:1', proxy('socks5', 'h.example', 1, 'a:n@n', 'p%/#')],
    ['http://ann:p@ss@h.example:80', proxy('http', 'h.example', 80, 'ann', 'p@ss')],
    ['http://ann:p:a:ss@h.example:80', proxy('http', 'h.example', 80, 'ann', 'p:a:ss')],
    ['http://token@h.example:80', proxy('http', 'h.example', 80, 'token')],
    ['http://:only@h.example:80', proxy('http', 'h.example', 80, undefined, 'only')],
    ['http://[2001:DB8::1]:8080', proxy('http', '2001:db8::1', 8080)],
    ['socks5://h.example:1080#HK%2001', proxy('socks5', 'h.example', 1080, undefined, undefined, 'HK 01')],
    ['http://h.example', proxy('http', 'h.example', 80)],
    ['https://h.example', proxy('https', 'h.example', 443)],
    ['socks5h://[::1]', proxy('socks5h', '::1', 1080)],
    ['h.example:8080', proxy('http', 'h.example', 8080)],
    ['  1.2.3.4:8080\t', proxy('http', '1.2.3.4', 8080)],
    ['[2001:db8::1]:8080', proxy('http', '2001:db8::1', 8080)],
    ['h.example:8080:ann:secret', proxy('http', 'h.example', 8080, 'ann', 'secret')],
    ['h.example:8080:ann:se:cr@t', proxy('http', 'h.example', 8080, 'ann', 'se:cr@t')],
    ['h.example:8080:ann', proxy('http', 'h.example', 8080, 'ann')],
    ['[::1]:8080:ann:secret', proxy('http', '::1', 8080, 'ann', 'secret')],
    ['ann:secret@h.example:8080', proxy('http', 'h.example', 8080, 'ann', 'secret')],
    ['ann@h.example:8080', proxy('http', 'h.example', 8080, 'ann')],
    ['ann@x.example:secret@h.example:8080', proxy('http', 'h.example', 8080, 'ann@x.example', 'secret')],
    ['ann:p@s:s@[::1]:8080', proxy('http', '::1', 8080, 'ann', 'p@s:s')],
    ['ann:1234@h.example:8080', proxy('http', 'h.example', 8080, 'ann', '1234')],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual({ proxies: [expected], problems: [], duplicates: 0 })
  })

  test.each([
    ['h.example', /no URL, no host:port/],
    ['hello world', /no URL/],
    ['h.example:0', /port is no number from 1 to 65535/],
    ['h.example:65536', /port/],
    ['h.example:eighty', /no URL/],
    ['http://h.example:eighty', /host/],
    ['http://', /host/],
    ['http://ann:secret@', /host/],
    ['::1:8080', /no URL/],
    ['http://h.example:80/path', /nothing may follow the port/],
    ['http://h.example:80?x', /nothing may follow/],
    ['http://h.example:80/x@y', /%2F/],
    ['http://ann:sec#ret@h.example:80', /%23/],
    ['http://ann:50%off@h.example:80', /%25/],
    ['http://a%3An:secret@h.example:80', /colon/],
    ['socks5://:secret@h.example:80', /needs a username/],
    [`socks5://ann:${'ü'.repeat(200)}@h.example:80`, /255 bytes/],
    ['http://ann:sec%0d%0aret@h.example:80', /cannot be sent/],
    ['ss://secret@h.example:80', /protocol is none of http, https, socks5, socks5h/],
    ['socks4://h.example:80', /protocol/],
    ['h.example:80:ann:secret@i.example:90', /two ways; write it as a URL/],
  ])('%s is refused', (line, why) => {
    expect(read(`# one\n\n${line}`)).toMatchObject({ proxies: [], problems: [{ line: 3, message: why }] })
  })
})

describe('a list', () => {
  test('takes the good lines and names the bad ones', () => {
    expect(
      read('\ufeff# mine\r\na.example:1\r\n\r\nnonsense\r\nb.example:2  # the other\r\nsocks4://c:3'),
    ).toMatchObject({
      proxies: [proxy('http', 'a.example', 1), proxy('http', 'b.example', 2)],
      problems: [{ line: 4 }, { line: 6 }],
    })
  })

  test('may be of another protocol than http', () => {
    const { proxies } = parseProxyList('a.example:1\nhttps://b.example:2', { protocol: 'socks5h' })
    expect(proxies.map(({ protocol }) => protocol)).toEqual(['socks5h', 'https'])
  })

  test('merges what is the same proxy; the later password and name count', () => {
    expect(read('a.example:1:ann:old\nA.example:1:ann:new\nhttp://ann@a.example:1#A\na.example:1:bob:x')).toEqual({
      proxies: [proxy('http', 'a.example', 1, 'ann', 'new', 'A'), proxy('http', 'a.example', 1, 'bob', 'x')],
      problems: [],
      duplicates: 2,
    })
  })

  test('that is far too long is not read', () => {
    expect(read('a.example:1\n'.repeat(400_000))).toMatchObject({ proxies: [], problems: [{ message: /too long/ }] })
  })

  test('of signs without end takes no time', () => {
    for (const piece of ['#', '# ', '@', ':', '[', '%', ' ', '-']) {
      expect(read(piece.repeat(50_000)).proxies).toEqual([])
    }
  })
})

describe('YAML', () => {
  const clash = [
    'port: 7890',
    'mode: rule',
    'proxies:',
    '  - { name: "🇭🇰 HK | 01", type: http, server: a.example, port: 443, username: ann, password: 0123, tls: true }',
    '  - name: two',
    '    type: socks5',
    '    server: b.example',
    '    port: 1080',
    '    username:',
    '    password: ~',
    '    udp: true',
    '  - { name: three, type: ss, server: c.example, port: 1, cipher: aes-128-gcm, password: secret }',
    'proxy-groups: []',
  ].join('\n')

  test('of another program', () => {
    expect(read(clash)).toEqual({
      proxies: [
        proxy('https', 'a.example', 443, 'ann', '0123', '🇭🇰 HK | 01'),
        proxy('socks5', 'b.example', 1080, undefined, undefined, 'two'),
      ],
      problems: [{ line: 12, message: 'the protocol is none of http, https, socks5, socks5h' }],
      duplicates: 0,
    })
  })

  test.each([
    ['- http://ann:secret@a.example:1\n- b.example:2', 2],
    ['# mine\n---\n- host: a.example\n  port: 1', 1],
    ['["http://a.example:1", "b.example:2:ann:secret"]', 2],
    ['[\n  {"host": "a.example", "port": 1}\n]', 1],
    ['{"proxies": [{"protocol": "SOCKS5H", "host": "::1", "port": "1080"}]}', 1],
    ['proxies:', 0],
    ['proxies: []', 0],
    ['[]', 0],
  ])('%j', (text, count) => {
    const { proxies, problems } = read(text)
    expect(problems).toEqual([])
    expect(proxies).toHaveLength(count)
  })

  test.each([
    ['- host: a.example\n- [1]\n- port: 80\n-\n- &x a.example:1\n- *x', [1, 2, 3, 4, 6]],
    ['proxies:\n  secret: 1', [2]],
    ['{"a": 1}', [1]],
    ['- "secret\n- b', [2]],
    ['- a.example:1\n- {host: b.example, port: {secret: 1}}', [2]],
    ['- a: &a [*a]\n- *secret', [1, 2]],
  ])('%j has problems in lines %j', (text, lines) => {
    const { problems } = read(text)
    expect(problems.map(({ line }) => line)).toEqual(lines)
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  test('a host that is called proxies is a line', () => {
    expect(read('proxies:8080').proxies).toEqual([proxy('http', 'proxies', 8080)])
  })
})

const secret = fc.stringMatching(/^[!-~]{0,12}$/).map((text) => `s3cr3t${text}`)
const login = fc.option(fc.record({ username: fc.stringMatching(/^[!-9;-~]{1,12}$/), password: secret }), {
  nil: undefined,
})
const address = fc.record({
  protocol: fc.constantFrom(...PROXY_PROTOCOLS),
  host: fc.oneof(
    fc.domain().map((name) => name.toLowerCase()),
    fc.ipV4(),
    fc.constantFrom('2001:db8::1', '::1', 'fe80::1'),
  ),
  port: fc.integer({ min: 1, max: 65_535 }),
})
const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

describe('any proxy', () => {
  test('is read from its URL, and shown without its password', () => {
    fc.assert(
      fc.property(address, login, ({ protocol, host, port }, who) => {
        const before = who && `${encodeURIComponent(who.username)}:${encodeURIComponent(who.password)}@`
        const reading = readProxy(`${protocol}://${before ?? ''}${bracketed(host)}:${port}`)
        expect(reading).toHaveProperty('proxy')
        if (!('proxy' in reading)) return
        expect(plain(reading.proxy)).toEqual({ protocol, host, port, ...who })
        const shown = maskedUrl({ ...reading.proxy, hasPassword: reading.proxy.password !== undefined })
        expect(shown).not.toContain('s3cr3t')
        expect(URL.canParse(shown)).toBe(true)
      }),
    )
  })

  test('is read from host:port:user:password and user:password@host:port, or called ambiguous, never read wrong', () => {
    fc.assert(
      fc.property(address, login, ({ host, port }, who) => {
        const expected = { protocol: 'http', host, port, ...who }
        const forms =
          who === undefined
            ? [`${bracketed(host)}:${port}`]
            : [
                `${bracketed(host)}:${port}:${who.username}:${who.password}`,
                `${who.username}:${who.password}@${bracketed(host)}:${port}`,
              ]
        for (const form of forms) {
          // What stands before :// is a scheme.
          if (form.includes('://')) continue
          const reading = readProxy(form)
          if ('proxy' in reading) expect(plain(reading.proxy)).toEqual(expected)
          else expect(reading.problem).toContain('two ways')
        }
      }),
    )
  })

  test('is exported so that it is imported again, with and without passwords', () => {
    const named = fc.tuple(address, login, fc.string({ unit: 'grapheme' }), fc.boolean())
    const list = fc.uniqueArray(named, {
      selector: ([{ protocol, host, port }, who]) => JSON.stringify([protocol, host, port, who?.username]),
    })
    fc.assert(
      fc.property(list, fc.boolean(), (proxies, passwords) => {
        const records = proxies.map(([at, who, name, enabled], n) => ({
          ...at,
          ...(who === undefined ? {} : { username: who.username, password: new Secret(who.password) }),
          id: `prx_${n}`,
          name: `${n} ${name}`,
          enabled,
          createdAt: 0,
          updatedAt: 0,
        }))
        const yaml = proxiesAsYaml(records, { passwords })
        if (!passwords) expect(yaml).not.toContain('s3cr3t')
        const again = read(yaml)
        expect(again.problems).toEqual([])
        expect(again.proxies.map(({ name: _, ...rest }) => rest)).toEqual(
          proxies.map(([at, who, , enabled]) => ({
            ...at,
            ...(who === undefined ? {} : passwords ? who : { username: who.username }),
            ...(enabled ? {} : { enabled }),
          })),
        )
      }),
    )
  })
})

test('no text makes it fail, and no problem repeats a piece of it', () => {
  const piece = fc.constantFrom('s3cr3t', ':', '@', '/', '#', '%', '[', ']', '- ', '\n', '{', '"', 'http://', 'a.b:80', 'proxies: ', 'port: ', '&a ', '*a') // prettier-ignore
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, (any) => {
      const { problems } = parseProxyList(any)
      expect(JSON.stringify(problems)).not.toContain('s3cr3t')
    }),
    { numRuns: 2000 },
  )
})
