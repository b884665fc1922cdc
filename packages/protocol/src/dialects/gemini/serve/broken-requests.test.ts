import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError, type Failure, type FailureKind } from '../../../failure.js'
import { encodeError } from '../errors.js'
import { decodeCountTokens } from './decode-count-tokens.js'
import { decodeRequest } from './decode-request.js'

const META = { headers: {}, path: { model: 'm', stream: true, alt: 'sse' } }
const OK = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }

function answerTo(body: unknown, decode: (body: unknown) => unknown = (one) => decodeRequest(one, META)): unknown {
  try {
    decode(body)
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    return encodeError(error.failure)
  }
  return { status: 200 }
}

/** Google's error for a mistake at a place. */
function invalid(place: string, expected: string) {
  return {
    status: 400,
    headers: {},
    body: {
      error: {
        code: 400,
        message: `${place}: ${expected}`,
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: place, description: expected }],
          },
        ],
      },
    },
  }
}

const part = (...parts: unknown[]) => ({ contents: [{ role: 'user', parts }] })
const said = (...parts: unknown[]) => ({ contents: [...OK.contents, { role: 'model', parts }] })
const tool = (...tools: unknown[]) => ({ ...OK, tools })
const config = (generationConfig: unknown) => ({ ...OK, generationConfig })
const calling = (functionCallingConfig: unknown) => ({ ...OK, toolConfig: { functionCallingConfig } })
const PART = 'contents[0].parts[0]'

describe('a broken request is refused with the place of its mistake', () => {
  test.each<[string, unknown, string, string]>([
    ['no contents', {}, 'contents', 'expected at least one content'],
    ['null for contents', { contents: null }, 'contents', 'expected at least one content'],
    ['an empty list', { contents: [] }, 'contents', 'expected at least one content'],
    ['contents without parts', { contents: [{ role: 'user' }] }, 'contents', 'expected a content with something in it'],
    ['an empty text', part({ text: '' }), 'contents', 'expected a content with something in it'],
    ['a content that is a number', { contents: [7] }, 'contents[0]', 'expected an object'],
    ['contents that are a number', { contents: 7 }, 'contents', 'expected an object'],
    [
      'a role of others',
      { contents: [{ role: 'system', parts: [] }] },
      'contents[0].role',
      "expected 'user' or 'model'",
    ],
    ['a part that is a number', part(7), PART, 'expected an object'],
    ['a text that is a number', part({ text: 7 }), `${PART}.text`, 'expected a string'],
    ['a thought that is a number', said({ text: 7, thought: true }), 'contents[1].parts[0].text', 'expected a string'],
    [
      'two things in one part',
      part({ text: 'x', inlineData: { mimeType: 'image/png', data: '' } }),
      PART,
      'expected one of text, inlineData, not several',
    ],
    [
      'a signature that is a number',
      said({ text: 'x', thoughtSignature: 7 }),
      'contents[1].parts[0].thought_signature',
      'expected a string',
    ],
    ['media that is a text', part({ inlineData: 'x' }), `${PART}.inline_data`, 'expected an object'],
    [
      'media without a type',
      part({ inlineData: { data: 'x' } }),
      `${PART}.inline_data.mime_type`,
      'expected a string that is not empty',
    ],
    [
      'media without data',
      part({ inline_data: { mime_type: 'image/png' } }),
      `${PART}.inline_data.data`,
      'expected a string',
    ],
    ['a file that is a text', part({ fileData: 'x' }), `${PART}.file_data`, 'expected an object'],
    [
      'a file without a place',
      part({ fileData: { mimeType: 'image/png' } }),
      `${PART}.file_data.file_uri`,
      'expected a string that is not empty',
    ],
    ['a call that is a text', said({ functionCall: 'f' }), 'contents[1].parts[0].function_call', 'expected an object'],
    [
      'a call without a name',
      said({ functionCall: { args: {} } }),
      'contents[1].parts[0].function_call.name',
      'expected a string that is not empty',
    ],
    [
      'arguments that are a text',
      said({ functionCall: { name: 'f', args: '{}' } }),
      'contents[1].parts[0].function_call.args',
      'expected an object',
    ],
    ['a result that is a text', part({ functionResponse: 'x' }), `${PART}.function_response`, 'expected an object'],
    [
      'a result of nothing',
      part({ functionResponse: { response: {} } }),
      `${PART}.function_response.name`,
      'expected a string that is not empty',
    ],
    [
      'a response that is a text',
      part({ functionResponse: { name: 'f', response: 'x' } }),
      `${PART}.function_response.response`,
      'expected an object',
    ],
    [
      'a picture of a result without data',
      part({ functionResponse: { name: 'f', response: {}, parts: [{ inlineData: { mimeType: 'image/png' } }] } }),
      `${PART}.function_response.parts[0].inline_data.data`,
      'expected a string',
    ],
    ['instructions that are a number', { ...OK, systemInstruction: 7 }, 'system_instruction', 'expected an object'],
    [
      'an instruction that is a number',
      { ...OK, system_instruction: { parts: [{ text: 7 }] } },
      'system_instruction.parts[0].text',
      'expected a string',
    ],
    ['a tool that is a text', tool('x'), 'tools[0]', 'expected an object'],
    [
      'declarations that are an object',
      tool({ functionDeclarations: {} }),
      'tools[0].function_declarations',
      'expected an array',
    ],
    [
      'a declaration that is a text',
      tool({ functionDeclarations: ['f'] }),
      'tools[0].function_declarations[0]',
      'expected an object',
    ],
    [
      'a declaration without a name',
      tool({ googleSearch: {} }, { functionDeclarations: [{ description: 'x' }] }),
      'tools[1].function_declarations[0].name',
      'expected a string that is not empty',
    ],
    [
      'a description that is a number',
      tool({ functionDeclarations: [{ name: 'f', description: 7 }] }),
      'tools[0].function_declarations[0].description',
      'expected a string',
    ],
    [
      'parameters that are a text',
      tool({ functionDeclarations: [{ name: 'f', parameters: 'x' }] }),
      'tools[0].function_declarations[0].parameters',
      'expected an object',
    ],
    [
      'a JSON Schema that is a list',
      tool({ functionDeclarations: [{ name: 'f', parametersJsonSchema: [] }] }),
      'tools[0].function_declarations[0].parameters_json_schema',
      'expected an object',
    ],
    ['a tool config that is a text', { ...OK, toolConfig: 'x' }, 'tool_config', 'expected an object'],
    ['a calling config that is a text', calling('ANY'), 'tool_config.function_calling_config', 'expected an object'],
    [
      'a mode of others',
      calling({ mode: 'MUST' }),
      'tool_config.function_calling_config.mode',
      "expected 'AUTO', 'ANY', 'NONE' or 'VALIDATED'",
    ],
    [
      'names that are one text',
      calling({ mode: 'ANY', allowedFunctionNames: 'f' }),
      'tool_config.function_calling_config.allowed_function_names',
      'expected an array',
    ],
    [
      'a name that is a number',
      calling({ mode: 'ANY', allowedFunctionNames: [7] }),
      'tool_config.function_calling_config.allowed_function_names[0]',
      'expected a string that is not empty',
    ],
    ['a config that is a list', config([]), 'generation_config', 'expected an object'],
    [
      'no tokens',
      config({ maxOutputTokens: 0 }),
      'generation_config.max_output_tokens',
      'expected a whole number of at least 1',
    ],
    [
      'half a token',
      config({ max_output_tokens: 1.5 }),
      'generation_config.max_output_tokens',
      'expected a whole number of at least 1',
    ],
    ['a temperature in words', config({ temperature: 'hot' }), 'generation_config.temperature', 'expected a number'],
    ['a top_p that is a list', config({ topP: [] }), 'generation_config.top_p', 'expected a number'],
    ['a top_k that is true', config({ topK: true }), 'generation_config.top_k', 'expected a number'],
    ['half a seed', config({ seed: 0.5 }), 'generation_config.seed', 'expected a whole number'],
    [
      'no candidates',
      config({ candidateCount: 0 }),
      'generation_config.candidate_count',
      'expected a whole number of at least 1',
    ],
    ['one stop', config({ stopSequences: 'x' }), 'generation_config.stop_sequences', 'expected an array'],
    [
      'a stop that is a number',
      config({ stopSequences: ['a', 7] }),
      'generation_config.stop_sequences[1]',
      'expected a string',
    ],
    [
      'a format of others',
      config({ responseMimeType: 'text/html' }),
      'generation_config.response_mime_type',
      "expected 'text/plain', 'application/json' or 'text/x.enum'",
    ],
    [
      'a schema that is a text',
      config({ responseMimeType: 'application/json', responseSchema: 'x' }),
      'generation_config.response_schema',
      'expected an object',
    ],
    [
      'a JSON Schema that is true',
      config({ responseMimeType: 'application/json', _responseJsonSchema: true }),
      'generation_config._response_json_schema',
      'expected an object',
    ],
    [
      'words to choose from, without words',
      config({ responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING' } }),
      'generation_config.response_schema',
      'expected a schema with enum',
    ],
    [
      'thinking that is true',
      config({ thinkingConfig: true }),
      'generation_config.thinking_config',
      'expected an object',
    ],
    [
      'a level that is no word',
      config({ thinkingConfig: { thinkingLevel: '100%' } }),
      'generation_config.thinking_config.thinking_level',
      "expected 'MINIMAL', 'LOW', 'MEDIUM' or 'HIGH'",
    ],
    [
      'a budget below -1',
      config({ thinkingConfig: { thinkingBudget: -2 } }),
      'generation_config.thinking_config.thinking_budget',
      'expected a whole number',
    ],
    [
      'shown thoughts in words',
      config({ thinkingConfig: { includeThoughts: 'yes' } }),
      'generation_config.thinking_config.include_thoughts',
      'expected true or false',
    ],
    ['labels that are a list', { ...OK, labels: [] }, 'labels', 'expected an object'],
    ['a label that is a number', { ...OK, labels: { teamName: 7 } }, 'labels.teamName', 'expected a string'],
    [
      "content of Google's cache",
      { ...OK, cachedContent: 'cachedContents/x' },
      'cached_content',
      "the content of Google's cache is not known here; send the content itself",
    ],
  ])('%s', (_, body, place, expected) => {
    expect(answerTo(body)).toEqual(invalid(place, expected))
  })

  test.each([[undefined], [null], [[]], ['x'], [7], [true]])('%j for a body', (body) => {
    const expected = {
      status: 400,
      headers: {},
      body: { error: { code: 400, message: 'the body must be a JSON object', status: 'INVALID_ARGUMENT' } },
    }
    expect(answerTo(body)).toEqual(expected)
    expect(answerTo(body, (one) => decodeCountTokens(one, META))).toEqual(expected)
  })

  test('a count says where in the whole body', () => {
    const count = (body: unknown) => answerTo(body, (one) => decodeCountTokens(one, META))
    expect(count({ generateContentRequest: part({ text: 7 }) })).toEqual(
      invalid(`generate_content_request.${PART}.text`, 'expected a string'),
    )
    expect(count({ generate_content_request: 7 })).toEqual(invalid('generate_content_request', 'expected an object'))
    expect(count({ ...OK, generateContentRequest: OK })).toEqual(
      invalid('contents', 'expected contents or generateContentRequest, not both'),
    )
    expect(count({})).toEqual(invalid('contents', 'expected at least one content'))
  })

  test('any JSON is answered or refused as invalid', () => {
    const body = fc.record(
      Object.fromEntries(
        [
          'contents',
          'systemInstruction',
          'tools',
          'tool_config',
          'generationConfig',
          'labels',
          'safetySettings',
          'serviceTier',
          '__proto__',
          'x',
        ].map((field) => [field, fc.jsonValue({ maxDepth: 4 })]),
      ),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(body, (fields) => {
        const { status } = answerTo(JSON.parse(JSON.stringify({ ...OK, ...fields }))) as { status: number }
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 300 },
    )
  })

  test('a field named as a prototype reaches none', () => {
    const evil = '"__proto__":{"tools":[{"codeExecution":{}}],"polluted":true}'
    const body: unknown = JSON.parse(
      `{"contents":[{"parts":[{"text":"x",${evil}},{"functionCall":{"name":"f","args":{${evil}}}}],${evil}}],` +
        `"generationConfig":{${evil}},"tools":[{${evil}}],"toolConfig":{${evil}},"labels":{},${evil}}`,
    )
    const { value } = decodeRequest(body, META)
    const look = (one: unknown): void => {
      if (typeof one !== 'object' || one === null) return
      expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(one))
      expect('polluted' in one && !Object.hasOwn(one, 'polluted')).toBe(false)
      Object.values(one).forEach(look)
    }
    look(value)
    expect('polluted' in {}).toBe(false)
    expect(value.tools).toBeUndefined()
  })

  test('any JSON in a known place likewise', () => {
    const places: ((value: unknown) => unknown)[] = [
      part,
      said,
      tool,
      config,
      calling,
      (value) => part({ functionResponse: value }),
      (value) => part({ inlineData: value }),
      (value) => said({ functionCall: value }),
      (value) => said({ text: 'x', thought: value, thoughtSignature: value }),
      (value) => tool({ functionDeclarations: [{ name: 'f', parameters: value }] }),
      (value) => config({ responseMimeType: 'application/json', responseSchema: value, responseFormat: value }),
      (value) => config({ thinkingConfig: value }),
    ]
    const object = fc.dictionary(
      fc.constantFrom(
        'name',
        'id',
        'args',
        'parts',
        'text',
        'mimeType',
        'data',
        'type',
        '__proto__',
        'anyOf',
        'enum',
        'mode',
      ),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.oneof(fc.jsonValue(), object), (place, value) => {
        expect([200, 400]).toContain((answerTo(place(value)) as { status: number }).status)
      }),
      { numRuns: 500 },
    )
  })
})

describe('failures as Google tells them', () => {
  const failure = (fields: Partial<Failure>): Failure => ({
    kind: 'internal',
    scope: 'gateway',
    phase: 'sent',
    retry: 'never',
    message: 'no',
    ...fields,
  })

  test.each<[FailureKind, number, string]>([
    ['invalid_request', 400, 'INVALID_ARGUMENT'],
    ['context_too_long', 400, 'INVALID_ARGUMENT'],
    ['refused', 400, 'INVALID_ARGUMENT'],
    ['payload_too_large', 413, 'INVALID_ARGUMENT'],
    ['unauthenticated', 401, 'UNAUTHENTICATED'],
    ['credential_expired', 401, 'UNAUTHENTICATED'],
    ['credential_revoked', 401, 'UNAUTHENTICATED'],
    ['forbidden', 403, 'PERMISSION_DENIED'],
    ['account_suspended', 403, 'PERMISSION_DENIED'],
    ['not_found', 404, 'NOT_FOUND'],
    ['model_unavailable', 404, 'NOT_FOUND'],
    ['quota_exhausted', 429, 'RESOURCE_EXHAUSTED'],
    ['rate_limited', 429, 'RESOURCE_EXHAUSTED'],
    ['payment_required', 402, 'FAILED_PRECONDITION'],
    ['internal', 500, 'INTERNAL'],
    ['unreachable', 502, 'UNAVAILABLE'],
    ['stream_cut', 502, 'UNAVAILABLE'],
    ['overloaded', 503, 'UNAVAILABLE'],
    ['challenged', 503, 'UNAVAILABLE'],
    ['timeout', 504, 'DEADLINE_EXCEEDED'],
    ['cancelled', 499, 'CANCELLED'],
  ])('%s', (kind, status, name) => {
    expect(encodeError(failure({ kind }))).toEqual({
      status,
      headers: {},
      body: { error: { code: status, message: 'no', status: name } },
    })
  })

  test('the time of a retry is told in words, and as a wait where the time is known', () => {
    const limited = failure({ kind: 'rate_limited', retryAt: 61_500, code: 'usage_limit_reached' })
    const message = 'no (again at 1970-01-01T00:01:01.500Z)'
    const reason = {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'usage_limit_reached',
      domain: 'dragoman',
    }
    expect(encodeError(limited).body).toEqual({
      error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details: [reason] },
    })
    const wait = (now: number) => {
      const { error } = encodeError(limited, 'r1', now).body as { error: { details: unknown[] } }
      return error.details
    }
    const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
    expect(wait(60_000)).toEqual([reason, retry('1.5s')])
    expect(wait(90_000)).toEqual([reason, retry('0s')])
  })
})
