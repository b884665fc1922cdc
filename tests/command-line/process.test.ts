import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { build, dragoman, endAll, type Program, type Ready } from './process.js'
import { openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeAll(build, 60_000)
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(async () => {
  await endAll()
  await at.close()
})

const run = (...argv: string[]) => dragoman(argv, at.env)

async function serve(...argv: string[]): Promise<Ready & { program: Program }> {
  const program = run('serve', '--json', '--port', '0', ...argv)
  const ready = await program.ready()
  return { ...ready, program }
}

/** The same command in the same folder, in a process of its own; must work. */
async function dragomanSays(...argv: string[]): Promise<string> {
  const { code, out, err } = await run(...argv).ended
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

const ask = (url: string, key: string, model: string, stream = false) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello' }] }),
  })

/** Asks until the answer is this one. The gateway looks for changes of others a few times a second. */
async function askUntil(status: number, url: string, key: string, model: string): Promise<Response> {
  for (;;) {
    const reply = await ask(url, key, model)
    if (reply.status === status) return reply
    await reply.text()
  }
}

async function end(program: Program): Promise<void> {
  program.child.kill('SIGTERM')
  expect(await program.ended).toMatchObject({ code: 0, signal: null })
}

describe('serve', () => {
  test('tells one line, serves with the key in it, and leaves nothing behind at its end', async () => {
    const { program, url, dashboard, clientKey, event } = await serve()
    expect(program.out).toMatch(/^[^\n]+\n$/)
    expect({ event, dashboard }).toEqual({ event: 'ready', dashboard: url })
    expect((await ask(url, clientKey!, 'demo')).status).toBe(200)
    const runFile = join(at.home, 'run.json')
    expect(JSON.parse(readFileSync(runFile, 'utf8'))).toMatchObject({ url, pid: program.child.pid })
    expect(readFileSync(runFile, 'utf8')).not.toContain('dgm-')
    expect(statSync(runFile).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await dragomanSays('status', '--json'))).toMatchObject({
      running: true,
      url,
      pid: program.child.pid,
    })
    await end(program)
    expect(program.out).toMatch(/^[^\n]+\n$/)
    expect(existsSync(runFile)).toBe(false)
    expect(JSON.parse(await dragomanSays('status', '--json'))).toMatchObject({ running: false })
    expect(statSync(at.home).mode & 0o777).toBe(0o700)
  })

  test('shows the first key once: the second start of a folder has another way to try', async () => {
    const first = await serve()
    await end(first.program)
    const second = await serve()
    expect(second.clientKey).toBeUndefined()
    expect((await ask(second.url, first.clientKey!, 'demo')).status).toBe(200)
    expect((await ask(second.url, second.demoKey!, 'demo')).status).toBe(200)
    expect((await ask(second.url, second.demoKey!, 'gpt-5.5')).status).not.toBe(200)
    await end(second.program)
  })

  test('tells people a line to try that works as it stands', async () => {
    const program = run('--port', '0')
    const [, url, key, body] = await program.says(
      /curl -N (\S+) -H 'authorization: Bearer (\S+)' -H 'content-type: application\/json' -d '(.*)'/,
    )
    const reply = await fetch(url!, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body!,
    })
    expect(reply.status).toBe(200)
    expect(await reply.text()).toMatch(/data: \[DONE\]\n\n$/)
    expect(program.out).toContain('Next: sign in to ChatGPT with  dragoman login')
    expect(program.out + program.err).not.toContain('\u001b')
    await end(program)
  })

  test('notices the login of a Codex CLI', async () => {
    mkdirSync(join(at.home, '.codex'))
    writeFileSync(join(at.home, '.codex/auth.json'), JSON.stringify(at.account('ann@example.com').authJson))
    const program = run('serve', '--port', '0')
    await program.says(
      /A Codex CLI login was found \(.*auth\.json\); follow it with {2}dragoman accounts import --link/,
    )
    await program.says(/Stop: Ctrl-C/)
    expect(await dragomanSays('accounts', 'import', '--link')).toMatch(/^Added ann@example\.com/)
    await end(program)
  })

  test('keeps its log in the data folder, for the owner alone and without secrets', async () => {
    const { program, url, clientKey } = await serve('--config', 'log.level=debug')
    const { file, accessToken, refreshToken } = at.account('ann@example.com')
    await dragomanSays('accounts', 'import', file)
    await askUntil(200, url, clientKey!, 'gpt-5.5')
    await end(program)
    const [name] = readdirSync(join(at.home, 'logs'))
    const path = join(at.home, 'logs', name!)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const text = readFileSync(path, 'utf8')
    expect(text).toBe(program.err)
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { msg: string })
        .map(({ msg }) => msg),
    ).toContainEqual(expect.stringMatching(/^stopping: running streams may finish/))
    for (const secret of [clientKey!, accessToken, refreshToken]) expect(text).not.toContain(secret)
  })
})

describe('a gateway that runs notices what other processes do', () => {
  test('a new key works at once, a revoked one soon no more', async () => {
    const { program, url } = await serve()
    const { id, key } = JSON.parse(await dragomanSays('keys', 'create', '--json')) as { id: string; key: string }
    expect((await ask(url, key, 'demo')).status).toBe(200)
    await dragomanSays('keys', 'revoke', id)
    await askUntil(401, url, key, 'demo')
    await end(program)
  })

  test('an imported account serves, a disabled one does not', async () => {
    const { program, url, clientKey } = await serve()
    expect((await ask(url, clientKey!, 'gpt-5.5')).status).not.toBe(200)
    await dragomanSays('accounts', 'import', at.account('ann@example.com').file)
    await askUntil(200, url, clientKey!, 'gpt-5.5')
    await dragomanSays('accounts', 'disable', 'ann@example.com')
    for (let reply = await ask(url, clientKey!, 'gpt-5.5'); reply.ok; reply = await ask(url, clientKey!, 'gpt-5.5')) {
      await reply.text()
    }
    await dragomanSays('accounts', 'enable', 'ann@example.com')
    await askUntil(200, url, clientKey!, 'gpt-5.5')
    await end(program)
  })

  test('a setting is in force; a mistake is told with its line and the old file stays in force', async () => {
    const { program, url, clientKey } = await serve()
    expect((await ask(url, clientKey!, 'mine')).status).toBe(404)
    await dragomanSays('config', 'set', 'model.aliases', 'mine=demo')
    await askUntil(200, url, clientKey!, 'mine')
    await program.says(/model\.aliases.*the configuration is good and in force/)
    const path = join(at.home, 'config.yaml')
    writeFileSync(path, 'model:\n  aliases: { other: demo }\n  efort: high\n')
    await program.says(/config\.yaml:3:3: model\.efort: .*did you mean model\.effort\?.*the old one stays in force/)
    expect((await ask(url, clientKey!, 'mine')).status).toBe(200)
    expect((await ask(url, clientKey!, 'other')).status).toBe(404)
    // As an editor writes it: a new file in the place of the old one.
    writeFileSync(`${path}~`, 'model:\n  aliases: { other: demo }\nserver:\n  keep_alive_seconds: 9\n')
    renameSync(`${path}~`, path)
    await askUntil(200, url, clientKey!, 'other')
    expect((await ask(url, clientKey!, 'mine')).status).toBe(404)
    await program.says(/server\.keep_alive_seconds.*take effect when the gateway is started again/)
    await end(program)
  })

  test('a hundred changes of the configuration, every third a mistake, do not touch streams that run', async () => {
    const { program, url, clientKey } = await serve()
    await dragomanSays('accounts', 'import', at.account('ann@example.com').file)
    await askUntil(200, url, clientKey!, 'gpt-5.5')
    at.simulator.script({
      scene: [
        { type: 'text', text: 'begun ' },
        { type: 'gate', name: 'reloads' },
        { type: 'text', text: 'ended' },
      ],
    })
    // As many as one account has places for: more would wait in line.
    const streams = await Promise.all(Array.from({ length: 16 }, () => ask(url, clientKey!, 'gpt-5.5', true)))
    const path = join(at.home, 'config.yaml')
    for (let n = 0; n < 100; n++) {
      writeFileSync(path, n % 3 === 0 ? 'model: [\n' : `model:\n  aliases: { n${n}: demo }\n`)
      if (n % 10 === 0) await askUntil(200, url, clientKey!, 'demo')
      if (n % 30 === 1) await askUntil(200, url, clientKey!, `n${n}`)
    }
    await program.says(/the old one stays in force/)
    at.simulator.openGate('reloads')
    for (const stream of streams) {
      const text = await stream.text()
      expect(text).toContain('ended')
      expect(text).toMatch(/data: \[DONE\]\n\n$/)
    }
    await end(program)
  })
})

describe('a port that is taken', () => {
  test.each(['of a gateway of this folder', 'of a gateway of another folder', 'of another program'])(
    '%s',
    async (whose) => {
      const other = createServer((_, response) => response.end('hello'))
      let port: string
      let owner: RegExp
      if (whose === 'of another program') {
        await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
        port = String((other.address() as AddressInfo).port)
        owner = process.platform === 'linux' ? new RegExp(` by .+ \\(pid ${process.pid}\\)`) : /is taken/
      } else {
        const { url, program } = await serve()
        port = new URL(url).port
        owner = new RegExp(process.platform === 'linux' ? `\\(pid ${program.child.pid}\\)` : 'is taken')
        if (whose === 'of a gateway of this folder')
          owner = new RegExp(`by the gateway that runs on this data folder.*${owner.source}`)
        if (whose === 'of a gateway of another folder') {
          at.env['DRAGOMAN_HOME'] = join(at.home, 'another')
          mkdirSync(at.env['DRAGOMAN_HOME'])
        }
      }
      const { code, out, err } = await run('serve', '--json', '--port', port, '--config', 'log.level=error').ended
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(
        new RegExp(`^dragoman: port ${port} is taken.*; choose another: dragoman serve --port ${Number(port) + 1}\\n$`),
      )
      expect(err).toMatch(owner)
      other.close()
      if (whose === 'of a gateway of this folder')
        expect(JSON.parse(await dragomanSays('status', '--json'))).toMatchObject({ running: true })
    },
  )

  test('loses no first key: the next start shows one that works', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    expect((await run('serve', '--port', String((other.address() as AddressInfo).port)).ended).code).toBe(2)
    other.close()
    const { program, url, clientKey } = await serve()
    expect((await ask(url, clientKey!, 'demo')).status).toBe(200)
    await end(program)
  })

  test('is not the only address that cannot be had', async () => {
    for (const host of ['203.0.113.9', 'no.such.host.invalid']) {
      const { code, out, err } = await run('serve', '--host', host, '--config', 'server.insecure_expose=true').ended
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(new RegExp(`^dragoman: this machine has no address ${host}; leave --host .*\\n$`))
    }
    const exposed = await run('serve', '--host', '0.0.0.0', '--port', '0').ended
    expect(exposed).toMatchObject({ code: 1, out: '' })
    expect(exposed.err).toMatch(
      /^dragoman: server\.host 0\.0\.0\.0 is reachable from other machines .*insecure_expose: true\n$/,
    )
  })
})

describe('the end', () => {
  /** A gateway with a stream that has begun and waits. */
  async function streaming() {
    const served = await serve()
    await dragomanSays('accounts', 'import', at.account('ann@example.com').file)
    await askUntil(200, served.url, served.clientKey!, 'gpt-5.5')
    at.simulator.script({
      scene: [
        { type: 'text', text: 'begun ' },
        { type: 'gate', name: 'end' },
        { type: 'text', text: 'ended' },
      ],
    })
    const reply = await ask(served.url, served.clientKey!, 'gpt-5.5', true)
    const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('begun')) {
      const { done, value } = await reader.read()
      if (done) throw new Error(`the stream has ended: ${text}`)
      text += value
    }
    const rest = async (): Promise<string> => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return text
        text += value
      }
    }
    return { ...served, rest }
  }

  test('SIGTERM lets a running stream come to its end and takes nothing new', async () => {
    const { program, url, rest } = await streaming()
    program.child.kill('SIGTERM')
    await program.says(/stopping: running streams may finish/)
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    at.simulator.openGate('end')
    const text = await rest()
    expect(text).toContain('ended')
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    expect(await program.ended).toMatchObject({ code: 0, signal: null })
    expect(existsSync(join(at.home, 'run.json'))).toBe(false)
  })

  test('when the time for draining is over, the stream is told so and the gateway ends', async () => {
    const { program, rest } = await streaming()
    await dragomanSays('config', 'set', 'server.drain_seconds', '0')
    await program.says(/server\.drain_seconds.*in force/)
    program.child.kill('SIGTERM')
    const text = await rest()
    expect(text).toMatch(/"error"/)
    expect(text).not.toContain('ended')
    expect(await program.ended).toMatchObject({ code: 0, signal: null })
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('a second %s ends at once', async (signal) => {
    const { program, rest } = await streaming()
    program.child.kill(signal)
    await program.says(/stopping: running streams may finish/)
    program.child.kill(signal)
    expect(await program.ended).toMatchObject({ code: 130, signal: null })
    await expect(rest()).rejects.toThrow()
    expect(existsSync(join(at.home, 'run.json'))).toBe(false)
  })

  test('after kill -9 the same folder serves again: key, account and settings are there', async () => {
    const { program, clientKey } = await streaming()
    await dragomanSays('config', 'set', 'model.aliases', 'mine=gpt-5.5')
    program.child.kill('SIGKILL')
    await program.ended
    at.simulator.openGate('end')
    expect(JSON.parse(await dragomanSays('status', '--json'))).toMatchObject({
      running: false,
      accounts: [{ status: 'active' }],
    })
    const again = await serve()
    expect(again.clientKey).toBeUndefined()
    expect((await ask(again.url, clientKey!, 'mine')).status).toBe(200)
    expect(JSON.parse(await dragomanSays('status', '--json'))).toMatchObject({ running: true, url: again.url })
    await end(again.program)
  })

  test('of whoever read the log is not the end of the gateway', async () => {
    const { program, url, clientKey } = await serve()
    program.child.stdout!.destroy()
    program.child.stderr!.destroy()
    const log = join(at.home, 'logs')
    // Each of them makes it write a line that nobody reads.
    for (const name of ['one', 'two']) {
      await dragomanSays('config', 'set', 'model.aliases', `${name}=demo`)
      await askUntil(200, url, clientKey!, name)
    }
    const lines = readFileSync(join(log, readdirSync(log)[0]!), 'utf8').match(/the configuration is good and in force/g)
    expect(lines).toHaveLength(2)
    await end(program)
  })
})

test('demo: serves without account, and its folder goes with it', async () => {
  const folder = join(at.home, 'tmp')
  mkdirSync(folder)
  for (const signals of [1, 2]) {
    const program = dragoman(['demo', '--json'], { ...at.env, TMPDIR: folder })
    const { url, clientKey } = await program.ready()
    expect((await ask(url, clientKey!, 'demo')).status).toBe(200)
    expect(readdirSync(folder)).toHaveLength(1)
    for (let n = 0; n < signals; n++) program.child.kill('SIGTERM')
    await program.ended
    expect(readdirSync(folder)).toEqual([])
  }
  expect(readdirSync(at.home)).toEqual(['tmp'])
})
