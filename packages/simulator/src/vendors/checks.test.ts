import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../ask.js'
import { startSimulator } from '../simulator.js'
import type { Vendor } from './vendor.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

/** The status and the message of what a vendor said; nothing but the status when it took the body. */
async function refused(vendor: Vendor, path: string, body: object): Promise<[number, string]> {
  const { key } = simulator.addVendorKey({ vendor })
  const reply = await ask(`${simulator.vendors[vendor].baseUrl}${path}`, {
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(vendor === 'gemini' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  })
  return [reply.status, reply.status === 200 ? '' : reply.text]
}
type Refused = readonly [what: string, changes: object, why: RegExp]

const user = (content: unknown) => ({ role: 'user', content })
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
    const [status, text] = await refused('anthropic', '/messages', { ...good, ...changes })
    expect([status >= 400, JSON.parse(text)]).toEqual([true, expect.objectContaining({ type: 'error' })])
    expect(JSON.parse(text).error.message + text).toMatch(why)
  })

  test('nothing of what it takes', async () => {
    const more = [user('a'), assistant(use), user([result, { type: 'text', text: 'b' }])]
    const tools = [{ name: 'weather', input_schema: schema }]
    expect(await refused('anthropic', '/messages', { ...good, messages: more, tools })).toEqual([200, ''])
    const between = { ...good, model: 'claude-opus-5', messages: [user('a'), { role: 'system', content: 'b' }] }
    expect(await refused('anthropic', '/messages', between)).toEqual([200, ''])
    expect(await refused('anthropic', '/messages/count_tokens', { ...good, max_tokens: undefined })).toEqual([200, ''])
    expect((await refused('anthropic', '/messages/count_tokens', good))[0]).toBe(400)
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

describe('OpenAI refuses in chat', () => {
  const good = { model: 'gpt-4o', messages: [user('Hello')] }
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }
  const tool = { role: 'tool', tool_call_id: 'call_1', content: 'rain' }
  const loose = { type: 'object', properties: { a: { type: 'string' } } }
  const cases: readonly Refused[] = [
    ['max_tokens of a reasoning model', { model: 'gpt-5', max_tokens: 5 }, /Use 'max_completion_tokens' instead/],
    [
      'a temperature of a reasoning model',
      { model: 'o4-mini', temperature: 0.2 },
      /'temperature' does not support 0.2/,
    ],
    ['top_p of a reasoning model', { model: 'gpt-5', top_p: 0.5 }, /'top_p' is not supported with this model/],
    [
      'an effort of another model',
      { reasoning_effort: 'low' },
      /Unrecognized request argument supplied: reasoning_effort/,
    ],
    ['an unknown field', { thinking: {} }, /Unknown parameter: 'thinking'/],
    [
      'an unknown field of a message',
      { messages: [user('a'), { role: 'assistant', content: 'b', reasoning_content: 'c' }] },
      /Unknown parameter: 'messages\[1\].reasoning_content'/,
    ],
    [
      'a flat tool',
      { tools: [{ type: 'function', name: 'a', parameters: loose }] },
      /Missing required parameter: 'tools\[0\].function'/,
    ],
    ['no tools in the list', { tools: [] }, /empty array/],
    [
      'a tool that is not strict',
      { tools: [{ type: 'function', function: { name: 'a', strict: true, parameters: loose } }] },
      /'additionalProperties' is required/,
    ],
    [
      'a choice of no tool',
      {
        tools: [{ type: 'function', function: { name: 'a' } }],
        tool_choice: { type: 'function', function: { name: 'b' } },
      },
      /no function named 'b'/,
    ],
    [
      'a flat choice',
      { tools: [{ type: 'function', function: { name: 'a' } }], tool_choice: { type: 'function', name: 'a' } },
      /tool_choice.function/,
    ],
    [
      'the format of Responses',
      { response_format: { type: 'json_schema', name: 'a', schema: loose } },
      /response_format.json_schema/,
    ],
    [
      'a format that is not strict',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', strict: true, schema: { ...loose, additionalProperties: false } },
        },
      },
      /Missing 'a'/,
    ],
    ['a tool message of no call', { messages: [user('a'), tool] }, /must be a response to a preceeding message/],
    [
      'a call without answer',
      { messages: [user('a'), { role: 'assistant', tool_calls: [call] }, user('b')] },
      /did not have response messages: call_1/,
    ],
    [
      'a long id',
      { messages: [user('a'), { role: 'assistant', tool_calls: [{ ...call, id: 'c'.repeat(41) }] }] },
      /maximum length 40/,
    ],
    ['a part of Responses', { messages: [user([{ type: 'input_text', text: 'a' }])] }, /Invalid value: 'input_text'/],
    [
      'a plain image URL',
      { messages: [user([{ type: 'image_url', image_url: 'https://example.com/a.png' }])] },
      /expected an object/,
    ],
    ['options of no stream', { stream_options: { include_usage: true } }, /only allowed when 'stream' is enabled/],
    ['an unknown role', { messages: [{ role: 'model', content: 'a' }] }, /Invalid value: 'model'/],
    ['nothing to say', { messages: [user(null)] }, /expected a string, got null/],
    ['an unknown model', { model: 'claude-opus-5' }, /model_not_found/],
  ]
  test.each(cases)('%s', async (_, changes, why) => {
    const [status, text] = await refused('openai', '/chat/completions', { ...good, ...changes })
    expect([status >= 400, JSON.parse(text)]).toEqual([true, { error: expect.any(Object) as object }])
    expect((JSON.parse(text) as { error: { message: string } }).error.message + text).toMatch(why)
  })
})

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
    const [status, text] = await refused('openai', '/responses', { ...good, ...changes })
    expect([status >= 400, text]).toEqual([true, expect.stringMatching(why)])
  })

  test('nothing of what it takes', async () => {
    expect(await refused('openai', '/responses', { model: 'gpt-5', input: 'Hello', client_metadata: {} })).toEqual([
      200,
      '',
    ])
    expect(await refused('openai', '/responses', { ...good, input: [{ role: 'system', content: 'a' }] })).toEqual([
      200,
      '',
    ])
  })
})

describe('Gemini refuses', () => {
  const text = (words: string) => ({ role: 'user', parts: [{ text: words }] })
  const called = (part: object) => ({
    role: 'model',
    parts: [{ functionCall: { name: 'weather', args: {} }, ...part }],
  })
  const answered = (name: string) => ({ role: 'user', parts: [{ functionResponse: { name, response: {} } }] })
  const declared = (parameters: object) => ({ tools: [{ functionDeclarations: [{ name: 'weather', parameters }] }] })
  const city = { type: 'OBJECT', properties: { city: { type: 'STRING' } } }
  const good = { contents: [text('Hello')] }
  const cases: readonly Refused[] = [
    ['no contents', { contents: [] }, /contents is not specified/],
    ['an unknown field', { messages: [] }, /Unknown name \\"messages\\": Cannot find field/],
    [
      'an unknown setting',
      { generationConfig: { max_tokens: 5 } },
      /Unknown name \\"max_tokens\\" at 'generation_config'/,
    ],
    ['another role', { contents: [{ role: 'assistant', parts: [{ text: 'a' }] }] }, /valid role: user, model/],
    ['no parts', { contents: [{ role: 'user', parts: [] }] }, /parts must not be empty/],
    [
      'additionalProperties',
      declared({ ...city, additionalProperties: false }),
      /Unknown name \\"additionalProperties\\" at 'tools\[0\].function_declarations\[0\].parameters'/,
    ],
    ['$ref', declared({ type: 'OBJECT', properties: { a: { $ref: '#/a' } } }), /Unknown name \\"\$ref\\"/],
    ['several types', declared({ type: ['OBJECT', 'NULL'] }), /Proto field is not repeating/],
    [
      'an array without items',
      declared({ type: 'OBJECT', properties: { a: { type: 'ARRAY' } } }),
      /items: missing field/,
    ],
    [
      'numbers to choose from',
      declared({ type: 'OBJECT', properties: { a: { type: 'INTEGER', enum: [1] } } }),
      /TYPE_STRING/,
    ],
    ['a demand of no property', declared({ ...city, required: ['country'] }), /property is not defined/],
    [
      'a response that nobody asked for',
      { contents: [text('a'), answered('weather')] },
      /immediately after a function call turn/,
    ],
    ['a response by another name', { contents: [text('a'), called({}), answered('climate')] }, /by name: climate/],
    ['a response without name', { contents: [text('a'), called({}), answered('')] }, /Name cannot be empty/],
    ['a call without response', { contents: [text('a'), called({}), text('b')] }, /number of function response parts/],
    [
      'a foreign signature',
      { contents: [text('a'), called({ thoughtSignature: 'Zm9yZWlnbg==' }), answered('weather')] },
      /Corrupted thought signature/,
    ],
    [
      'a signature that is no base64',
      { contents: [text('a'), called({ thoughtSignature: 'a.b' }), answered('weather')] },
      /Base64 decoding failed/,
    ],
    [
      'a level of an older model',
      { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } },
      /Thinking level is not supported/,
    ],
    ['a schema without its type', { generationConfig: { responseSchema: city } }, /response_mime_type/],
    ['search beside functions', { tools: [{ googleSearch: {} }, ...declared(city).tools] }, /cannot be combined/],
    [
      'JSON beside functions',
      { ...declared(city), generationConfig: { responseMimeType: 'application/json' } },
      /mime type: 'application\/json' is unsupported/,
    ],
    [
      'a function nobody declared',
      { ...declared(city), toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['x'] } } },
      /not declared: x/,
    ],
  ]
  test.each(cases)('%s', async (_, changes, why) => {
    const [status, body] = await refused('gemini', '/models/gemini-2.5-flash:generateContent', { ...good, ...changes })
    expect([status, body]).toEqual([400, expect.stringMatching(why)])
    expect(JSON.parse(body)).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } })
  })

  test('a call of Gemini 3 without signature, in this turn only', async () => {
    const path = '/models/gemini-3-pro-preview:generateContent'
    const contents = [text('a'), called({}), answered('weather')]
    expect(await refused('gemini', path, { contents })).toEqual([
      400,
      expect.stringContaining('missing a thought_signature'),
    ])
    expect(
      await refused('gemini', path, { contents: [...contents, { role: 'model', parts: [{ text: 'b' }] }, text('c')] }),
    ).toEqual([200, ''])
    const filled = [text('a'), called({ thoughtSignature: 'skip_thought_signature_validator' }), answered('weather')]
    expect(await refused('gemini', path, { contents: filled })).toEqual([200, ''])
    expect(await refused('gemini', '/models/gemini-2.5-flash:generateContent', { contents })).toEqual([200, ''])
  })

  test('no name for being written in snake_case', async () => {
    const body = {
      contents: [text('a')],
      system_instruction: { parts: [{ text: 'b' }] },
      generation_config: { max_output_tokens: 5 },
    }
    expect(await refused('gemini', '/models/gemini-2.5-flash:generateContent', body)).toEqual([200, ''])
  })
})

describe('makers of compatible APIs refuse', () => {
  const call = (id: string) => ({ id, type: 'function', function: { name: 'weather', arguments: '{}' } })
  const turn = (id: string, more: object = {}) => [
    user('a'),
    { role: 'assistant', content: '', tool_calls: [call(id)], ...more },
    { role: 'tool', tool_call_id: id, content: 'rain' },
  ]
  const cases: readonly (readonly [model: string, body: object, status: number, why: RegExp])[] = [
    [
      'deepseek-reasoner',
      { messages: turn('call_1') },
      400,
      /Missing `reasoning_content` field in the assistant message at message index 1/,
    ],
    ['deepseek-reasoner', { messages: turn('call_1', { reasoning_content: '' }) }, 200, /^$/],
    ['deepseek-chat', { messages: turn('call_1') }, 200, /^$/],
    [
      'mistral-small-latest',
      { messages: [user('a')], max_completion_tokens: 5 },
      422,
      /"loc":\["body","max_completion_tokens"\]/,
    ],
    [
      'mistral-small-latest',
      { messages: [user('a'), { role: 'assistant', content: 'b', reasoning_content: 'c' }, user('d')] },
      422,
      /"loc":\["body","messages",1,"assistant","reasoning_content"\]/,
    ],
    [
      'mistral-small-latest',
      { messages: turn('call_1') },
      400,
      /must be a-z, A-Z, 0-9, with a length of 9.*"type":"invalid_function_call".*"code":"3280"/,
    ],
    ['mistral-small-latest', { messages: turn('abcdEF123') }, 200, /^$/],
    [
      'openai/gpt-oss-120b',
      { messages: [user('a'), { role: 'assistant', content: 'b', reasoning_content: 'c' }] },
      400,
      /property 'reasoning_content' is unsupported/,
    ],
    ['openai/gpt-oss-120b', { messages: [user('a')], reasoning_format: 'loud' }, 400, /reasoning_format/],
    [
      'openai/gpt-oss-120b',
      { messages: [user('a')], reasoning_format: 'parsed', include_reasoning: true },
      400,
      /cannot specify both/,
    ],
    ['grok-4', { messages: [user('a')], stop: ['b'] }, 400, /Argument not supported on this model: stop/],
    ['grok-4', { messages: [user('a')], reasoning_effort: 'low' }, 400, /reasoning_effort/],
    ['grok-3-mini', { messages: [user('a')], reasoning_effort: 'low' }, 200, /^$/],
    ['anything-else', { messages: [user('a')], whatever: true }, 200, /^$/],
  ]
  test.each(cases)('%s %#', async (model, body, status, why) => {
    expect(await refused('compatible', '/chat/completions', { model, ...body })).toEqual([
      status,
      expect.stringMatching(why),
    ])
  })
})
