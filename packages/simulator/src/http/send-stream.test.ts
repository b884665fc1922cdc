import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { openaiResponses, responseReducer, type PivotEvent } from '@dragoman/protocol'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex } from '../ask.js'
import { play, playContext, type Scene } from '../scene/index.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'

const simulator = await startSimulator({ emptyOutputInCompleted: false, promptCache: false })
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount()
})
afterAll(() => simulator.close())

function decoded(text: string): PivotEvent[] {
  const decoder = openaiResponses.call.streamDecoder()
  return [...decoder.push(Buffer.from(text)), ...decoder.end()]
}
function outputOf(events: readonly PivotEvent[]) {
  const reducer = responseReducer()
  reducer.push(events)
  expect(reducer.ended).toBe(true)
  return JSON.parse(
    JSON.stringify(reducer.response().output).replace(/"(msg|rs|fc|ctc|call)_[0-9a-f]+"/g, '"id"'),
  ) as unknown
}

const words = fc.string({ unit: 'grapheme', maxLength: 60 })
const step = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: words, chunkSize: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ type: fc.constant('refusal' as const), text: words }),
  fc.record({ type: fc.constant('reasoning' as const), summary: fc.array(words, { maxLength: 2 }), text: words }),
  fc.record({
    type: fc.constant('toolCalls' as const),
    interleaved: fc.boolean(),
    calls: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), custom: fc.boolean(), arguments: fc.json() }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
)

describe('a scene over the wire', () => {
  test('tells a client the same as it tells in the process', async () => {
    const ways = fc.record({ crlf: fc.boolean(), noEventLines: fc.boolean(), obfuscation: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), ways, async (scene, delivery) => {
        const rule = simulator.script({ scene, delivery })
        const { text } = await askCodex(simulator, account)
        rule.remove()
        const request = { model: 'gpt-5.5', input: [] }
        const here = Array.from(play(scene as Scene, playContext(request)), ({ event }) => event)
        expect(outputOf(decoded(text))).toEqual(outputOf(here))
      }),
      { numRuns: 60 },
    )
  })

  test('comes whole when it is long', async () => {
    const text = 'Grüße, 世界 🌍 "quoted"\n'.repeat(60_000)
    simulator.script({ scene: [{ type: 'text', text, chunkSize: 700 }] })
    const reply = await askCodex(simulator, account)
    expect(reply.whole).toBe(true)
    expect(outputOf(decoded(reply.text))).toMatchObject([{ content: [{ text }] }])
  })

  test('waits before the headers at the other doors too', async () => {
    const rule = simulator.script({ at: 'usage', times: 1, delivery: { headersAfter: 'gate' } })
    const headers = { authorization: `Bearer ${account.accessToken}`, 'chatgpt-account-id': account.accountId }
    const seen = simulator.nextRequest()
    const asking = ask(`${simulator.backendUrl}/wham/usage`, { headers })
    const record = await seen
    expect(record.status).toBeUndefined()
    simulator.openGate('gate')
    expect([(await asking).status, rule.uses]).toEqual([200, 1])
  })
})

const recorded = new URL('../../../../../shared/fixtures/recorded/openai-responses/', import.meta.url)

describe.skipIf(!existsSync(recorded))('a recording', () => {
  const files = existsSync(recorded) ? readdirSync(recorded).filter((name) => name.endsWith('.chunks.txt')) : []
  test.each(files)('%s is replayed word by word', async (file) => {
    const lines = readFileSync(new URL(file, recorded), 'utf8').split('\n')
    simulator.script({ scene: [{ type: 'replay', lines }] })
    const { text } = await askCodex(simulator, account)
    const sent = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data)
    expect(sent).toEqual(lines.filter((line) => line.trim() !== ''))
    const here = Array.from(
      play([{ type: 'replay', lines }], playContext({ model: 'm', input: [] })),
      ({ event }) => event,
    )
    expect(here.map(({ type }) => type)).toEqual(decoded(text).map(({ type }) => type))
  })
})
