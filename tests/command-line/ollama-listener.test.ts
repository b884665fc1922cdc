import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Ollama } from 'ollama'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { build, dragoman, endAll } from './process.js'
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
const set = async (setting: string, value: string): Promise<void> => {
  expect((await run('config', 'set', setting, value).ended).code).toBe(0)
}
const served = /"url":"(http:\/\/127\.0\.0\.1:\d+)".*"msg":"Ollama clients are served"/

describe('the listener for Ollama clients, from the command line', () => {
  test('is switched on and off by `config set` while the gateway runs', async () => {
    const program = run('serve', '--json', '--port', '0')
    const { url } = await program.ready()
    const health = async (): Promise<unknown> =>
      ((await (await fetch(`${url}/health`)).json()) as { ollama: unknown }).ollama
    expect(await health()).toEqual({ enabled: false, listening: false })

    await set('ollama.port', '0')
    await set('ollama.enabled', 'true')
    const [, host = ''] = await program.says(served)
    expect(await health()).toEqual({ enabled: true, listening: true, url: host })
    const client = new Ollama({ host })
    const { message } = await client.chat({ model: 'demo:latest', messages: [{ role: 'user', content: 'hi' }] })
    expect(message.content).not.toBe('')

    await set('ollama.enabled', 'false')
    await program.says(/Ollama clients are no longer served here/)
    await expect(client.version()).rejects.toThrow('fetch failed')
    program.child.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, signal: null })
  })

  test('a port that another program has keeps nobody from being served at the main one', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const program = run(
      ...['serve', '--json', '--port', '0', '--config', 'ollama.enabled=true', '--config', `ollama.port=${port}`],
    )
    const { url } = await program.ready()
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      status: 'ok',
      ollama: { enabled: true, listening: false, error: expect.stringContaining(`port ${port}`) as string },
    })
    expect(program.err).toContain('Ollama clients are not served')
    other.close()
  })
})
