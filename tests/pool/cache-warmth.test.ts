import { describe, expect, test } from 'vitest'
import { SELECTION_STRATEGIES } from '../../packages/gateway/src/config/index.js'
import { runCacheLoad } from './cache-load.js'

const LOAD = { conversations: 20, turns: 30, concurrency: 8, restarts: 2 }

/** A conversation stays where it is whatever places it first; all strategies are tried with `DRAGOMAN_FULL=1`. */
const SHOWN = process.env['DRAGOMAN_FULL'] === '1' ? SELECTION_STRATEGIES : SELECTION_STRATEGIES.slice(0, 2)

describe('prompt caches stay warm over five accounts and two restarts', async () => {
  const alone = await runCacheLoad({ ...LOAD, accounts: 1, strategy: 'least_used' })
  test('of one account, to compare with', () => {
    console.log(`1 account: ${percent(alone.hitRate)} of ${alone.inputTokens} input tokens`)
    expect(alone).toMatchObject({ requests: 600, failed: 0 })
    expect(alone.hitRate).toBeGreaterThan(0.5)
  })

  test.each(SHOWN)('%s', { timeout: 120_000 }, async (strategy) => {
    const pool = await runCacheLoad({ ...LOAD, accounts: 5, strategy })
    const share = pool.hitRate / alone.hitRate
    console.log(
      `${strategy}: ${percent(pool.hitRate)}, ${percent(share)} of one account's; conversations per account ${pool.spread.join(' ')}, moved ${pool.moved}`,
    )
    expect(pool).toMatchObject({ requests: 600, failed: 0, moved: 0 })
    expect(share).toBeGreaterThanOrEqual(0.95)
    // One account after the other is what these two are for.
    if (strategy === 'sticky' || strategy === 'earliest_reset') return
    expect(pool.spread.filter((count) => count > 0).length).toBeGreaterThan(2)
  })
})

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
