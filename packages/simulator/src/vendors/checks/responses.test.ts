import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../simulator.js'
import { refusal, user, type Refused } from './refused.test-kit.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

describe('OpenAI refuses in Responses', () => {
  const good = { model: 'gpt-5', input: [user('Hello')] }
  const cases: readonly Refused[] = [
    [
      'input_text of the assistant',
      { input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'a' }] }] },
      /Invalid value: 'input_text'/,
    ],
    [
      'output_text of the user',
      { input: [user([{ type: 'output_text', text: 'a' }])] },
      /Invalid value: 'output_text'/,
    ],
    [
      'foreign encrypted content',
      { input: [{ type: 'reasoning', summary: [], encrypted_content: 'gAAAAx' }] },
      /invalid_encrypted_content/,
    ],
    [
      'a thought that was not stored',
      { store: false, input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] },
      /Items are not persisted/,
    ],
    ['a reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }, /Item with id 'msg_1' not found/],
    ['an earlier response', { previous_response_id: 'resp_1' }, /previous_response_not_found/],
    [
      'a chat tool',
      { tools: [{ type: 'function', function: { name: 'a' } }] },
      /Missing required parameter: 'tools\[0\].name'/,
    ],
    ['a temperature of a reasoning model', { temperature: 0.5 }, /'temperature' is not supported with this model/],
    ['a small limit', { max_output_tokens: 5 }, /Expected a value >= 16/],
    ['an unknown field', { messages: [] }, /Unknown parameter: 'messages'/],
    [
      'an output of no call',
      { input: [{ type: 'function_call_output', call_id: 'a', output: 'b' }] },
      /No tool call found/,
    ],
  ]
  test.each(cases)('%s', async (_, changes, why) => {
    const [status, text] = await refusal(simulator, 'openai', '/responses', { ...good, ...changes })
    expect([status >= 400, text]).toEqual([true, expect.stringMatching(why)])
  })

  test('nothing of what it takes', async () => {
    expect(
      await refusal(simulator, 'openai', '/responses', { model: 'gpt-5', input: 'Hello', client_metadata: {} }),
    ).toEqual([200, ''])
    expect(
      await refusal(simulator, 'openai', '/responses', { ...good, input: [{ role: 'system', content: 'a' }] }),
    ).toEqual([200, ''])
  })
})
