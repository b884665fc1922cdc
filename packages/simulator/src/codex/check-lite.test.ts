import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { askCodex } from '../ask.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'
import { idOf, openClient } from '../socket/ask-socket.js'
import { LITE_HEADER, LITE_METADATA } from './check-lite.js'

const simulator = await startSimulator({ requireLite: true })
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount()
})
afterAll(() => simulator.close())

const tool = { type: 'function', name: 'ls', parameters: { type: 'object', properties: {} } }
const more = { type: 'additional_tools', role: 'developer', tools: [tool] }
const user = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }
const lite = {
  model: 'gpt-6-astra',
  input: [more, user],
  reasoning: { effort: 'low', context: 'all_turns' },
  parallel_tool_calls: false,
}
const marked = { headers: { [LITE_HEADER]: 'true' } }
const marker = { client_metadata: { [LITE_METADATA]: 'true' } }

describe('a request for a model of the lite shape', () => {
  test('passes in that shape', async () => {
    expect((await askCodex(simulator, account, lite, marked)).status).toBe(200)
  })

  test.each<[string, Record<string, unknown>, Parameters<typeof askCodex>[3], string | null]>([
    ['the classic shape', { model: 'gpt-6-astra', tools: [tool] }, {}, null],
    ['without the header', lite, {}, null],
    ['with tools at the top', { ...lite, tools: [tool] }, marked, 'tools'],
    ['tools not first', { ...lite, input: [user, more] }, marked, 'input[0]'],
    ['without the context of all turns', { ...lite, reasoning: { effort: 'low' } }, marked, 'reasoning.context'],
    ['with parallel calls', { ...lite, parallel_tool_calls: true }, marked, 'parallel_tool_calls'],
  ])('%s: refused', async (_, changes, options, param) => {
    const reply = await askCodex(simulator, account, changes, options)
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'invalid_lite_request', param } })
  })

  test('over a WebSocket the mark is metadata, and the prewarm is empty', async () => {
    const client = await openClient(simulator, account)
    const warmed = await client.turn({ ...lite, ...marker, input: [], generate: false })
    const told = await client.turn({ ...lite, ...marker, previous_response_id: idOf(warmed) })
    expect(told.at(-1)?.type).toBe('response.completed')
    expect((await client.turn(lite)).at(-1)).toMatchObject({ status: 400, error: { code: 'invalid_lite_request' } })
  })

  test('either shape passes where the lite one is not demanded, a mixture does not', async () => {
    const tolerant = await startSimulator()
    const someone = tolerant.addAccount()
    expect((await askCodex(tolerant, someone, { model: 'gpt-6-astra', tools: [tool] })).status).toBe(200)
    expect((await askCodex(tolerant, someone, lite, marked)).status).toBe(200)
    expect((await askCodex(tolerant, someone, lite)).status).toBe(400)
    await tolerant.close()
  })
})
