import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../../ask.js'
import { startSimulator } from '../../simulator.js'
import { refusal, user, type Refused } from './refused.test-kit.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const assistant = (...content: object[]) => ({ role: 'assistant', content })
const use = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'rain' }
const schema = { type: 'object', properties: {} }

describe('Anthropic refuses', () => {
  const good = { model: 'claude-haiku-4-5', max_tokens: 2000, messages: [user('Hello')] }
  const thinking = { type: 'enabled', budget_tokens: 1024 }
  const cases: readonly Refused[] = [
    ['no max_tokens', { max_tokens: undefined }, /max_tokens: Field required/],
    ['an unknown field', { store: false }, /store: Extra inputs are not permitted/],
    [
      'an unknown field of a block',
      { messages: [user([{ type: 'text', text: 'a', extra: {} }])] },
      /content.0.text.extra: Extra/,
    ],
    ['a small budget', { thinking: { type: 'enabled', budget_tokens: 1000 } }, /greater than or equal to 1024/],
    [
      'a budget above the limit',
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      /must be greater than `thinking.budget_tokens`/,
    ],
    ['a budget on the newest models', { model: 'claude-opus-5', thinking }, /thinking.type.enabled/],
    ['a temperature while thinking', { thinking, temperature: 0.5 }, /may only be set to 1 when thinking/],
    ['top_k while thinking', { thinking, top_k: 5 }, /`top_k` must be unset/],
    ['temperature beside top_p', { temperature: 0.5, top_p: 0.5 }, /cannot both be specified/],
    ['a temperature above one', { temperature: 1.5 }, /range: 0..1/],
    [
      'a forced tool while thinking',
      { thinking, tools: [{ name: 'weather', input_schema: schema }], tool_choice: { type: 'any' } },
      /forces tool use/,
    ],
    ['a choice without tools', { tool_choice: { type: 'auto' } }, /while providing tools/],
    ['a tool in the chat shape', { tools: [{ type: 'function', function: { name: 'a' } }] }, /tools.0: Field required/],
    ['a tool without schema', { tools: [{ name: 'a' }] }, /input_schema: Field required/],
    [
      'a name twice',
      {
        tools: [
          { name: 'a', input_schema: schema },
          { name: 'a', input_schema: schema },
        ],
      },
      /must be unique/,
    ],
    [
      'a schema of choices',
      { tools: [{ name: 'a', input_schema: { type: 'object', anyOf: [] } }] },
      /does not support oneOf/,
    ],
    ['no messages', { messages: [] }, /at least one message/],
    ['an assistant that begins', { messages: [assistant({ type: 'text', text: 'a' })] }, /first message must use the/],
    ['two of a role in a row', { messages: [user('a'), user('b')] }, /roles must alternate/],
    ['a system message', { messages: [user('a'), { role: 'system', content: 'b' }] }, /Unexpected role/],
    ['empty content', { messages: [user('')] }, /non-empty content/],
    ['an empty text', { messages: [user([{ type: 'text', text: '' }])] }, /must be non-empty/],
    ['a blank text', { messages: [user([{ type: 'text', text: ' \n' }])] }, /non-whitespace/],
    ['a chat image', { messages: [user([{ type: 'image_url', image_url: { url: 'x' } }])] }, /Input tag 'image_url'/],
    [
      'a call without result',
      { messages: [user('a'), assistant(use), user('b')] },
      /without `tool_result` blocks immediately after: toolu_1/,
    ],
    [
      'a result after text',
      { messages: [user('a'), assistant(use), user([{ type: 'text', text: 'b' }, result])] },
      /immediately after: toolu_1/,
    ],
    ['a result of no call', { messages: [user([result])] }, /unexpected `tool_use_id`/],
    ['a call that ends', { messages: [user('a'), assistant(use)] }, /immediately after: toolu_1/],
    [
      'an id with other letters',
      { messages: [user('a'), assistant({ ...use, id: 'a.b' }), user([result])] },
      /should match pattern/,
    ],
    [
      'arguments as text',
      { messages: [user('a'), assistant({ ...use, input: '{}' }), user([result])] },
      /valid dictionary/,
    ],
    [
      'a foreign signature',
      { messages: [user('a'), assistant({ type: 'thinking', thinking: 'b', signature: 'c' }), user('d')] },
      /Invalid `signature` in `thinking` block/,
    ],
    [
      'a thought without signature',
      { messages: [user('a'), assistant({ type: 'thinking', thinking: 'b' }), user('d')] },
      /signature: Field required/,
    ],
    [
      'a foreign redacted thought',
      { messages: [user('a'), assistant({ type: 'redacted_thinking', data: 'c' }), user('d')] },
      /Invalid `data`/,
    ],
    [
      'a turn that began without a thought',
      {
        thinking,
        messages: [user('a'), assistant(use), user([result])],
        tools: [{ name: 'weather', input_schema: schema }],
      },
      /Expected `thinking`/,
    ],
    [
      'a prefill on newer models',
      { model: 'claude-opus-5', messages: [user('a'), { role: 'assistant', content: 'b' }] },
      /does not support assistant message prefill/,
    ],
    [
      'a prefill that ends blank',
      { messages: [user('a'), { role: 'assistant', content: 'b ' }] },
      /trailing whitespace/,
    ],
    [
      'five cache marks',
      { system: Array.from({ length: 5 }, () => ({ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } })) },
      /maximum of 4 blocks/,
    ],
    ['a model of others', { model: 'gpt-5' }, /not_found_error/],
  ]
  test.each(cases)('%s', async (_, changes, why) => {
    const [status, text] = await refusal(simulator, 'anthropic', '/messages', { ...good, ...changes })
    expect([status >= 400, JSON.parse(text)]).toEqual([true, expect.objectContaining({ type: 'error' })])
    expect(JSON.parse(text).error.message + text).toMatch(why)
  })

  test('nothing of what it takes', async () => {
    const more = [user('a'), assistant(use), user([result, { type: 'text', text: 'b' }])]
    const tools = [{ name: 'weather', input_schema: schema }]
    expect(await refusal(simulator, 'anthropic', '/messages', { ...good, messages: more, tools })).toEqual([200, ''])
    const between = { ...good, model: 'claude-opus-5', messages: [user('a'), { role: 'system', content: 'b' }] }
    expect(await refusal(simulator, 'anthropic', '/messages', between)).toEqual([200, ''])
    expect(await refusal(simulator, 'anthropic', '/messages/count_tokens', { ...good, max_tokens: undefined })).toEqual(
      [200, ''],
    )
    expect((await refusal(simulator, 'anthropic', '/messages/count_tokens', good))[0]).toBe(400)
  })

  test('a thought whose text was changed, not one whose text was withheld', async () => {
    const { key } = simulator.addVendorKey({ vendor: 'anthropic' })
    const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': key }
    const url = `${simulator.vendors.anthropic.baseUrl}/messages`
    const body = JSON.stringify({ ...good, thinking })
    const told = JSON.parse((await ask(url, { headers, body })).text) as {
      content: { type: string; thinking: string }[]
    }
    const [thought, answer] = told.content
    expect(thought?.type).toBe('thinking')
    const again = async (text: string) => {
      const messages = [user('Hello'), assistant({ ...thought, thinking: text }, answer ?? {}), user('And?')]
      return (await ask(url, { headers, body: JSON.stringify({ ...good, thinking, messages }) })).status
    }
    expect([await again(thought?.thinking ?? ''), await again(''), await again('Something else')]).toEqual([
      200, 200, 400,
    ])
  })
})
