import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, freePort, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

describe('status', () => {
  test('of a new folder says what to do', async () => {
    const { out } = await at.run('status')
    expect(out).toBe(
      `The gateway does not run. Start it: dragoman serve\nData folder: ${at.home}\nConfiguration: ${at.home}/config.yaml\n` +
        'Client keys: none; make one: dragoman keys create\nAccounts: none; sign in: dragoman login\n',
    )
    expect(oneLineOfJson(await at.run('status', '--json'))).toEqual({
      running: false,
      url: null,
      pid: null,
      startedAt: null,
      health: null,
      home: at.home,
      accounts: [],
      clientKeys: 0,
      apiKeys: [],
    })
  })

  test('of a running gateway says where it is and who can serve', async () => {
    const gateway = at.start(['serve', '--port', '0', '--json'])
    await gateway.says(/"event":"ready"/)
    const { url } = JSON.parse(gateway.out) as { url: string }
    await at.run('accounts', 'import', at.account('ann@example.com').file)
    await at.run('accounts', 'import', at.account('bob@example.com').file)
    await at.run('accounts', 'disable', 'bob@example.com')
    const { out } = await at.run('status')
    expect(out).toContain(`The gateway runs at ${url} (ok, version 0.0.0-test, pid ${process.pid}).\n`)
    expect(out).toMatch(/Client keys: 1\nAccount ann@example\.com: active\nAccount bob@example\.com: disabled – .+\n$/)
    expect(oneLineOfJson(await at.run('status', '--json'))).toMatchObject({
      running: true,
      url,
      pid: process.pid,
      health: { status: 'ok' },
      accounts: [{ status: 'active' }, { status: 'disabled' }],
    })
    gateway.signal()
    expect((await gateway.done).code).toBe(0)
    expect((await at.run('status')).out).toMatch(/^The gateway does not run/)
  })

  test('a file that a crash left behind is no gateway, whatever listens there now', async () => {
    const other = createServer((_, response) => response.end('{"hello":"world"}'))
    const port = await freePort()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    try {
      const left = [
        { pid: 1, url: `http://127.0.0.1:${port}` },
        { pid: 1, url: 'http://127.0.0.1:1' },
        { pid: 1, url: 'x' },
        null,
        7,
      ]
      for (const content of [...left.map((run) => JSON.stringify(run)), '', '{']) {
        writeFileSync(join(at.home, 'run.json'), content)
        expect((await at.run('status')).out).toMatch(/^The gateway does not run/)
      }
    } finally {
      other.close()
    }
  })
})

describe('models', () => {
  test('lists what can be asked for, with aliases and the demo', async () => {
    await at.run('config', 'set', 'model.aliases', 'smart=gpt-5.5-high')
    const { out } = await at.run('models')
    expect(out).toMatch(/^MODEL +CONTEXT +EFFORTS +FROM\n/)
    expect(out).toMatch(/^smart +272000 .+ alias of gpt-5\.5-high$/m)
    expect(out).toMatch(/^demo +built in, needs no account$/m)
    expect(oneLineOfJson(await at.run('models', '--json'))).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({ slug: 'gpt-5.5' })]),
      aliases: { smart: 'gpt-5.5-high' },
      default: 'gpt-5.5',
    })
    expect(at.simulator.requests).toEqual([])
  })

  test('--refresh asks the backend', async () => {
    expectMistake(await at.run('models', '--refresh'), 1, /no account can ask for the list; sign in: dragoman login/)
    await at.run('accounts', 'import', at.account('ann@example.com').file)
    const [first] = at.simulator.models
    at.simulator.setModels([{ ...first!, slug: 'gpt-brand-new', display_name: 'New' }])
    expect((await at.run('models', '--refresh')).out).toMatch(/^gpt-brand-new .+ backend$/m)
    // What was learned stays, without asking again.
    const { out } = await at.run('models')
    expect(out).toMatch(/^gpt-brand-new .+ backend$/m)
    expect(out).toMatch(/^LIST +MODELS +READ\ncodex:\w+ +1 +just now$/m)
    expect(oneLineOfJson(await at.run('models', '--json'))).toMatchObject({
      names: expect.arrayContaining(['gpt-brand-new', 'demo']),
      sources: [{ source: expect.stringMatching(/^codex:/), models: 1, fetchedAt: expect.any(Number) }],
    })
    at.simulator.script({ at: 'models', fault: { type: 'status', name: 'internal' } })
    expectMistake(await at.run('models', '--refresh'), 1, /model list answered 500; without --refresh/)
  })
})
