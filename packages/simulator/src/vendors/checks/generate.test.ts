import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../simulator.js'
import { refusal, type Refused } from './refused.test-kit.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

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
    const [status, body] = await refusal(simulator, 'gemini', '/models/gemini-2.5-flash:generateContent', {
      ...good,
      ...changes,
    })
    expect([status, body]).toEqual([400, expect.stringMatching(why)])
    expect(JSON.parse(body)).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } })
  })

  test('a call of Gemini 3 without signature, in this turn only', async () => {
    const path = '/models/gemini-3-pro-preview:generateContent'
    const contents = [text('a'), called({}), answered('weather')]
    expect(await refusal(simulator, 'gemini', path, { contents })).toEqual([
      400,
      expect.stringContaining('missing a thought_signature'),
    ])
    expect(
      await refusal(simulator, 'gemini', path, {
        contents: [...contents, { role: 'model', parts: [{ text: 'b' }] }, text('c')],
      }),
    ).toEqual([200, ''])
    const filled = [text('a'), called({ thoughtSignature: 'skip_thought_signature_validator' }), answered('weather')]
    expect(await refusal(simulator, 'gemini', path, { contents: filled })).toEqual([200, ''])
    expect(await refusal(simulator, 'gemini', '/models/gemini-2.5-flash:generateContent', { contents })).toEqual([
      200,
      '',
    ])
  })

  test('no name for being written in snake_case', async () => {
    const body = {
      contents: [text('a')],
      system_instruction: { parts: [{ text: 'b' }] },
      generation_config: { max_output_tokens: 5 },
    }
    expect(await refusal(simulator, 'gemini', '/models/gemini-2.5-flash:generateContent', body)).toEqual([200, ''])
  })
})
