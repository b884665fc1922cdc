import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Vendor } from '@dragoman/simulator'
import { forbiddenUrls } from '../security/forbidden-urls.js'
import { expectMistake, oneLineOfJson, openTerminal, type Said, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

const VENDORS: readonly Vendor[] = ['openai', 'anthropic', 'gemini', 'openrouter', 'compatible']

interface Shown {
  id: string
  provider: string
  baseUrl: string
  state: string
  models: 'all' | { id: string; upstream?: string; contextWindow?: number; capabilities?: string[] }[]
  hint?: string
}

const list = async () => oneLineOfJson(await at.run('providers', 'list', '--json')) as Shown[]
const vendorKey = (vendor: Vendor): string => {
  const { key } = at.simulator.addVendorKey({ vendor })
  at.secrets.add(key)
  return key
}
const urlOf = (vendor: Vendor): string => at.simulator.vendors[vendor].baseUrl
const add = (preset: string, key: string | undefined, ...options: string[]): Promise<Said> =>
  at.runWith(
    { stdin: `${key ?? ''}\n` },
    'providers',
    'add',
    preset,
    ...(key === undefined ? [] : ['--key-stdin']),
    ...options,
  )
/** A key of a simulated vendor, added without asking it anything. */
const addHere = (vendor: Vendor, ...options: string[]) =>
  add(vendor, vendorKey(vendor), '--base-url', urlOf(vendor), '--allow-private', ...options)

describe('add', () => {
  test('takes the models that the provider lists, and names what it did', async () => {
    at.simulator.vendors.openrouter.setModels([{ id: 'some/model', contextTokens: 32_000, maxOutputTokens: 4_000 }])
    const key = vendorKey('openrouter')
    const said = await add('openrouter', key, '--base-url', urlOf('openrouter'), '--allow-private', '--label', 'mine')
    expect(said).toMatchObject({ code: 0, err: '' })
    expect(said.out).toMatch(/^Added mine \(ak_\w+\); it serves 1 model\. Try it: dragoman providers test ak_\w+\n$/)
    expect(await list()).toMatchObject([
      {
        provider: 'openrouter',
        state: 'enabled',
        hint: `${key.slice(0, 4)}…${key.slice(-4)}`,
        models: [{ id: 'some/model', contextWindow: 32_000, maxOutputTokens: 4_000, capabilities: ['chat'] }],
      },
    ])
  })

  test.each(VENDORS)('reads the list of %s, in pages where it has pages', async (vendor) => {
    const names = Array.from({ length: 7 }, (_, n) => `model-${n}`)
    at.simulator.vendors[vendor].setModels(names, { pageSize: 3 })
    expect(await addHere(vendor, '--name', 'here')).toMatchObject({ code: 0 })
    const [key] = await list()
    expect(key!.models).toHaveLength(7)
  })

  test('a provider without a list that can be read serves what is well known, or every name', async () => {
    at.simulator.script({ at: 'vendor-models', fault: { type: 'reply', status: 404 } })
    const said = await addHere('anthropic')
    expect(said.code).toBe(0)
    expect(said.err).toMatch(/^remark: anthropic has no model list at this base URL; .*well-known models are taken\n$/)
    expect((await addHere('compatible', '--name', 'other')).err).toMatch(/every name asked for within it is taken\n$/)
    const [known, other] = await list()
    expect(known!.models).toContainEqual(expect.objectContaining({ id: 'claude-sonnet-4-5' }))
    expect(other!.models).toBe('all')
  })

  test('the same key is changed and not added twice; another one is another', async () => {
    const key = vendorKey('compatible')
    const again = (...options: string[]) => add('deepseek', key, '--models', 'all', ...options)
    expect((await again()).out).toMatch(/^Added /)
    expect((await again('--weight', '5')).out).toMatch(/^Updated /)
    expect((await add('deepseek', vendorKey('compatible'), '--models', 'all')).out).toMatch(/^Added /)
    expect(await list()).toMatchObject([{ weight: 5 }, { weight: 1 }])
  })

  test('models may have names of their own', async () => {
    await add('deepseek', vendorKey('compatible'), '--models', ' fast=deepseek-chat, deepseek-reasoner ')
    expect((await list())[0]!.models).toEqual([{ id: 'fast', upstream: 'deepseek-chat' }, { id: 'deepseek-reasoner' }])
  })

  test('a key on the command line is taken with a warning, and never said again', async () => {
    at.secrets.add('sk-on-the-command-line')
    const said = await at.run('providers', 'add', 'groq', '--key', 'sk-on-the-command-line', '--models', 'all')
    expect(said.code).toBe(0)
    expect(said.err).toMatch(/^remark: a key given with --key stays in the history of your shell/)
    expect((await list())[0]).toMatchObject({ provider: 'groq', hint: 'sk-o…line' })
  })

  test('a key from the environment', async () => {
    at.secrets.add('sk-from-the-environment')
    const env = { MY_KEY: 'sk-from-the-environment' }
    expect(
      await at.runWith({ env }, 'providers', 'add', 'xai', '--key-env', 'MY_KEY', '--models', 'grok-4'),
    ).toMatchObject({ code: 0, err: '' })
    expectMistake(
      await at.run('providers', 'add', 'xai', '--key-env', 'NO_SUCH', '--models', 'all'),
      1,
      /variable NO_SUCH is not set/,
    )
  })

  test('nothing of it can be read in the data folder', async () => {
    const key = vendorKey('compatible')
    at.secrets.add('blue-team-42')
    await add('deepseek', key, '--models', 'all', '--header', 'X-Team: blue-team-42')
    for (const name of readdirSync(at.home)) {
      const file = join(at.home, name)
      if (!statSync(file).isFile()) continue
      const text = readFileSync(file, 'latin1')
      for (const secret of [key, 'blue-team-42', Buffer.from(key).toString('base64').slice(0, 20)]) {
        expect(text.includes(secret), name).toBe(false)
      }
    }
    expect(oneLineOfJson(await at.run('providers', 'show', 'deepseek', '--json'))).toMatchObject({
      headers: ['x-team'],
    })
  })

  test('a server on this machine must be allowed, and then is', async () => {
    const address = ['--base-url', urlOf('compatible'), '--models', 'all']
    expectMistake(await add('ollama', undefined, ...address), 2, /127\.0\.0\.1 is not reached.*--allow-private/)
    expect(await list()).toEqual([])
    expect(await add('ollama', undefined, ...address, '--allow-private')).toMatchObject({ code: 0 })
    const port = new URL(urlOf('compatible')).port
    expect((await at.run('config', 'get', 'upstream.allowed_private_hosts', '--json')).out).toBe(
      `["127.0.0.1:${port}"]\n`,
    )
    expect(await add('ollama', undefined, ...address, '--name', 'again')).toMatchObject({ code: 0 })
  })

  test('no form of a forbidden base URL is taken', async () => {
    for (const { what, url } of forbiddenUrls(1)) {
      const said = await add('compatible', undefined, '--name', 'x', '--models', 'all', '--base-url', url)
      expect(said.code, what).toBe(2)
      expect(said.err, what).toMatch(/^dragoman: [^\n]+\n$/)
    }
    expect(await list()).toEqual([])
  })

  test.each<[string, string[], RegExp]>([
    [
      'an endpoint',
      ['--base-url', 'https://x.example/v1/chat/completions'],
      /leave \/chat\/completions out of the base URL: https:\/\/x\.example\/v1\n/,
    ],
    ['a query', ['--base-url', 'https://x.example/v1?key=1'], /must end before \? and #/],
    ['a login', ['--base-url', 'https://me:pw@x.example/v1'], /must not hold a name and a password/],
    ['no scheme', ['--base-url', 'x.example/v1'], /begins with https:\/\/, e\.g\. https:\/\/x\.example\/v1/],
    ['unencrypted', ['--base-url', 'http://x.example/v1'], /would get the key unencrypted: say https:\/\//],
    ['a reserved name', ['--name', 'codex'], /codex is the name of something else/],
    ['no name', ['--name', 'A B'], /is no name of a provider/],
    ['no wire', ['--wire', 'soap'], /a wire is one of chat, responses/],
    ['no capability', ['--capabilities', 'chat,dance'], /capabilities are chat, embeddings, images, transcription/],
    ['no weight', ['--weight', '0'], /a weight is a whole number from 1 to 1000/],
    ['no models', ['--models', ' , '], /name at least one model, or all/],
    ['a model twice', ['--models', 'a,a=b'], /a is named twice/],
    ['half a model', ['--models', '=b'], /=b is no model/],
    ['no header', ['--header', 'nothing'], /a header is written 'Name: value'/],
    ['a header of ours', ['--header', 'Host: evil.example'], /the header host is not yours to set/],
    ['a long label', ['--label', 'x'.repeat(65)], /at most 64 characters/],
    ['two keys', ['--key-env', 'HOME'], /name one of --key-stdin, --key-env and --key/],
  ])('%s is wrong usage', async (_, options, why) => {
    expectMistake(
      await add('compatible', 'sk-x-0123456789', '--base-url', 'https://x.example/v1', '--models', 'all', ...options),
      2,
      why,
    )
    expect(await list()).toEqual([])
  })

  test('an unknown provider, no key, an empty key, a broken key', async () => {
    expectMistake(await at.run('providers', 'add', 'depseek'), 2, /no known provider; dragoman providers presets/)
    expectMistake(
      await at.run('providers', 'add', 'deepseek'),
      2,
      /--key-stdin or --key-env VARIABLE; get one at https/,
    )
    expectMistake(
      await at
        .run('providers', 'add', 'azure', '--key', 'k'.repeat(20))
        .then((said) => ({ ...said, err: said.err.replace(/^remark.*\n/, '') })),
      2,
      /YOUR-RESOURCE/,
    )
    expectMistake(await add('deepseek', '', '--models', 'all'), 2, /the API key is empty/)
    expectMistake(await add('deepseek', 'sk-one\nsk-two', '--models', 'all'), 2, /holds spaces, line ends/)
  })

  test('a base URL without a path gets a hint', async () => {
    const said = await add(
      'compatible',
      'sk-0123456789abcdef',
      '--base-url',
      'https://llm.example.com',
      '--models',
      'all',
    )
    expect(said.err).toBe('remark: most such APIs begin at https://llm.example.com/v1\n')
    expect((await list())[0]).toMatchObject({ provider: 'llm.example.com', baseUrl: 'https://llm.example.com' })
  })
})

describe('edit', () => {
  test('changes what is said and nothing else', async () => {
    await add('deepseek', vendorKey('compatible'), '--models', 'a', '--label', 'mine')
    const [before] = await list()
    const said = await at.run('providers', 'edit', 'mine', '--models', 'all', '--weight', '3', '--label', '')
    expect(said).toMatchObject({ code: 0 })
    const [after] = await list()
    expect(after).toMatchObject({ id: before!.id, hint: before!.hint, models: 'all', weight: 3 })
    expect(after).not.toHaveProperty('label')
    await at.run('providers', 'disable', 'deepseek')
    expect((await list())[0]!.state).toBe('disabled')
    await at.run('providers', 'enable', 'deepseek')
    expect((await list())[0]!.state).toBe('enabled')
  })

  test('a key does not follow to another address', async () => {
    await add('deepseek', vendorKey('compatible'), '--models', 'all')
    const elsewhere = ['providers', 'edit', 'deepseek', '--base-url', 'https://else.example/v1']
    expectMistake(await at.run(...elsewhere), 2, /a key belongs to where it was given for/)
    expect(await at.run('providers', 'edit', 'deepseek', '--base-url', 'https://api.deepseek.com/beta')).toMatchObject({
      code: 0,
    })
    expect(await at.runWith({ stdin: 'sk-for-elsewhere-1' }, ...elsewhere, '--key-stdin')).toMatchObject({ code: 0 })
    expect((await list())[0]).toMatchObject({ baseUrl: 'https://else.example/v1', hint: 'sk-f…re-1' })
  })

  test('the way out is pinned', async () => {
    await add('deepseek', vendorKey('compatible'), '--models', 'all', '--proxy', 'direct')
    expect((await list())[0]).toMatchObject({ way: 'direct' })
    expect((await at.run('providers', 'edit', 'deepseek', '--proxy', 'nowhere')).code).toBe(1)
  })

  test('a key with a way of its own never goes another, not even for its first question', async () => {
    const lost = ['--proxy', 'no-such-proxy']
    expect((await addHere('compatible', '--name', 'here', ...lost)).code).toBe(1)
    expect(await list()).toEqual([])
    await at.run('proxies', 'add', 'http://127.0.0.1:9', '--allow-private')
    const said = await addHere('compatible', '--name', 'here', '--proxy', '127.0.0.1:9')
    expect(said.err).toMatch(/^remark: .*every name asked for within it is taken\n$/)
    expect(at.simulator.requests).toEqual([])
    expect((await list())[0]).toMatchObject({ models: 'all' })
  })

  test('remove forgets it, and says what remains', async () => {
    await add('deepseek', vendorKey('compatible'), '--models', 'all')
    expect((await at.run('providers', 'remove', 'deepseek')).out).toMatch(/^Removed deepseek .*still valid/)
    expect(await list()).toEqual([])
    expectMistake(await at.run('providers', 'remove', 'deepseek'), 1, /there is no API key deepseek/)
  })

  test('a name that means several keys means none', async () => {
    await add('deepseek', vendorKey('compatible'), '--models', 'all')
    await add('deepseek', vendorKey('compatible'), '--models', 'all')
    expectMistake(await at.run('providers', 'remove', 'deepseek'), 1, /means 2 keys; name one by its id: ak_/)
    const [first] = await list()
    expect(await at.run('providers', 'remove', first!.hint!.slice(-4))).toMatchObject({ code: 0 })
  })
})

describe('test', () => {
  test.each(VENDORS)('%s answers, and is asked for next to nothing', async (vendor) => {
    at.simulator.vendors[vendor].setModels(['the-model'])
    await addHere(vendor, '--name', 'here', '--models', 'alias=the-model')
    const said = await at.run('providers', 'test', 'here')
    expect(said).toMatchObject({ code: 0, err: '' })
    expect(said.out).toMatch(/^good {2}here .*: alias answered in \d+ ms\n$/)
    const asked = at.simulator.requests.at(-1)
    expect(asked).toMatchObject({ vendor, model: 'the-model' })
    expect(oneLineOfJson(await at.run('providers', 'test', 'here', '--json'))).toMatchObject({
      ok: true,
      model: 'alias',
    })
  })

  test('a key that is refused: one line with the way out', async () => {
    at.secrets.add('sk-of-nobody-at-all')
    vendorKey('openai')
    await add('openai', 'sk-of-nobody-at-all', '--base-url', urlOf('openai'), '--allow-private', '--models', 'gpt-4o')
    expectMistake(await at.run('providers', 'test', 'openai'), 1, /gpt-4o: .*; look at the key at the provider/)
  })

  test('a key that rests or is disabled is asked, and an answer wakes it', async () => {
    at.simulator.vendors.compatible.setModels(['m'])
    await addHere('compatible', '--name', 'here', '--models', 'm')
    await at.run('providers', 'disable', 'here')
    const [before] = (await list()) as (Shown & { updatedAt: number })[]
    expect(await at.run('providers', 'test', 'here')).toMatchObject({ code: 0 })
    const [after] = (await list()) as (Shown & { updatedAt: number })[]
    expect(after!.state).toBe('disabled')
    expect(after!.updatedAt).toBeGreaterThanOrEqual(before!.updatedAt)
  })

  test('a key for every name needs a model; one for embeddings alone is not tested', async () => {
    await addHere('compatible', '--name', 'here', '--models', 'all')
    expectMistake(await at.run('providers', 'test', 'here'), 1, /say which model to ask, --model/)
    await addHere('compatible', '--name', 'vectors', '--models', 'e', '--capabilities', 'embeddings')
    expectMistake(await at.run('providers', 'test', 'vectors'), 1, /only conversations are tested/)
  })
})

describe('models', () => {
  test('status names the keys', async () => {
    await addHere('compatible', '--name', 'here', '--models', 'one', '--label', 'mine')
    expect((await at.run('status')).out).toMatch(/\nAPI key mine of here: enabled\n$/)
  })

  test('of all keys are read with --refresh of the whole list, account or not', async () => {
    at.simulator.vendors.compatible.setModels(['one', 'two'])
    await addHere('compatible', '--name', 'here', '--models', 'one')
    expect((await at.run('models', '--refresh')).out).toMatch(/^key:ak_\w+ +just now$/m)
    expect((await at.run('providers', 'models', 'here')).out).toMatch(/^two +chat$/m)
    at.simulator.script({ at: 'vendor-models', fault: { type: 'status', name: 'internal' } })
    const { err, code } = await at.run('models', '--refresh')
    expect([code, err]).toEqual([0, expect.stringMatching(/^the list of here .+ could not be read: .+\n$/)])
  })

  test('are read once, kept with their age, and read anew on demand', async () => {
    at.simulator.vendors.compatible.setModels(['one', 'text-embedding-x'], { bare: true })
    await addHere('compatible', '--name', 'here', '--models', 'all')
    expectMistake(await at.run('providers', 'models', 'here'), 1, /was never read; read it: .* --refresh/)
    expect((await at.run('providers', 'models', 'here', '--refresh')).out).toMatch(/^one +chat$/m)
    const requests = at.simulator.requests.length
    expect((await at.run('providers', 'models', 'here')).out).toMatch(/Read just now\.\n$/)
    expect(at.simulator.requests).toHaveLength(requests)
    expect(oneLineOfJson(await at.run('providers', 'models', 'here', '--json'))).toMatchObject({
      models: [{ id: 'one' }, { id: 'text-embedding-x', capabilities: ['embeddings'] }],
      old: false,
    })
    await at.run('providers', 'edit', 'here', '--models', 'listed')
    expect((await list())[0]!.models).toMatchObject([{ id: 'one' }])
  })
})

describe('export and import', () => {
  const PASS = 'correct horse battery'
  const fill = async (): Promise<string> => {
    const key = vendorKey('compatible')
    await add(
      'deepseek',
      key,
      '--models',
      'a=b',
      '--label',
      'mine',
      '--weight',
      '4',
      '--header',
      'X-Team: blue-team-42',
    )
    return key
  }

  test('sealed, into another data folder', async () => {
    const key = await fill()
    const [before] = await list()
    at.secrets.add(PASS)
    const file = join(at.home, 'keys.json')
    const env = { PASS }
    expect((await at.runWith({ env }, 'providers', 'export', '--passphrase-env', 'PASS', '--output', file)).out).toBe(
      `Wrote 1 key to ${file}.\n`,
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    for (const secret of [key, 'blue-team-42', 'deepseek']) expect(text).not.toContain(secret)
    expectMistake(
      await at.runWith({ env }, 'providers', 'export', '--passphrase-env', 'PASS', '--output', file),
      1,
      /is there already/,
    )

    const elsewhere = { ...env, DRAGOMAN_HOME: join(at.home, 'elsewhere') }
    const take = (stdin: string, ...options: string[]) =>
      at.runWith({ env: elsewhere, stdin }, 'providers', 'import', file, ...options)
    expectMistake(await take(''), 2, /the file is sealed: name its passphrase/)
    expectMistake(await take('wrong passphrase', '--passphrase-stdin'), 1, /the passphrase does not open it/)
    expect(await take(PASS, '--passphrase-stdin')).toMatchObject({ code: 0, out: '1 added, 0 updated.\n' })
    expect(await take('', '--passphrase-env', 'PASS')).toMatchObject({ code: 0, out: '0 added, 1 updated.\n' })
    const there = oneLineOfJson(await at.runWith({ env: elsewhere }, 'providers', 'list', '--json')) as Shown[]
    const { id: _, createdAt: __, updatedAt: ___, ...same } = before as Shown & { createdAt: number; updatedAt: number }
    expect(there).toMatchObject([same])
  })

  test('plain only when it is said, with a warning', async () => {
    const key = await fill()
    expectMistake(await at.run('providers', 'export'), 2, /name a passphrase .* or say --plain/)
    at.secrets.clear()
    const said = await at.run('providers', 'export', '--plain')
    expect(said.err).toMatch(/^remark: the keys stand in it for everybody to read/)
    expect(JSON.parse(said.out)).toMatchObject({
      type: 'dragoman-api-keys',
      version: 1,
      keys: [
        {
          provider: 'deepseek',
          apiKey: key,
          headers: { 'x-team': 'blue-team-42' },
          models: [{ id: 'a', upstream: 'b' }],
        },
      ],
    })
    await at.run('providers', 'remove', 'mine')
    expect(await at.runWith({ stdin: said.out }, 'providers', 'import', '-')).toMatchObject({
      code: 0,
      out: '1 added, 0 updated.\n',
    })
  })

  test("codex-proxy's file, good entries beside bad ones", async () => {
    const file = join(at.home, 'api-keys.json')
    const entry = { provider: 'custom', apiKey: 'sk-custom-0123456789', baseUrl: 'https://llm.example.com/v1' }
    writeFileSync(
      file,
      JSON.stringify({
        keys: [
          { ...entry, id: '1', model: 'a', label: 'A', capabilities: ['chat'], wire: 'chat', status: 'active' },
          { ...entry, id: '2', model: 'b', label: 'B', capabilities: ['embeddings'], wire: 'chat', status: 'disabled' },
          { provider: 'openai', model: 'gpt-5', apiKey: 'sk-openai-0123456789', baseUrl: null, wire: 'responses' },
          { provider: 'custom', model: 'c', apiKey: 'sk-bad-0123456789', baseUrl: 'http://169.254.169.254/' },
          { provider: 'custom', model: 'c', apiKey: 'sk-bad-0123456789' },
          { provider: 'openai', model: 'x', apiKey: 'sk bad key' },
          'nonsense',
        ],
      }),
    )
    const said = await at.run('providers', 'import', file)
    expect(said.code).toBe(1)
    expect(said.out).toBe('2 added, 0 updated.\n')
    expect(said.err).toMatch(/^\/keys\/4: it has no baseUrl$/m)
    expect(said.err).toMatch(/^\/keys\/5: the API key holds spaces/m)
    expect(said.err).toMatch(/^\/keys\/6: /m)
    expect(said.err).toMatch(/^http:\/\/169\.254\.169\.254: .*metadata|link-local/m)
    expect(said.err).not.toContain('sk')
    expect(await list()).toMatchObject([
      {
        provider: 'llm.example.com',
        kind: 'compatible',
        state: 'enabled',
        models: [{ id: 'a' }, { id: 'b' }],
        capabilities: ['chat', 'embeddings'],
      },
      {
        provider: 'openai',
        kind: 'openai',
        wire: 'responses',
        baseUrl: 'https://api.openai.com/v1',
        models: [{ id: 'gpt-5' }],
      },
    ])
  })

  test.each([
    ['no JSON', 'sk-secret-0123456789', /it is no JSON/],
    ['no list', '{"accounts":[]}', /it has no list "keys"/],
    ['of a later version', '{"type":"dragoman-api-keys","version":2,"sealed":{}}', /name its passphrase/],
  ])('%s is refused in one line', async (_, content, why) => {
    const said = await at.runWith({ stdin: content }, 'providers', 'import', '-')
    expect(said.err).toMatch(why)
    expect(said.err).not.toContain('sk-')
    expect(said.code).toBeGreaterThan(0)
  })
})

test('nothing yet: what to do, and what there is', async () => {
  expect((await at.run('providers', 'list')).out).toMatch(/^No API key yet\. Add one: /)
  const presets = oneLineOfJson(await at.run('providers', 'presets', '--json')) as { id: string; baseUrl?: string }[]
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length)
  for (const { baseUrl = 'https://x' } of presets) expect(baseUrl).toMatch(/^https:\/\/|^http:\/\/127\.0\.0\.1:/)
  expect((await at.run('providers', 'presets')).out).toMatch(
    /^deepseek +DeepSeek +https:\/\/api\.deepseek\.com\/v1 +chat +https/m,
  )
})

const PAGES = ['providers.md', 'providers.zh-CN.md']
test.each(PAGES)('docs/%s names commands that exist', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  const commands = [...text.matchAll(/^npx dragoman (\w+) (\w+)(.*)$/gm)]
  expect(commands.length).toBeGreaterThan(10)
  const options = new Map<string, string>()
  for (const [, group = '', name = '', rest = ''] of commands) {
    const key = `${group} ${name}`
    if (!options.has(key)) options.set(key, (await at.run(group, name, '--help')).out)
    for (const [option] of rest.replace(/ #.*$/, '').matchAll(/--[a-z-]+/g))
      expect(options.get(key), key).toContain(option)
  }
})
