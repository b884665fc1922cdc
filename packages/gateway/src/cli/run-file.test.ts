import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readRunFile, removeRunFile, runningGateway, writeRunFile } from './run-file.js'

let home = ''
let server: Server | undefined
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-run-'))
})
afterEach(() => {
  server?.close()
  server = undefined
  rmSync(home, { recursive: true, force: true })
})

async function answering(body: string): Promise<string> {
  server = createServer((_, res) => res.end(body)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the run file', () => {
  test('is written whole, for its owner alone, and read back', () => {
    const run = { pid: 7, url: 'http://127.0.0.1:1', startedAt: 5 }
    writeRunFile(home, run)
    expect(readRunFile(home)).toEqual(run)
    expect(readdirSync(home)).toEqual(['run.json'])
    expect(statSync(join(home, 'run.json')).mode & 0o777).toBe(0o600)
  })

  test('is taken away by the gateway that wrote it, by no other', () => {
    writeRunFile(home, { pid: 7, url: 'http://127.0.0.1:1', startedAt: 5 })
    removeRunFile(home, 8)
    expect(readRunFile(home)?.pid).toBe(7)
    removeRunFile(home, 7)
    expect(readRunFile(home)).toBe(undefined)
  })

  test.each(['', 'null', '[]', '{"pid":"7","url":"http://x"}', '{"pid":7,"url":"nonsense"}', '{"pid":7'])(
    'that says %j is none',
    (text) => {
      writeFileSync(join(home, 'run.json'), text)
      expect(readRunFile(home)).toBe(undefined)
    },
  )

  test('counts when a gateway answers where it points', async () => {
    writeRunFile(home, { pid: 7, url: await answering('{"status":"ok","version":"1.2.3"}'), startedAt: 5 })
    expect(await runningGateway(home)).toMatchObject({ run: { pid: 7 }, health: { status: 'ok', version: '1.2.3' } })
  })

  test.each(['<html>', 'null', '{"status":"ok"}'])('does not when something else answers: %s', async (body) => {
    writeRunFile(home, { pid: 7, url: await answering(body), startedAt: 5 })
    expect(await runningGateway(home)).toBe(undefined)
  })

  test('nor when a crash left it behind', async () => {
    const url = await answering('')
    server?.close()
    if (server !== undefined) await once(server, 'close')
    writeRunFile(home, { pid: 7, url, startedAt: 5 })
    expect(await runningGateway(home)).toBe(undefined)
  })
})
