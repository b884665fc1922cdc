import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  startSimulator,
  type SimulatedAccount,
  type Simulator,
  type SimulatorOptions,
  type Vendor,
} from '@dragoman/simulator'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { stringify } from 'yaml'
import { configFile, type Config, type ConfigFile } from '../packages/gateway/src/config/index.js'
import { startGateway, type RunningGateway } from '../packages/gateway/src/main.js'
import type { ApiKeyRecord } from '../packages/gateway/src/store/index.js'
import { createLog, createLogTail, Secret } from '../packages/gateway/src/telemetry/index.js'

/** The recordings that lie beside the project where it is developed and checked; absent in a lone clone. */
export const FIXTURES = new URL('../../shared/fixtures/', import.meta.url)
export const hasFixtures = existsSync(FIXTURES)

type Settings = { [Section in keyof Config]?: Partial<Config[Section]> }

export interface HouseOptions {
  /** How many accounts are signed in. Default 1. */
  accounts?: number
  /** Stands in its `config.yaml`. */
  config?: Settings
  /** Variables of the environment. */
  env?: Readonly<Record<string, string>>
  simulator?: SimulatorOptions
  /** Serve the dashboard from here. */
  dashboard?: string
  /** Another upstream than the simulator. */
  baseUrl?: string
}

/** The real gateway over the simulator, on free ports, with a data folder of its own. */
export interface House {
  url: string
  key: string
  gateway: RunningGateway
  simulator: Simulator
  accounts: readonly SimulatedAccount[]
  /** What the gateway logged, a line each. */
  log: string[]
  /** Its data folder. */
  home: string
  /** Its configuration, saved as a page saves it. */
  configFile: ConfigFile
  /** The official SDKs pointed at the gateway; they do not retry. */
  openai: OpenAI
  anthropic: Anthropic
  google: GoogleGenAI
  /** At the listener for Ollama clients, when the configuration switches it on at the start. */
  ollama: Ollama
  /** Its address; empty when it is off. */
  ollamaUrl: string
  fetch(path: string, init?: RequestInit): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  configure(config: Settings): void
  close(): Promise<void>
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const simulator = await startSimulator(options.simulator)
  const home = await mkdtemp(join(tmpdir(), 'dragoman-house-'))
  const log: string[] = []
  const logTail = createLogTail()
  const scrubbed = createLog({ level: () => 'debug', write: logTail.add, pretty: false })
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, sentence: string): void => {
      log.push(`${sentence} ${JSON.stringify(fields)}`)
      scrubbed[level](fields, sentence)
    }
  const baseUrl = options.baseUrl ?? simulator.backendUrl
  const say = (settings: Settings): void => {
    const whole: Settings = {
      ...settings,
      server: { port: 0, host: '127.0.0.1', connections_per_key: 10_000, ...settings.server },
      // What speaks of WebSockets or of workspaces says so; everything else is about what is told, not about the way.
      codex: { base_url: baseUrl, websocket: false, routing_discovery: false, ...settings.codex },
      upstream: { allowed_private_hosts: ['127.0.0.1'], ...settings.upstream },
      auth: { issuer: simulator.issuer, ...settings.auth },
      // What speaks of places at accounts says how many; everything else may open as many streams as it likes.
      accounts: { max_concurrent_per_account: 0, ...settings.accounts },
    }
    writeFileSync(join(home, 'config.yaml'), `# of a test\n${stringify(whole)}`, { mode: 0o600 })
  }
  say(options.config ?? {})
  const env = options.env ?? {}
  const file = configFile({ home, env })
  const gateway = await startGateway({
    home,
    config: () => file.current().config,
    configFile: file,
    env,
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    logTail,
    version: '0.0.0-test',
    ...(options.dashboard === undefined ? {} : { dashboard: options.dashboard }),
  })
  const accounts: SimulatedAccount[] = []
  for (let n = 0; n < (options.accounts ?? 1); n++) {
    const account = simulator.addAccount({ email: `person${n}@example.com`, plan: 'plus' })
    const file = join(home, `auth-${n}.json`)
    await writeFile(file, JSON.stringify(account.authJson), { mode: 0o600 })
    await gateway.accounts.importFile(file)
    accounts.push(account)
  }
  const key = gateway.firstClientKey ?? ''
  const { url } = gateway

  return {
    url,
    key,
    home,
    configFile: file,
    gateway,
    simulator,
    accounts,
    log,
    openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, logLevel: 'off' }),
    anthropic: new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0, logLevel: 'off' }),
    google: new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } }),
    get ollamaUrl() {
      return listening(gateway.ollama)
    },
    get ollama() {
      return new Ollama({ host: listening(gateway.ollama), headers: { authorization: `Bearer ${key}` } })
    },
    fetch: (path, init = {}) =>
      fetch(url + path, {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
      }),
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    configure(settings) {
      say(settings)
      // What is in force changes at once. Listeners follow; who waits for them calls `gateway.configChanged()`.
      void file.reload()
    },
    async close() {
      await gateway.close(0)
      await simulator.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** How each vendor of the simulator is spoken to, when a test does not say. */
const WIRES: Readonly<Record<Vendor, string>> = {
  openai: 'chat',
  anthropic: 'anthropic',
  gemini: 'gemini',
  openrouter: 'chat',
  compatible: 'chat',
}

export interface KeyWish {
  vendor: Vendor
  models: readonly string[]
  /** Default: the vendor's. */
  provider?: string
  wire?: string
  label?: string
  capabilities?: readonly string[]
}

/** Gives the gateway an API key of one of the simulator's vendors. */
export async function addKey(house: House, wish: KeyWish): Promise<ApiKeyRecord> {
  const { vendor, models, provider = vendor, wire = WIRES[vendor], label, capabilities = ['chat'] } = wish
  const { key } = house.simulator.addVendorKey({ vendor })
  const { record } = await house.gateway.store.apiKeys.add({
    provider,
    kind: vendor,
    wire,
    baseUrl: house.simulator.vendors[vendor].baseUrl,
    models: models.map((id) => ({ id })),
    capabilities,
    apiKey: new Secret(key),
    ...(label === undefined ? {} : { label }),
  })
  return record
}

function listening({ url, error }: RunningGateway['ollama']): string {
  if (url === undefined) throw new Error(error ?? 'no Ollama clients are served: set ollama.enabled and port 0')
  return url
}

/** The last request for an answer; the gateway also reads the model list when it likes. */
export function lastAsked(house: House): Simulator['requests'][number] | undefined {
  return house.simulator.requests.findLast(({ path }) => path.endsWith('/codex/responses'))
}

export interface Recording {
  name: string
  /** One event as JSON text each. */
  lines: string[]
}

/** Every recorded response of some folders of recordings; a file may hold several turns of a Responses conversation. */
export function recordings(...folders: readonly string[]): Recording[] {
  if (!hasFixtures) return []
  return folders.flatMap((folder) =>
    readdirSync(new URL(`recorded/${folder}/`, FIXTURES))
      .filter((name) => name.endsWith('.chunks.txt'))
      .flatMap((name) => {
        const turns: string[][] = []
        for (const line of readFileSync(new URL(`recorded/${folder}/${name}`, FIXTURES), 'utf8').split('\n')) {
          if (turns.length === 0 || line.includes('"type":"response.created"')) turns.push([])
          if (line.trim() !== '') turns.at(-1)?.push(line)
        }
        return turns
          .filter((lines) => lines.length > 0)
          .map((lines, turn) => ({ name: `${folder}/${name} #${turn + 1}`, lines }))
      }),
  )
}

/** A recorded request of a real client. */
export async function recordedRequest(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`clients/${name}`, FIXTURES), 'utf8')) as unknown
}
