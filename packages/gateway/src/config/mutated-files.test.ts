import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigError, configSchema, editConfig, loadConfig } from './index.js'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dragoman-mutated-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A file as people write it, with everything that YAML has and a configuration may use. */
const GOOD = Buffer.from(`# Dragoman, the living-room machine 🏠
server:
  host: 127.0.0.1 # only me
  port: 9090
  allowed_hosts: [gateway.lan, "gateway.example"]
  cors_origins:
    - https://app.example
    - 'https://other.example'
  drain_seconds: 2.5

codex: { enabled: true, base_url: "https://chatgpt.com/backend-api" }
model:
  default: &usual gpt-5.5
  aliases:
    smart: gpt-5.5-high
    "quick one": gpt-5.4-mini
    same: *usual
  effort: >-
    high
log:
  level: debug
`)

type Mutation =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'cut'; at: number }
  | { kind: 'remove'; at: number; length: number }
  | { kind: 'repeat'; at: number; length: number }
  | { kind: 'insert'; at: number; bytes: Buffer }

const at = fc.nat(GOOD.length)
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at }),
  fc.record({ kind: fc.constant('remove' as const), at, length: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at, length: fc.integer({ min: 1, max: 80 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at,
    bytes: fc.oneof(
      fc
        .constantFrom(
          ': ',
          '\n',
          '- ',
          '? ',
          '&a ',
          '*a ',
          '!!binary ',
          '<<: ',
          '%YAML 1.1\n---\n',
          '...',
          '|+',
          '\0',
          '\uFEFF',
          '\t',
          '__proto__: 1\n',
          '{{{',
          '"',
        )
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    ),
  }),
)

function mutated(file: Buffer, change: Mutation): Buffer {
  const before = file.subarray(0, change.at)
  switch (change.kind) {
    case 'flip': {
      const copy = Buffer.from(file)
      copy[change.at] = (copy[change.at] ?? 0) ^ (1 << change.bit)
      return copy.subarray(0, file.length)
    }
    case 'cut':
      return before
    case 'remove':
      return Buffer.concat([before, file.subarray(change.at + change.length)])
    case 'repeat':
      return Buffer.concat([before, file.subarray(change.at, change.at + change.length), file.subarray(change.at)])
    case 'insert':
      return Buffer.concat([before, change.bytes, file.subarray(change.at)])
  }
}

test('the file is good before anybody touches it', () => {
  writeFileSync(join(home, 'config.yaml'), GOOD)
  expect(loadConfig({ home, env: {} }).config.model.aliases).toEqual({
    smart: 'gpt-5.5-high',
    'quick one': 'gpt-5.4-mini',
    same: 'gpt-5.5',
  })
})

test(
  '2,000 damaged files: each is read, or told with its place; none is made worse by an edit',
  { timeout: 60_000 },
  async () => {
    const warnings: string[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', onWarning)
    let good = 0
    let bad = 0
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (changes) => {
        const path = join(home, 'config.yaml')
        const bytes = changes.reduce(mutated, GOOD)
        writeFileSync(path, bytes)
        try {
          const { config } = loadConfig({ home, env: {} })
          // What is accepted is whole and within its bounds.
          expect(configSchema.parse(config)).toEqual(config)
          good++
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          bad++
          for (const { where, message } of error.problems) {
            expect(where).toContain(path)
            expect(message).not.toBe('')
          }
          expect(() => editConfig(home, 'log.keep_days', '3')).toThrow(ConfigError)
          expect(readFileSync(path)).toEqual(bytes)
        }
      }),
      { numRuns: 2_000 },
    )
    // Node tells them a tick later. Whoever starts the gateway should not have to read them.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    // Both ways were walked, or this tests nothing.
    expect(Math.min(good, bad)).toBeGreaterThan(100)
  },
)
