import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PivotItem } from '../../../pivot/index.js'
import { encodeRequest } from './encode-request.js'

interface Part {
  text?: string
  thoughtSignature?: string
  functionCall?: { id: string; name: string }
  functionResponse?: { id: string; name: string }
}
interface Content {
  role: string
  parts: Part[]
}

const words = fc.constantFrom('', 'a', 'b')
const call_id = fc.constantFrom('a', 'b', 'c')
const name = fc.constantFrom('f', 'g')
const extra = fc.constantFrom(
  undefined,
  { gemini: { thoughtSignature: 'c2ln' } },
  { gemini: { thoughtSignature: 'c2ln', on: 'text' } },
  { 'anthropic-messages': { signature: 'x' } },
)
const picture = { type: 'input_image', image_url: 'data:image/png;base64,AAEC' }
const item = fc.oneof(
  fc.record({
    type: fc.constant('message'),
    role: fc.constantFrom('user', 'assistant', 'system', 'developer'),
    content: fc.oneof(
      words,
      fc.array(
        fc.oneof(
          words.map((text) => ({ type: 'output_text', text })),
          words.map((refusal) => ({ type: 'refusal', refusal })),
          fc.constantFrom(picture, { type: 'input_image', file_id: 'x' }, { type: 'new' }),
        ),
        { maxLength: 3 },
      ),
    ),
  }),
  fc.record({
    type: fc.constant('reasoning'),
    summary: fc.array(
      words.map((text) => ({ type: 'summary_text', text })),
      { maxLength: 2 },
    ),
    extra,
  }),
  fc.record({
    type: fc.constant('function_call'),
    call_id,
    name,
    arguments: fc.constantFrom('', '{}', '{"a":1}', '[', '3'),
    extra,
  }),
  fc.record({ type: fc.constant('custom_tool_call'), call_id, name, input: words }),
  fc.record({
    type: fc.constantFrom('function_call_output', 'custom_tool_call_output'),
    call_id,
    output: fc.oneof(words, fc.constant([picture])),
  }),
  fc.record({ type: fc.constant('image_generation_call'), result: fc.constantFrom('AAEC', '', null) }),
  fc.constantFrom(
    { type: 'gemini_part', role: 'model', part: { executableCode: {} } },
    { type: 'web_search_call' },
    { type: 'compaction' },
  ),
) as fc.Arbitrary<unknown> as fc.Arbitrary<PivotItem>

/** What Gemini refuses otherwise. Source: Gemini API, function calling; messages of its errors. */
test('any items make contents that Gemini takes: sides in turn, every call with its result right after it', () => {
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 10 }),
      fc.constantFrom('gemini-3-pro-preview', 'gemini-2.5-flash'),
      (input, model) => {
        const { value } = encodeRequest({ model: 'm', input }, { model, rules: 'compatible' })
        const contents = value['contents'] as Content[]
        contents.forEach(({ role, parts }, at) => {
          const before = contents[at - 1]
          const after = contents[at + 1]
          expect(parts).not.toEqual([])
          expect(parts.filter(({ text, thoughtSignature }) => text === '' && thoughtSignature === undefined)).toEqual(
            [],
          )
          // Only results may stand between two words of the user.
          const answers = before?.parts.some(({ functionResponse }) => functionResponse !== undefined) === true
          if (before !== undefined && !answers) expect(role).not.toBe(before.role)
          const calls = parts.flatMap(({ functionCall }) => functionCall ?? [])
          if (calls.length === 0 || after === undefined) return
          const results = after.parts.flatMap(({ functionResponse }) => functionResponse ?? [])
          expect(results.map(({ id, name }) => ({ id, name }))).toEqual(calls.map(({ id, name }) => ({ id, name })))
        })
      },
    ),
    { numRuns: 1000 },
  )
})
