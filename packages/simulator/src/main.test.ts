import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, codexBody } from './ask.js'
import { runCommand } from './main.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-simulator-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Ready {
  event: string
  url: string
  backend: string
  issuer: string
}

function start(...argv: string[]) {
  const ready = Promise.withResolvers<Ready>()
  const stopped = Promise.withResolvers<void>()
  let told = ''
  const code = runCommand(argv, {
    out: (text) => (text.startsWith('{') ? ready.resolve(JSON.parse(text) as Ready) : (told += text)),
    err: (text) => (told += text),
    untilStopped: () => stopped.promise,
  })
  return { code, ready: ready.promise, stop: () => stopped.resolve(), told: () => told }
}

describe('the command', () => {
  test('says where it is, writes an auth.json that works, and stops when told', async () => {
    const file = join(folder, 'auth.json')
    const { code, ready, stop } = start('--account', file)
    const { event, url, backend, issuer } = await ready
    expect([event, backend, issuer]).toEqual(['ready', `${url}/backend-api`, url])

    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const { auth_mode, tokens } = JSON.parse(await readFile(file, 'utf8')) as {
      auth_mode: string
      tokens: { access_token: string; account_id: string }
    }
    expect(auth_mode).toBe('chatgpt')
    const headers = {
      authorization: `Bearer ${tokens.access_token}`,
      'chatgpt-account-id': tokens.account_id,
      'content-type': 'application/json',
    }
    const reply = await ask(`${backend}/codex/responses`, { headers, body: JSON.stringify(codexBody()) })
    expect(reply).toMatchObject({ status: 200, whole: true })
    stop()
    expect(await code).toBe(0)
    await expect(ask(`${backend}/codex/models`)).rejects.toThrow('ECONNREFUSED')
  })

  test('refuses what it does not know, and helps', async () => {
    const wrong = start('--colour')
    expect(await wrong.code).toBe(2)
    expect(wrong.told()).toContain('--colour')
    expect(await start('--port', '70000').code).toBe(2)
    const help = start('--help')
    expect(await help.code).toBe(0)
    expect(help.told()).toContain('--account FILE')
  })
})
