import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyTally, TIME_STEPS, type UsageEntry } from '../../packages/gateway/src/store/index.js'
import { Secret } from '../../packages/gateway/src/telemetry/index.js'
import { addKey, type HouseOptions } from '../house.js'
import { openBrowserHouse, type BrowserHouse } from './browser.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The limits of a plan, in tokens of the simulator. */
const limits = (primary: number, secondary: number) => ({
  primary: { windowMinutes: 300, capacityTokens: primary },
  secondary: { windowMinutes: 10_080, capacityTokens: secondary },
})

const PLANS = [
  ['research', 'pro', limits(60_000, 900_000)],
  ['desk', 'plus', limits(4_000, 60_000)],
  ['laptop', 'plus', limits(2_500, 20_000)],
  ['ci', 'team', limits(1_500, 9_000)],
  ['travel', 'plus', limits(40, 400)],
  ['old', 'free', limits(20_000, 90_000)],
] as const

/** A gateway in the middle of its work: accounts in several states, keys, proxies, aliases, a month of usage, requests and failures. */
export async function openBusyHouse(options: HouseOptions = {}): Promise<BrowserHouse> {
  const house = await openBrowserHouse({
    accounts: 0,
    ...options,
    config: {
      demo: { enabled: true },
      accounts: { max_concurrent_per_account: 4 },
      model: { aliases: { 'house-model': 'gpt-5.5', quick: 'gpt-5.5-low' } },
      ...options.config,
    },
  })
  const { gateway, simulator } = house
  const ids: string[] = []
  for (const [name, plan, of] of PLANS) {
    const account = simulator.addAccount({ email: `${name}@example.com`, plan, limits: of })
    const file = join(gateway.store.home, `${name}.json`)
    await writeFile(file, JSON.stringify(account.authJson), { mode: 0o600 })
    const {
      account: { id },
    } = await gateway.accounts.importFile(file)
    await rm(file)
    await gateway.accounts.change(id, { label: name === 'research' ? 'Research' : null, groups: [plan] })
    ids.push(id)
  }
  await addKey(house, { vendor: 'anthropic', models: ['claude-sonnet-4-6', 'claude-opus-4-7'], label: 'Claude' })
  await addKey(house, { vendor: 'openrouter', models: ['deepseek/deepseek-v4'], label: 'OpenRouter' })
  await gateway.store.clientKeys.create({
    name: 'editor',
    limits: { budgetUsd: { day: 5, month: 60 }, requestsPerMinute: 60 },
  })
  await gateway.store.clientKeys.create({ name: 'build server', limits: { tokens: { day: 200_000 } } })
  await gateway.store.proxies.add([
    { name: 'Frankfurt', protocol: 'http', host: '127.0.0.1', port: 3128 },
    {
      name: 'Singapore',
      protocol: 'socks5',
      host: '127.0.0.1',
      port: 1080,
      username: 'user',
      password: new Secret('x'),
    },
  ])
  await gateway.store.usage.add(history(ids))
  await traffic(house)
  return house
}

/** A month of usage, the same at every run: busy days, quiet nights. */
function history(accounts: readonly string[]): UsageEntry[] {
  let seed = 7
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const now = Date.now()
  const models = [
    ['codex', 'gpt-5.5'],
    ['codex', 'gpt-5.4-mini'],
    ['anthropic', 'claude-sonnet-4-6'],
  ] as const
  const entries: UsageEntry[] = []
  for (let at = now - 30 * DAY; at < now - HOUR; at += HOUR) {
    const hour = new Date(at).getUTCHours()
    const weekend = [0, 6].includes(new Date(at).getUTCDay())
    const busy = Math.max(0, Math.sin(((hour - 6) / 24) * Math.PI * 2)) * (weekend ? 0.3 : 1)
    for (const [index, [provider, model]] of models.entries()) {
      const requests = Math.round(busy * (14 - index * 4) * (0.5 + random()))
      if (requests === 0) continue
      const tally = emptyTally()
      tally.requests = requests
      tally.failed = random() < 0.1 ? 1 : 0
      tally.inputTokens = requests * Math.round(9_000 + random() * 6_000)
      tally.cachedTokens = Math.round(tally.inputTokens * (0.75 + random() * 0.2))
      tally.outputTokens = requests * Math.round(400 + random() * 500)
      tally.reasoningTokens = Math.round(tally.outputTokens * 0.4)
      tally.costMicroUsd = Math.round(tally.inputTokens * 0.4 + tally.outputTokens * 9)
      const step = Math.floor(TIME_STEPS / 2 + random() * 3)
      tally.ttftSteps[step] = requests
      tally.durationSteps[Math.min(TIME_STEPS - 1, step + 3)] = requests
      tally.ttftMs = requests * 900
      tally.durationMs = requests * 6_000
      entries.push({
        at,
        provider,
        model,
        candidate: accounts[(hour + index) % accounts.length] ?? '',
        clientKey: '',
        tier: '',
        client: ['codex', 'claude-code', 'sdk-python'][index] ?? '',
        tally,
      })
    }
  }
  return entries
}

/** Some requests of several clients, with answers and failures of all kinds. */
async function traffic(house: BrowserHouse): Promise<void> {
  const ask = (path: string, body: object, userAgent: string): Promise<unknown> =>
    house.post(path, body, { 'user-agent': userAgent }).then((answer) => answer.text())
  const messages = [{ role: 'user', content: 'Which files changed since the last release?' }]
  for (let n = 0; n < 4; n++) {
    const about = [{ role: 'user', content: `Question ${n}: which files changed since the last release?` }]
    await ask('/v1/responses', { model: 'gpt-5.5', input: about, stream: true }, 'codex_exec/0.169.0 (Debian 12)')
    await ask(
      '/v1/messages',
      { model: 'claude-opus-4-7', max_tokens: 64, messages: about },
      'claude-cli/2.1.329 (external)',
    )
    await ask('/v1/chat/completions', { model: 'quick', messages: about, seed: 7 }, 'OpenAI/Python 2.1.0')
  }
  await ask(
    '/v1beta/models/gpt-5.5:generateContent',
    { contents: [{ parts: [{ text: 'hello' }] }] },
    'GeminiCLI/0.61.0',
  )
  await ask('/v1/chat/completions', { model: 'gpt-5,5', messages }, 'curl/8.5.0')
  house.simulator.script({ times: 3, fault: { type: 'status', name: 'overloaded' } })
  await ask('/v1/chat/completions', { model: 'gpt-5.5', messages }, 'curl/8.5.0')
}
