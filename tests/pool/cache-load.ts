import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '@dragoman/simulator'
import { configSchema, type SelectionStrategy } from '../../packages/gateway/src/config/index.js'
import { startGateway, type RunningGateway } from '../../packages/gateway/src/main.js'

export interface CacheLoad {
  accounts: number
  conversations: number
  turns: number
  /** Requests under way at one time. */
  concurrency: number
  /** How often the gateway is stopped and started again on its data folder, in between. */
  restarts: number
  strategy: SelectionStrategy
}

export interface CacheResult {
  requests: number
  failed: number
  inputTokens: number
  cachedTokens: number
  /** Cached tokens of all input tokens. */
  hitRate: number
  /** Conversations that were ever served by more than one account. */
  moved: number
  /** How many conversations began at each account. */
  spread: number[]
}

/**
 * Conversations that grow turn by turn, as agents have them: long instructions, tools, their own answers and tool results. A fourth of
 * them names itself by a session header, a fourth by `prompt_cache_key`, a fourth by the user id as Claude Code does, and a fourth not
 * at all.
 */
export async function runCacheLoad(load: CacheLoad): Promise<CacheResult> {
  const simulator = await startSimulator()
  const home = await mkdtemp(join(tmpdir(), 'dragoman-cache-'))
  const config = configSchema.parse({
    server: { port: 0, host: '127.0.0.1' },
    codex: { base_url: simulator.backendUrl, websocket: false, routing_discovery: false },
    upstream: { allowed_private_hosts: ['127.0.0.1'] },
    auth: { issuer: simulator.issuer },
    accounts: { strategy: load.strategy },
    requests: { keep: 0 },
  })
  const quiet = () => undefined
  const start = (): Promise<RunningGateway> =>
    startGateway({
      home,
      config: () => config,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      version: '0.0.0-test',
    })
  let gateway = await start()
  const key = gateway.firstClientKey ?? ''
  const ids: string[] = []
  for (let n = 0; n < load.accounts; n += 1) {
    const account = simulator.addAccount({ email: `person${n}@example.com` })
    const file = join(home, `auth-${n}.json`)
    await writeFile(file, JSON.stringify(account.authJson), { mode: 0o600 })
    await gateway.accounts.importFile(file)
    ids.push(account.accountId)
  }
  let failed = 0
  const talks = Array.from({ length: load.conversations }, (_, n) => new Talk(n))
  try {
    const perRun = Math.ceil(load.turns / (load.restarts + 1))
    for (let done = 0; done < load.turns; done += perRun) {
      if (done > 0) {
        await gateway.close(5_000)
        gateway = await start()
      }
      const turns = Math.min(perRun, load.turns - done)
      const waiting = [...talks]
      const worker = async (): Promise<void> => {
        for (let talk = waiting.shift(); talk !== undefined; talk = waiting.shift()) {
          for (let turn = 0; turn < turns; turn += 1) if (!(await talk.turn(gateway.url, key))) failed += 1
        }
      }
      await Promise.all(Array.from({ length: load.concurrency }, worker))
    }
    const { requests, inputTokens, cachedTokens } = simulator.cache
    const places = new Map<string, Set<string>>()
    const first = new Map<string, string>()
    for (const { path, body, accountId } of simulator.requests) {
      if (!path.endsWith('/codex/responses') || accountId === undefined) continue
      const name = nameIn(body)
      first.set(name, first.get(name) ?? accountId)
      places.set(name, (places.get(name) ?? new Set()).add(accountId))
    }
    return {
      requests,
      failed,
      inputTokens,
      cachedTokens,
      hitRate: cachedTokens / inputTokens,
      moved: [...places.values()].filter(({ size }) => size > 1).length,
      spread: ids.map((id) => [...first.values()].filter((one) => one === id).length),
    }
  } finally {
    await gateway.close(0)
    await simulator.close()
    await rm(home, { recursive: true, force: true })
  }
}

const INSTRUCTIONS = 'You work on a program together with its author, and say what you do before you do it. '.repeat(60)
const TOOLS = Array.from({ length: 6 }, (_, n) => ({
  type: 'function',
  name: `tool_${n}`,
  description: 'Reads or changes a part of the program, and tells what it found. '.repeat(8),
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  strict: false,
}))

/** What a request's first words of the user are. */
function nameIn(body: unknown): string {
  const { input } = body as { input: { role?: string; content?: { text?: string }[] | string }[] }
  const said = input.find(({ role }) => role === 'user')?.content
  const text = typeof said === 'string' ? said : (said?.[0]?.text ?? '')
  return text.slice(0, text.indexOf(':'))
}

class Talk {
  readonly #input: unknown[] = []
  readonly #headers: Record<string, string> = {}
  readonly #more: Record<string, unknown> = {}

  constructor(private readonly number: number) {
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    if (number % 4 === 0) this.#headers['session-id'] = id
    else if (number % 4 === 1) this.#more['prompt_cache_key'] = id
    else if (number % 4 === 2) this.#more['user'] = JSON.stringify({ device_id: 'd', session_id: id })
  }

  async turn(url: string, key: string): Promise<boolean> {
    const asked = `Talk ${this.number}: and now step ${this.#input.length}, ${'with what was found before. '.repeat(12)}`
    this.#input.push({ type: 'message', role: 'user', content: [{ type: 'input_text', text: asked }] })
    const response = await fetch(`${url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...this.#headers },
      body: JSON.stringify({
        model: 'gpt-5.5',
        instructions: INSTRUCTIONS,
        tools: TOOLS,
        input: this.#input,
        store: false,
        include: ['reasoning.encrypted_content'],
        reasoning: { effort: 'medium' },
        ...this.#more,
      }),
    })
    const answer = (await response.json()) as { output?: Record<string, unknown>[] }
    if (!response.ok || answer.output === undefined) return false
    this.#input.push(...answer.output)
    for (const { type, call_id } of answer.output) {
      if (type === 'function_call') this.#input.push({ type: 'function_call_output', call_id, output: 'done' })
    }
    return true
  }
}
