import { describe, expect, test } from 'vitest'
import { jsonSchemaOf } from './schema.js'

describe("schemas of Gemini's as JSON Schema", () => {
  test.each<[string, object, object]>([
    [
      'types in upper case',
      { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    ['types by number', { type: 5, items: { type: 3 } }, { type: 'array', items: { type: 'integer' } }],
    ['no type in particular', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
    ['types in a list', { type: ['STRING', 'null'] }, { type: ['string', 'null'] }],
    [
      'names in snake case',
      { any_of: [{ min_items: '2', max_length: 3 }] },
      { anyOf: [{ minItems: 2, maxLength: 3 }] },
    ],
    [
      "names of properties, which are the client's own",
      { properties: { type: { type: 'STRING' }, any_of: { type: 'NUMBER' }, nullable: { type: 'BOOLEAN' } } },
      { properties: { type: { type: 'string' }, any_of: { type: 'number' }, nullable: { type: 'boolean' } } },
    ],
    ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
    ['not nullable', { type: 'STRING', nullable: false }, { type: 'string' }],
    [
      'nullable words',
      { type: 'STRING', format: 'enum', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'nullable choices',
      { anyOf: [{ type: 'STRING' }], nullable: true },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    [
      'nullable by reference',
      { $ref: '#/$defs/a', nullable: true },
      { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] },
    ],
    [
      'numbers to choose from',
      { type: 'INTEGER', format: 'enum', enum: ['101', '201'] },
      { type: 'integer', enum: [101, 201] },
    ],
    ['formats', { type: 'STRING', format: 'date-time' }, { type: 'string', format: 'date-time' }],
    [
      'definitions',
      { ref: '#/$defs/a', defs: { a: { type: 'NULL' } } },
      { $ref: '#/$defs/a', $defs: { a: { type: 'null' } } },
    ],
    ['examples and null, which say nothing', { type: 'STRING', example: 'x', title: null }, { type: 'string' }],
    [
      'JSON Schema as it is',
      {
        $schema: 's',
        type: 'object',
        additionalProperties: false,
        prefixItems: [{ const: 1 }],
        not: { type: 'string' },
      },
      {
        $schema: 's',
        type: 'object',
        additionalProperties: false,
        prefixItems: [{ const: 1 }],
        not: { type: 'string' },
      },
    ],
  ])('%s', (_, schema, expected) => {
    expect(jsonSchemaOf(schema as Record<string, unknown>)).toEqual(expected)
  })

  test('properties stand in their order', () => {
    const properties = { a: {}, b: {}, c: {} }
    const { properties: ordered } = jsonSchemaOf({ properties, propertyOrdering: ['c', 'x', 'a', 7] })
    expect(Object.keys(ordered as object)).toEqual(['c', 'a', 'b'])
  })

  test('schemas without end are cut', () => {
    let schema: Record<string, unknown> = { type: 'STRING' }
    for (let depth = 0; depth < 5_000; depth++) schema = { items: schema }
    let levels = 0
    for (let at = jsonSchemaOf(schema); 'items' in at; at = at['items'] as typeof at) levels++
    expect(levels).toBeLessThan(100)
  })
})
