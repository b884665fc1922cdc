import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanSchema } from './clean-schema.js'

type Json = Record<string, unknown>

describe('what Gemini takes of a JSON Schema', () => {
  test.each<[string, Json, Json, string[]]>([
    [
      'plain keywords stay',
      {
        type: 'object',
        title: 't',
        properties: { a: { type: ['string', 'null'], minLength: 1, pattern: '^a' } },
        required: ['a'],
        additionalProperties: false,
      },
      {
        type: 'object',
        title: 't',
        properties: { a: { type: ['string', 'null'], minLength: 1, pattern: '^a' } },
        required: ['a'],
        additionalProperties: false,
      },
      [],
    ],
    [
      'words about the schema go in silence',
      { $schema: 'x', $id: 'y', $comment: 'z', examples: [1], 'x-y': 1, type: 'string' },
      { type: 'string' },
      [],
    ],
    [
      'constraints that it refuses are told',
      {
        type: 'object',
        patternProperties: {},
        properties: {
          a: { type: 'array', uniqueItems: true, contains: {} },
          b: { type: 'number', multipleOf: 2, not: {} },
        },
      },
      { type: 'object', properties: { a: { type: 'array' }, b: { type: 'number' } } },
      ['contains', 'multipleOf', 'not', 'patternProperties', 'uniqueItems'],
    ],
    [
      'a property may have the name of a keyword',
      { type: 'object', properties: { not: { type: 'string' }, $schema: { type: 'string' } } },
      { type: 'object', properties: { not: { type: 'string' }, $schema: { type: 'string' } } },
      [],
    ],
    ['const', { const: 'a' }, { enum: ['a'] }, []],
    ['enum with null', { type: ['string', 'null'], enum: ['a', null] }, { type: ['string', 'null'], enum: ['a'] }, []],
    ['enum of truth', { type: 'boolean', enum: [true] }, { type: 'boolean' }, ['enum']],
    ['nothing but null', { const: null, enum: [null] }, { type: 'null' }, []],
    [
      'bounds of integers',
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
      { type: 'integer', minimum: 1, maximum: 9 },
      [],
    ],
    [
      'bounds of numbers',
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'number', minimum: 0 },
      ['exclusiveMinimum'],
    ],
    ['tuples of older drafts', { items: [{ const: 1 }, true] }, { prefixItems: [{ enum: [1] }, {}] }, []],
    [
      'references',
      {
        properties: { a: { $ref: '#/definitions/A', description: 'd', title: 't' } },
        definitions: { A: { type: 'string', deprecated: true } },
      },
      { properties: { a: { $ref: '#/$defs/A', description: 'd' } }, $defs: { A: { type: 'string' } } },
      ['title beside $ref'],
    ],
    [
      'allOf becomes one',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { type: 'string' } }, required: ['b'] },
        ],
        description: 'd',
      },
      {
        description: 'd',
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        required: ['a', 'b'],
      },
      [],
    ],
    ['allOf that contradicts itself', { type: 'string', allOf: [{ type: 'number' }] }, { type: 'string' }, ['allOf']],
  ])('%s', (_, schema, expected, lost) => {
    const cleaned = cleanSchema(schema)
    expect(cleaned.schema).toEqual(expected)
    expect([...cleaned.lost].sort()).toEqual(lost)
  })

  test.each<[string, (inner: Json) => Json, string]>([
    ['items', (inner) => ({ type: 'array', items: inner }), 'more than 64 levels'],
    ['allOf', (inner) => ({ allOf: [inner] }), 'allOf'],
  ])('a schema without an end has one: %s', (_, around, why) => {
    let schema: Json = { type: 'string' }
    for (let n = 0; n < 50_000; n++) schema = around(schema)
    const { schema: cleaned, lost } = cleanSchema(schema)
    expect([...lost]).toEqual([why])
    expect(JSON.stringify(cleaned).length).toBeLessThan(5_000)
  })

  test('any object is read, what is clean stays so, and names like __proto__ are properties', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (schema) => {
        const once = cleanSchema(schema).schema
        expect(cleanSchema(once).schema).toEqual(once)
      }),
    )
    const { schema } = cleanSchema({ properties: JSON.parse('{"__proto__":{"type":"string"}}') as Json })
    expect(Object.keys(schema['properties'] as Json)).toEqual(['__proto__'])
  })
})
