import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { sampleJson } from './sample-json.js'

const TREE = {
  type: 'object',
  properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
  required: ['name', 'children'],
  additionalProperties: false,
}

describe('a value for a schema', () => {
  test.each<[string, Record<string, unknown>]>([
    ['of nothing but strings', { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    ['with an enum', { type: 'object', properties: { unit: { enum: ['c', 'f'] } }, required: ['unit'] }],
    ['with a constant', { type: 'object', properties: { kind: { const: 7 } }, required: ['kind'] }],
    [
      'with limits of numbers',
      { type: 'object', properties: { n: { type: 'integer', minimum: 3, maximum: 5 } }, required: ['n'] },
    ],
    ['with a step', { type: 'number', minimum: 7, multipleOf: 5 }],
    ['with an upper limit only', { type: 'integer', maximum: -2 }],
    ['with limits of length', { type: 'string', minLength: 12, maxLength: 14 }],
    [
      'with a list of at least three different texts',
      { type: 'array', items: { type: 'string' }, minItems: 3, uniqueItems: true },
    ],
    ['with a nullable type', { type: 'object', properties: { a: { type: ['string', 'null'] } }, required: ['a'] }],
    [
      'with alternatives',
      { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] }] },
    ],
    [
      'with parts that all hold',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { type: 'null' } }, required: ['b'] },
        ],
      },
    ],
    [
      'with definitions',
      {
        $defs: { p: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] } },
        type: 'array',
        items: { $ref: '#/$defs/p' },
        minItems: 1,
      },
    ],
    ['that refers to itself', TREE],
  ])('%s is valid', (_, schema) => {
    const ajv = new Ajv2020({ strict: false })
    const value = sampleJson(schema)
    expect(ajv.validate(schema, value), JSON.stringify({ value, errors: ajv.errors })).toBe(true)
  })

  test('takes no harm from what is no schema', () => {
    for (const odd of [null, 7, 'x', [], { type: 'object', required: 'a', properties: 3 }]) {
      expect(() => sampleJson(odd)).not.toThrow()
    }
  })
})
