import { describe, expect, test } from 'vitest'
import { serve } from '../serve/index.js'
import { encodeRequest } from './encode-request.js'
import { inputSchema } from './input-schema.js'

type Json = Record<string, unknown>

const STRING = { type: 'string' }
const NUMBER = { type: 'number' }

describe('the schema of a function as Anthropic takes it', () => {
  test.each<[string, Json | undefined, Json]>([
    ['none', undefined, { type: 'object', properties: {} }],
    ['without a type', {}, { type: 'object', properties: {} }],
    ['with a type that is null', { type: null, properties: null }, { type: 'object', properties: {} }],
    [
      'as it should be',
      { type: 'object', properties: { a: { anyOf: [STRING, NUMBER] } }, required: ['a'], additionalProperties: false },
      { type: 'object', properties: { a: { anyOf: [STRING, NUMBER] } }, required: ['a'], additionalProperties: false },
    ],
  ])('%s', (_, parameters, expected) => {
    const notes: string[] = []
    expect(inputSchema(parameters, '/tools/0', (pointer) => void notes.push(pointer))).toEqual(expected)
    expect(notes).toEqual([])
  })

  test.each<[string, Json, Json]>([
    [
      'one of some must be given',
      { properties: { a: STRING, b: STRING }, required: ['c'], anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      { type: 'object', properties: { a: STRING, b: STRING }, required: ['c'] },
    ],
    [
      'one of several objects',
      {
        oneOf: [
          { type: 'object', properties: { kind: { const: 'x' }, x: STRING }, required: ['kind', 'x'] },
          { type: 'object', properties: { kind: { const: 'y' }, y: NUMBER }, required: ['kind', 'y'] },
        ],
      },
      {
        type: 'object',
        properties: { kind: { anyOf: [{ const: 'x' }, { const: 'y' }] }, x: STRING, y: NUMBER },
        required: ['kind'],
      },
    ],
    [
      'all of them',
      {
        type: 'object',
        properties: { a: STRING },
        allOf: [{ properties: { b: NUMBER }, required: ['b'] }, { $ref: '#/$defs/x' }, { properties: { a: STRING } }],
        $defs: { x: {} },
      },
      { type: 'object', properties: { a: STRING, b: NUMBER }, required: ['b'], $defs: { x: {} } },
    ],
  ])('%s', (_, parameters, expected) => {
    const notes: string[] = []
    const schema = inputSchema(parameters, '/tools/0', (pointer, what) => void notes.push(`${what} ${pointer}`))
    expect(schema).toEqual(expected)
    expect(notes).toEqual(['approximated /tools/0/parameters'])
  })

  test('a property called __proto__ stays a property', () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"}}') as Json
    const schema = inputSchema({ anyOf: [{ properties }] }, '', () => undefined)
    expect(Object.keys(schema['properties'] as Json)).toEqual(['__proto__'])
  })

  test('a client of this dialect gets through what it said', () => {
    const input_schema = { type: 'object', properties: { a: STRING }, anyOf: [{ required: ['a'] }] }
    const tools = [{ name: 'f', input_schema, defer_loading: false }]
    const body = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }], tools }
    const { value } = serve.decodeRequest(body, { headers: {} })
    expect(encodeRequest(value, { model: 'm', rules: 'compatible' }).value['tools']).toEqual(tools)
  })

  test('tools that would wait for a search that is not there do not wait', () => {
    const request = {
      model: 'm',
      input: [],
      tools: [{ type: 'function', name: 'f', defer_loading: true }, { type: 'tool_search' }],
    }
    expect(encodeRequest(request, { model: 'm', rules: 'compatible' }).value['tools']).toEqual([
      expect.not.objectContaining({ defer_loading: true }),
    ])
  })
})
