import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError, type Failure } from '../../../failure.js'
import { encodeError } from '../errors.js'
import { decodeRequest } from './decode-request.js'

const META = { headers: {} }
const OK = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }

function answerTo(body: unknown): { status: number; body: unknown } {
  try {
    decodeRequest(body, META)
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    const { status, body: told } = encodeError(error.failure)
    return { status, body: told }
  }
  return { status: 200, body: undefined }
}

const user = (content: unknown) => ({ ...OK, messages: [{ role: 'user', content }] })
const assistant = (...content: unknown[]) => ({
  ...OK,
  messages: [
    { role: 'user', content: 'x' },
    { role: 'assistant', content },
  ],
})
const tools = (...list: unknown[]) => ({ ...OK, tools: list })
const ls = { name: 'ls', input_schema: { type: 'object' } }
const AT = 'messages.0.content'

describe('a broken request is refused with the place of its mistake', () => {
  test.each<[string, unknown, string]>([
    ['no object', [], 'the body must be a JSON object'],
    ['nothing', null, 'the body must be a JSON object'],
    ['no max_tokens', { model: 'm', messages: OK.messages }, 'max_tokens: Field required'],
    ['no tokens at all', { ...OK, max_tokens: 0 }, 'max_tokens: expected a whole number of at least 1'],
    ['half a token', { ...OK, max_tokens: 1.5 }, 'max_tokens: expected a whole number of at least 1'],
    ['a limit in words', { ...OK, max_tokens: '10' }, 'max_tokens: expected a whole number of at least 1'],
    ['a model that is no text', { ...OK, model: 4 }, 'model: expected a string'],
    ['no messages', { model: 'm', max_tokens: 1 }, 'messages: Field required'],
    ['messages that are no list', { ...OK, messages: {} }, 'messages: expected an array'],
    ['an empty list of messages', { ...OK, messages: [] }, 'messages: at least one message is required'],
    ['a message that is a text', { ...OK, messages: ['hi'] }, 'messages.0: expected an object'],
    [
      'a message without a role',
      { ...OK, messages: [{ content: 'x' }] },
      "messages.0.role: expected 'user', 'assistant' or 'system'",
    ],
    [
      'a message of a tool',
      { ...OK, messages: [{ role: 'tool', content: 'x' }] },
      "messages.0.role: expected 'user', 'assistant' or 'system'",
    ],
    ['a message without content', { ...OK, messages: [{ role: 'user' }] }, `${AT}: Field required`],
    ['content that is a number', user(7), `${AT}: expected a string or an array of blocks`],
    ['content that is an object', user({ type: 'text', text: 'x' }), `${AT}: expected a string or an array of blocks`],
    ['a block that is a text', user(['x']), `${AT}.0: expected an object`],
    ['a block without a type', user([{ text: 'x' }]), `${AT}.0.type: expected the type of a content block`],
    ['a text block without text', user([{ type: 'text' }]), `${AT}.0.text: expected a string`],
    [
      'the second block',
      user([
        { type: 'text', text: 'x' },
        { type: 'text', text: 1 },
      ]),
      `${AT}.1.text: expected a string`,
    ],
    ['a picture without a source', user([{ type: 'image' }]), `${AT}.0.source: expected an object`],
    [
      'a picture from nowhere',
      user([{ type: 'image', source: { type: 's3' } }]),
      `${AT}.0.source.type: expected 'base64', 'url' or 'file'`,
    ],
    [
      'a picture without data',
      user([{ type: 'image', source: { type: 'base64', media_type: 'image/png' } }]),
      `${AT}.0.source.data: expected a string that is not empty`,
    ],
    [
      'a picture of no type',
      user([{ type: 'image', source: { type: 'base64', data: 'aGk=' } }]),
      `${AT}.0.source.media_type: expected a string that is not empty`,
    ],
    [
      'a picture without an address',
      user([{ type: 'image', source: { type: 'url' } }]),
      `${AT}.0.source.url: expected a string that is not empty`,
    ],
    [
      'a document from nowhere',
      user([{ type: 'document', source: { type: 'x' } }]),
      `${AT}.0.source.type: expected 'base64', 'text', 'url', 'file' or 'content'`,
    ],
    [
      'a document without text',
      user([{ type: 'document', source: { type: 'text' } }]),
      `${AT}.0.source.data: expected a string`,
    ],
    [
      'a document of documents',
      user([{ type: 'document', source: { type: 'content', content: [{ type: 'document' }] } }]),
      `${AT}.0.source.content.0.type: expected 'text' or 'image'`,
    ],
    [
      'a search result without content',
      user([{ type: 'search_result', title: 't', source: 's' }]),
      `${AT}.0.content: expected an array`,
    ],
    [
      'a search result without a source',
      user([{ type: 'search_result', title: 't', content: [] }]),
      `${AT}.0.source: expected a string`,
    ],
    [
      'a tool result without its use',
      user([{ type: 'tool_result', content: 'x' }]),
      `${AT}.0.tool_use_id: expected a string that is not empty`,
    ],
    [
      'a tool result that is a number',
      user([{ type: 'tool_result', tool_use_id: 't', content: 5 }]),
      `${AT}.0.content: expected a string or an array of blocks`,
    ],
    [
      'a broken block in a tool result',
      user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text' }] }]),
      `${AT}.0.content.0.text: expected a string`,
    ],
    [
      'an error that is a word',
      user([{ type: 'tool_result', tool_use_id: 't', is_error: 'yes' }]),
      `${AT}.0.is_error: expected true or false`,
    ],
    [
      'a tool use of the user',
      user([{ type: 'tool_use', id: 't', name: 'ls', input: {} }]),
      `${AT}.0.type: only the assistant has blocks of this type`,
    ],
    [
      'a tool result of the assistant',
      assistant({ type: 'tool_result', tool_use_id: 't' }),
      'messages.1.content.0.type: tool results belong into a message of the user',
    ],
    [
      'a tool use without an id',
      assistant({ type: 'tool_use', name: 'ls', input: {} }),
      'messages.1.content.0.id: expected a string that is not empty',
    ],
    [
      'a tool use without a name',
      assistant({ type: 'tool_use', id: 't', input: {} }),
      'messages.1.content.0.name: expected a string that is not empty',
    ],
    [
      'an input that is a text',
      assistant({ type: 'tool_use', id: 't', name: 'ls', input: '{}' }),
      'messages.1.content.0.input: expected an object',
    ],
    [
      'a thought that is a number',
      assistant({ type: 'thinking', thinking: 1 }),
      'messages.1.content.0.thinking: expected a string',
    ],
    [
      'a withheld thought without data',
      assistant({ type: 'redacted_thinking' }),
      'messages.1.content.0.data: expected a string',
    ],
    ['a system prompt that is a number', { ...OK, system: 5 }, 'system: expected a string or an array of text blocks'],
    ['a picture as system prompt', { ...OK, system: [{ type: 'image' }] }, "system.0.type: expected 'text'"],
    ['a system block without text', { ...OK, system: [{ type: 'text' }] }, 'system.0.text: expected a string'],
    ['tools that are no list', { ...OK, tools: {} }, 'tools: expected an array'],
    ['a tool that is a name', tools('ls'), 'tools.0: expected an object'],
    ['a tool without a name', tools({ input_schema: {} }), 'tools.0.name: expected a string that is not empty'],
    ['a tool without a schema', tools({ name: 'ls' }), 'tools.0.input_schema: Field required'],
    [
      'a tool whose schema is a text',
      tools(ls, { name: 'cat', input_schema: '{}' }),
      'tools.1.input_schema: expected an object',
    ],
    [
      'domains that are no list',
      tools({ type: 'web_search_20250305', name: 'web_search', allowed_domains: 'a.com' }),
      'tools.0.allowed_domains: expected an array',
    ],
    ['a choice that is a word', { ...tools(ls), tool_choice: 'auto' }, 'tool_choice: expected an object'],
    [
      'a choice of an unknown kind',
      { ...tools(ls), tool_choice: { type: 'maybe' } },
      "tool_choice.type: expected 'auto', 'any', 'tool' or 'none'",
    ],
    [
      'a choice of a tool that is not there',
      { ...tools(ls), tool_choice: { type: 'tool', name: 'cat' } },
      'tool_choice.name: expected the name of one of the tools',
    ],
    ['a choice without tools', { ...OK, tool_choice: { type: 'any' } }, 'tool_choice: expected tools to choose from'],
    ['thinking that is true', { ...OK, thinking: true }, 'thinking: expected an object'],
    ['thinking without a budget', { ...OK, thinking: { type: 'enabled' } }, 'thinking.budget_tokens: Field required'],
    [
      'a budget in words',
      { ...OK, thinking: { type: 'enabled', budget_tokens: 'much' } },
      'thinking.budget_tokens: expected a number',
    ],
    [
      'an effort that is a number',
      { ...OK, output_config: { effort: 3 } },
      'output_config.effort: expected a string that is not empty',
    ],
    [
      'an unknown format',
      { ...OK, output_config: { format: { type: 'xml' } } },
      "output_config.format.type: expected 'json_schema'",
    ],
    [
      'a format without a schema',
      { ...OK, output_format: { type: 'json_schema' } },
      'output_format.schema: Field required',
    ],
    ['a temperature in words', { ...OK, temperature: 'hot' }, 'temperature: expected a number'],
    ['stop sequences that are a text', { ...OK, stop_sequences: 'END' }, 'stop_sequences: expected an array'],
    [
      'an empty stop sequence',
      { ...OK, stop_sequences: ['a', ''] },
      'stop_sequences.1: expected a string that is not empty',
    ],
    ['a stream that is a word', { ...OK, stream: 'yes' }, 'stream: expected true or false'],
    ['a user that is a number', { ...OK, metadata: { user_id: 5 } }, 'metadata.user_id: expected a string'],
  ])('%s', (_, body, message) => {
    expect(answerTo(body)).toEqual({
      status: 400,
      body: { type: 'error', error: { type: 'invalid_request_error', message }, request_id: null },
    })
  })

  test('and a whole one is not', () => {
    expect(answerTo(OK).status).toBe(200)
  })
})

describe('a failure in the shape of this API', () => {
  const failure = (fields: Partial<Failure>): Failure => ({
    kind: 'internal',
    scope: 'gateway',
    phase: 'unsent',
    retry: 'never',
    message: 'sorry',
    ...fields,
  })

  test.each<[Partial<Failure>, number, string, string]>([
    [{ kind: 'unauthenticated' }, 401, 'authentication_error', 'sorry'],
    [{ kind: 'credential_revoked' }, 401, 'authentication_error', 'sorry'],
    [{ kind: 'payment_required' }, 402, 'billing_error', 'sorry'],
    [{ kind: 'forbidden' }, 403, 'permission_error', 'sorry'],
    [{ kind: 'model_unavailable' }, 404, 'not_found_error', 'sorry'],
    [{ kind: 'payload_too_large' }, 413, 'request_too_large', 'sorry'],
    [{ kind: 'context_too_long' }, 400, 'invalid_request_error', 'prompt is too long: sorry'],
    [
      { kind: 'context_too_long', message: 'Prompt is too long: 9' },
      400,
      'invalid_request_error',
      'Prompt is too long: 9',
    ],
    [{ kind: 'refused' }, 400, 'invalid_request_error', 'sorry'],
    [{ kind: 'rate_limited' }, 429, 'rate_limit_error', 'sorry'],
    [{ kind: 'quota_exhausted', retryAt: 0 }, 429, 'rate_limit_error', 'sorry (again at 1970-01-01T00:00:00.000Z)'],
    [{ kind: 'internal' }, 500, 'api_error', 'sorry'],
    [{ kind: 'unreachable' }, 502, 'api_error', 'sorry'],
    [{ kind: 'timeout' }, 504, 'timeout_error', 'sorry'],
    [{ kind: 'overloaded' }, 529, 'overloaded_error', 'sorry'],
    [
      { kind: 'invalid_request', pointer: '/a~1b/0', message: 'no (at /a~1b/0)' },
      400,
      'invalid_request_error',
      'a/b.0: no',
    ],
  ])('%j', (fields, status, type, message) => {
    expect(encodeError(failure(fields))).toMatchObject({
      status,
      body: { type: 'error', error: { type, message }, request_id: null },
    })
  })

  test('nobody asks again at once for a quota that opens in hours', () => {
    expect(encodeError(failure({ kind: 'quota_exhausted' })).headers).toEqual({ 'x-should-retry': 'false' })
    expect(encodeError(failure({ kind: 'rate_limited' })).headers).toEqual({})
  })
})

test('no body makes it stumble: it is read or refused', () => {
  const value = fc.jsonValue({ maxDepth: 4 })
  const block = fc.oneof(
    value,
    fc.record(
      {
        type: fc.constantFrom(
          'text',
          'image',
          'document',
          'tool_use',
          'tool_result',
          'thinking',
          'server_tool_use',
          'compaction',
          'web_search_tool_result',
          'tool_addition',
          'x',
        ),
        text: value,
        source: value,
        content: value,
        tool: value,
        id: value,
        name: fc.oneof(value, fc.constant('web_search')),
        input: value,
        tool_use_id: value,
        thinking: value,
        signature: value,
        citations: value,
      },
      { requiredKeys: ['type'] },
    ),
  )
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant', 'system'),
    content: fc.oneof(value, fc.array(block)),
  })
  const body = fc.record(
    {
      max_tokens: fc.constant(5),
      messages: fc.oneof(value, fc.array(message, { minLength: 1 })),
      system: value,
      tools: fc.oneof(value, fc.array(fc.oneof(value, fc.record({ name: fc.string(), input_schema: fc.object() })))),
      tool_choice: value,
      thinking: value,
      output_config: value,
      metadata: value,
      context_management: value,
      unknown: value,
      ['__proto__']: value,
    },
    { requiredKeys: ['max_tokens', 'messages'] },
  )
  fc.assert(
    fc.property(fc.oneof(value, body), (told) => {
      expect([200, 400]).toContain(answerTo(told).status)
    }),
    { numRuns: 500 },
  )
})

test('unknown fields reach no prototype and come back', () => {
  const body = JSON.parse(
    '{"max_tokens":1,"messages":[{"role":"user","content":"x"}],"__proto__":{"polluted":1},"new_field":{"a":1}}',
  ) as unknown
  const { value } = decodeRequest(body, META)
  expect(({} as Record<string, unknown>)['polluted']).toBe(undefined)
  expect((value as unknown as Record<string, unknown>)['polluted']).toBe(undefined)
  expect(value.extra?.['anthropic-messages']).toMatchObject({ new_field: { a: 1 } })
})
