import { emptyTally, type UsageEntry } from '../../packages/gateway/src/store/index.js'
import type { House } from '../house.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** So many days of work of people who work by day, of some models, programs and accounts: the same every time. */
export async function seedUsage(house: House, days: number, now = Date.now()): Promise<void> {
  const accounts = house.gateway.accounts.list().map(({ id }) => id)
  const keys = (await house.gateway.store.clientKeys.list()).map(({ id }) => id)
  const kinds = [
    { provider: 'codex', model: 'gpt-5.5', client: 'codex', dear: 1 },
    { provider: 'codex', model: 'gpt-5.4-mini', client: 'claude-code', dear: 0.2 },
    { provider: 'codex', model: 'gpt-5.6-sol', client: 'opencode', dear: 1.4 },
    { provider: 'openai', model: 'gpt-4.1', client: 'python', dear: 0.6 },
  ]
  const entries: UsageEntry[] = []
  const step = days > 3 ? HOUR : HOUR / 4
  for (let at = now - days * DAY; at < now - HOUR; at += step) {
    const hour = new Date(at).getUTCHours()
    const weekend = [0, 6].includes(new Date(at).getUTCDay())
    // Most at eleven and at four, little at night, less on Saturdays.
    const busy = (Math.exp(-((hour - 11) ** 2) / 8) + 0.8 * Math.exp(-((hour - 16) ** 2) / 6)) * (weekend ? 0.25 : 1)
    for (const [n, { provider, model, client, dear }] of kinds.entries()) {
      const requests = Math.round((busy * 40 * (1 + Math.sin(at / DAY + n))) / (n + 1))
      if (requests < 1) continue
      const tally = emptyTally()
      tally.requests = requests
      tally.failed = requests > 12 ? 1 : 0
      tally.inputTokens = requests * 12_000
      tally.cachedTokens = requests * (6_000 + 1_000 * n)
      tally.outputTokens = requests * 900
      tally.reasoningTokens = requests * 300
      tally.costMicroUsd = Math.round(requests * 31_000 * dear)
      tally.ttftMs = requests * 700
      tally.ttftSteps[5] = requests
      tally.ttftSteps[7] = Math.round(requests / 9)
      tally.durationMs = requests * 9_000
      tally.durationSteps[9] = requests
      entries.push({
        at,
        provider,
        model,
        client,
        candidate: provider === 'codex' ? (accounts[(n + hour) % Math.max(1, accounts.length)] ?? '') : 'ak_paid',
        clientKey: keys[n % Math.max(1, keys.length)] ?? '',
        tier: '',
        tally,
      })
    }
  }
  await house.gateway.store.usage.add(entries)
}
