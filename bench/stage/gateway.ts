import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { authFile } from '../actors/codex-account.js'
import { end, within } from './processes.js'

/** A running gateway, started as a user starts it. */
export interface Gateway {
  pid: number
  port: number
  /** Milliseconds and CPU-seconds are counted from here: just before the process was made. */
  startedAt: number
  end(): Promise<void>
}

/** A data folder with one account, and gateways started on it one after another. */
export interface GatewayHome {
  readonly clientKey: string
  start(): Promise<Gateway>
  remove(): Promise<void>
}

/** Beyond the defaults only what a benchmark from one key and one account needs: room for its streams. */
const CONFIG = `server:
  max_connections: 10000
  connections_per_key: 10000
codex:
  connections_per_account: 10000
  websocket: WEBSOCKET
  routing_discovery: false
accounts:
  max_concurrent_per_account: 0
demo:
  enabled: false
`

const READY_LIMIT_MS = 20_000

/**
 * @param websocket ask the upstream over WebSocket; the mock speaks HTTP only
 * @throws Error with the gateway's own words when it cannot be prepared
 */
export async function createGatewayHome(root: string, upstreamPort: number, websocket = false): Promise<GatewayHome> {
  const home = mkdtempSync(join(tmpdir(), 'dragoman-bench-'))
  const command = join(root, 'packages/gateway/bin/dragoman.mjs')
  const log = join(home, 'stderr.log')
  const running = new Set<ChildProcess>()
  const upstream = `http://127.0.0.1:${upstreamPort}`
  const env = {
    PATH: process.env['PATH'],
    LANG: process.env['LANG'],
    // Whatever lies in the user's own home must not be found.
    HOME: home,
    DRAGOMAN_HOME: home,
    DRAGOMAN_CODEX_BASE_URL: `${upstream}/backend-api`,
    DRAGOMAN_AUTH_ISSUER: upstream,
  }
  let clientKey = ''

  writeFileSync(join(home, 'config.yaml'), CONFIG.replace('WEBSOCKET', String(websocket)))
  writeFileSync(join(home, 'account.json'), authFile(), { mode: 0o600 })
  try {
    await promisify(execFile)(process.execPath, [command, 'accounts', 'import', join(home, 'account.json')], {
      env,
      timeout: READY_LIMIT_MS,
    })
    const first = await start()
    await first.end()
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw error
  }
  if (clientKey === '') throw new Error('the first start told no client key')

  async function start(): Promise<Gateway> {
    const errors = openSync(log, 'w')
    const startedAt = performance.now()
    const child = spawn(process.execPath, [command, 'serve', '--json', '--port', '0'], {
      env,
      stdio: ['ignore', 'pipe', errors],
    })
    closeSync(errors)
    running.add(child)
    child.once('exit', () => running.delete(child))
    try {
      const ready = await within(READY_LIMIT_MS, 'the start of the gateway', readyLine(child))
      if (ready.clientKey !== undefined) clientKey = ready.clientKey
      return { pid: child.pid ?? 0, port: Number(new URL(ready.url).port), startedAt, end: () => end(child) }
    } catch (error) {
      await end(child)
      throw new Error(
        `${error instanceof Error ? error.message : String(error)}\n${readFileSync(log, 'utf8').slice(-2000)}`,
        { cause: error },
      )
    }
  }

  return {
    get clientKey() {
      return clientKey
    },
    start,
    async remove() {
      await Promise.all([...running].map(end))
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function readyLine(child: ChildProcess): Promise<{ url: string; clientKey?: string }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`the gateway ended (${code ?? signal}) before it was ready`)))
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = parse(line)
      if (said?.['event'] !== 'ready' || typeof said['url'] !== 'string') return
      const key = said['clientKey']
      resolve({ url: said['url'], ...(typeof key === 'string' ? { clientKey: key } : {}) })
    })
  })
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
