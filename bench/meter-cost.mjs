import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** What a request pays for being counted, and what a write costs: `node bench/meter-cost.mjs`. Prints; asserts nothing. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = join(root, 'node_modules/.cache/bench/meter.mjs')
await build({
  stdin: {
    contents: `export * from './packages/gateway/src/usage/index.ts'; export { openStore } from './packages/gateway/src/store/index.ts'`,
    resolveDir: root,
  },
  outfile: out,
  bundle: true,
  packages: 'external',
  alias: { '@dragoman/protocol': join(root, 'packages/protocol/src/index.ts') },
  platform: 'node',
  format: 'esm',
  target: 'node24',
})
const { createMeter, openStore, priceList } = await import(pathToFileURL(out).href)
const { mkdtemp, rm } = await import('node:fs/promises')
const { tmpdir } = await import('node:os')

const home = await mkdtemp(join(tmpdir(), 'dragoman-meter-'))
const store = await openStore({ home })
const prices = priceList()
const meter = createMeter({ rows: store.usage, prices: () => prices, log: { info() {}, warn() {} }, writeMs: 1e6 })
const usage = { inputTokens: 12_000, cachedTokens: 10_000, outputTokens: 300, reasoningTokens: 100 }
const records = Array.from({ length: 20 }, (_, n) => ({
  ...{ id: 'r', at: 0, dialect: 'openai-chat', path: '/', model: 'gpt-5.5', stream: true, attempts: [], notes: [] },
  ...{ provider: 'codex', upstreamModel: 'gpt-5.5', candidateId: `acc_${n % 5}`, keyId: `key_${n % 4}` },
  ...{ usage, ttftMs: 400 + n * 50, durationMs: 3_000 },
}))
for (let round = 1; round <= 5; round++) {
  const began = performance.now()
  for (let n = 0; n < 100_000; n++) meter.add(records[n % records.length])
  const added = performance.now()
  await meter.flush()
  const each = ((added - began) / 100).toFixed(2)
  console.log(`round ${round}: ${each} µs a record, ${(performance.now() - added).toFixed(1)} ms to write 20 buckets`)
}
await meter.close()
await store.close()
await rm(home, { recursive: true })
