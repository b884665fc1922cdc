import { describe, expect, test } from 'vitest'
import { encodeRequest } from './encode-request.js'
import { strictSchema } from './strict-schema.js'

type Json = Record<string, unknown>

const NOTHING: Json = { type: 'object', properties: {}, additionalProperties: false }

describe('a schema that Anthropic keeps to', () => {
  test.each<[string, Json, Json, string | undefined]>([
    ['objects are closed', { type: 'object', properties: {} }, NOTHING, undefined],
    ['closed objects stay', NOTHING, NOTHING, undefined],
    [
      'conditions are told in words',
      { type: 'integer', minimum: 1, maximum: 5, description: 'How many.' },
      { type: 'integer', description: 'How many.\n\n{minimum: 1, maximum: 5}' },
      'minimum, maximum',
    ],
    [
      'everywhere',
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'string', maxLength: 3 }, minItems: 1 },
          b: { oneOf: [{ type: 'object', properties: { c: { type: 'string', format: 'date' } } }, { type: 'null' }] },
          d: { $ref: '#/$defs/d' },
        },
        required: ['a'],
        $defs: { d: { type: 'object', properties: {}, additionalProperties: { type: 'string' } } },
      },
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'string', description: '{maxLength: 3}' }, minItems: 1 },
          b: { anyOf: [{ ...NOTHING, properties: { c: { type: 'string', format: 'date' } } }, { type: 'null' }] },
          d: { $ref: '#/$defs/d' },
        },
        required: ['a'],
        $defs: { d: { ...NOTHING, description: '{additionalProperties: {"type":"string"}}' } },
        additionalProperties: false,
      },
      'maxLength, additionalProperties',
    ],
    [
      'a property may be called like a keyword',
      { type: 'object', properties: { minimum: { type: 'number' }, format: { type: 'string', pattern: '^a' } } },
      { ...NOTHING, properties: { minimum: { type: 'number' }, format: { type: 'string', pattern: '^a' } } },
      undefined,
    ],
    [
      'unknown formats and long lists',
      { type: 'array', minItems: 2, items: { type: 'string', format: 'color' } },
      { type: 'array', items: { type: 'string', description: '{format: "color"}' }, description: '{minItems: 2}' },
      'minItems, format',
    ],
  ])('%s', (_, schema, expected, said) => {
    const notes: string[] = []
    expect(strictSchema(schema, '/at', (at, what, why) => void notes.push(`${what} ${at} ${why}`))).toEqual(expected)
    expect(notes).toEqual(
      said === undefined ? [] : [`approximated /at Anthropic does not enforce ${said}; the model is told in words`],
    )
  })
})

describe('where it is used', () => {
  const schema = { type: 'object', properties: { a: { type: 'string', minLength: 1 } } }
  const closed = {
    ...schema,
    properties: { a: { type: 'string', description: '{minLength: 1}' } },
    additionalProperties: false,
  }
  const encoded = (model: string) =>
    encodeRequest(
      {
        model: 'x',
        input: [],
        text: { format: { type: 'json_schema', name: 'n', schema, strict: true } },
        tools: [
          { type: 'function', name: 'strict', parameters: schema, strict: true },
          { type: 'function', name: 'loose', parameters: schema, strict: false },
        ],
      },
      { model, rules: 'compatible' },
    )

  test('formats, and tools with strict', () => {
    const { value } = encoded('claude-opus-4-1-20250805')
    expect(value['output_config']).toEqual({ format: { type: 'json_schema', schema: closed } })
    expect(value['tools']).toMatchObject([{ input_schema: closed, strict: true }, { input_schema: schema }])
    expect(value).not.toHaveProperty('system')
  })

  test.each(['claude-sonnet-4-20250514', 'claude-opus-4-0', 'claude-opus-4', 'claude-3-7-sonnet-latest', 'glm-5'])(
    '%s is told in words',
    (model) => {
      const { value, receipt } = encoded(model)
      expect(value).not.toHaveProperty('output_config')
      expect(JSON.stringify(value['system'])).toContain('minLength')
      expect(receipt).toContainEqual(expect.objectContaining({ pointer: '/text/format', what: 'approximated' }))
    },
  )

  test.each(['claude-sonnet-4-5', 'claude-haiku-4-5@20251001', 'anthropic/claude-opus-4.6', 'claude-opus-5'])(
    '%s keeps to it',
    (model) => {
      expect(encoded(model).value).toHaveProperty('output_config')
    },
  )
})
