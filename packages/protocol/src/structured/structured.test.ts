import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deltaText, escapeText } from '../pivot/index.js'
import { convertSchema, jsonRestorer, restoreJson, shapeJson, type ConvertedSchema } from './index.js'
import { strictErrors } from './strict-rules.test-kit.js'

type Json = Record<string, unknown>

const ajv = new Ajv2020({ strict: false, validateFormats: false })
const ajv7 = new Ajv({ strict: false, validateFormats: false })

function object(properties: Json, required = Object.keys(properties)): Json {
  return { type: 'object', properties, required, additionalProperties: false }
}
const string = { type: 'string' }
const number = { type: 'number' }

/** The text in pieces of the given sizes, each as it stands between JSON quotes, through the restorer. */
function streamed(text: string, sizes: readonly number[], converted: ConvertedSchema): string {
  const { restore } = converted
  if (restore === undefined) return text
  const restorer = jsonRestorer(restore)
  const escaped = escapeText(text)
  let out = ''
  let at = 0
  for (let n = 0; at < escaped.length; n++) {
    const size = sizes[n % sizes.length] ?? 1
    out += restorer.push(escaped.slice(at, at + size))
    at += size
  }
  return deltaText({ escaped: out + restorer.end() })
}

/** There and back again. */
function round(value: unknown, converted: ConvertedSchema): unknown {
  const text = JSON.stringify(value)
  if (converted.restore === undefined) return value
  const shaped = shapeJson(text, converted.restore)
  const back = restoreJson(shaped, converted.restore)
  for (const size of [1, 2, 3, 7, 64]) expect(streamed(shaped, [size], converted)).toBe(back)
  return JSON.parse(back)
}

describe('schemas that need nothing stay the same object', () => {
  test.each<[string, Json]>([
    ['an object', object({ a: string, b: { type: 'array', items: number } })],
    ['no properties', object({})],
    ['null beside a type', object({ a: { type: ['string', 'null'] } })],
    ['alternatives', object({ a: { anyOf: [string, { type: 'null' }] } })],
    ['definitions', { ...object({ a: { $ref: '#/$defs/a' } }), $defs: { a: object({ b: string }) } }],
    ['recursion', object({ a: { anyOf: [{ $ref: '#' }, { type: 'null' }] } })],
    [
      'limits that are known',
      object({ a: { type: 'string', pattern: '^a', format: 'date' }, b: { type: 'integer', minimum: 1, maximum: 2 } }),
    ],
    ['words', object({ a: { type: 'string', enum: ['x', 'y'], description: 'd', title: 't' } })],
  ])('%s', (_, schema) => {
    const converted = convertSchema(schema)
    expect(converted.schema).toBe(schema)
    expect(converted).toEqual({ schema, strict: true, notes: [] })
  })
})

describe('schemas that OpenAI refuses', () => {
  test.each<[string, Json, Json, unknown[]]>([
    [
      'a tuple',
      object({ p: { type: 'array', prefixItems: [string, number], items: false, minItems: 2 } }),
      object({ p: object({ 0: string, 1: number }) }),
      [{ p: ['x', 1] }],
    ],
    [
      'a tuple in the older spelling, with a rest',
      object({ p: { type: 'array', items: [string], additionalItems: number } }),
      object({ p: object({ 0: string, rest: { type: 'array', items: number } }) }),
      [{ p: ['x'] }, { p: ['x', 1, 2] }],
    ],
    [
      'a list of tuples',
      object({ p: { type: 'array', items: { type: 'array', prefixItems: [number, number], items: false } } }),
      object({ p: { type: 'array', items: object({ 0: number, 1: number }) } }),
      [
        { p: [] },
        { p: [[1, 2]] },
        {
          p: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
    ],
    [
      'an optional property',
      object({ a: string, b: number }, ['a']),
      object({ a: string, b: { type: ['number', 'null'] } }),
      [{ a: 'x' }, { a: 'x', b: 1 }],
    ],
    [
      'optional ones in front',
      object({ a: number, b: { type: 'array', items: string }, c: string }, ['c']),
      object({
        a: { type: ['number', 'null'] },
        b: { anyOf: [{ type: 'array', items: string }, { type: 'null' }] },
        c: string,
      }),
      [{ c: 'x' }, { a: 0, c: 'x' }, { b: [], c: 'x' }, { a: 1, b: ['null'], c: 'x' }],
    ],
    [
      'an optional property that may be null anyway',
      object({ a: { type: ['string', 'null'] } }, []),
      object({ a: { type: ['string', 'null'] } }),
      [{ a: null }, { a: 'x' }],
    ],
    [
      'an optional word',
      object({ a: { enum: ['x', 'y'] } }, []),
      object({ a: { anyOf: [{ type: 'string', enum: ['x', 'y'] }, { type: 'null' }] } }),
      [{}, { a: 'x' }],
    ],
    [
      'an open object means its properties',
      { type: 'object', properties: { a: string }, required: ['a'] },
      object({ a: string }),
      [{ a: 'x' }],
    ],
    [
      'a map',
      object({ m: { type: 'object', additionalProperties: number } }),
      object({ m: { type: 'array', items: object({ key: string, value: number }) } }),
      [{ m: {} }, { m: { a: 1, 'b"\\': 2, '': 3, __proto: 4 } }],
    ],
    [
      'a map of patterns',
      object({ m: { type: 'object', patternProperties: { '^x': string }, additionalProperties: false } }),
      object({ m: { type: 'array', items: object({ key: { type: 'string', pattern: '^x' }, value: string }) } }),
      [{ m: { x: 'a' } }],
    ],
    [
      'properties and more',
      { ...object({ a: string }), additionalProperties: number },
      object({
        a: string,
        additional_properties: {
          type: 'array',
          items: object({ key: string, value: number }),
          description: 'Further properties.',
        },
      }),
      [{ a: 'x' }, { a: 'x', b: 1, c: 2 }],
    ],
    [
      'a list at the root',
      { type: 'array', items: string },
      object({ value: { type: 'array', items: string } }),
      [[], ['a', 'b']],
    ],
    ['a word at the root', { const: 'x' }, object({ value: { type: 'string', enum: ['x'] } }), ['x']],
    [
      'alternatives at the root',
      { anyOf: [object({ a: string }), object({ b: string })] },
      object({ value: { anyOf: [object({ a: string }), object({ b: string })] } }),
      [{ a: 'x' }, { b: 'x' }],
    ],
    [
      'a reference at the root',
      {
        $ref: '#/definitions/x',
        definitions: { x: object({ a: string }) },
        $schema: 'http://json-schema.org/draft-07/schema#',
      },
      object({ a: string }),
      [{ a: 'x' }],
    ],
    [
      'allOf',
      object({
        p: {
          allOf: [
            { type: 'object', properties: { a: string }, required: ['a'] },
            { properties: { b: number }, required: ['b'] },
          ],
        },
      }),
      object({ p: object({ a: string, b: number }) }),
      [{ p: { a: 'x', b: 1 } }],
    ],
    [
      'a described reference, as Pydantic writes it',
      {
        ...object({ p: { allOf: [{ $ref: '#/$defs/x' }], description: 'd', default: null } }),
        $defs: { x: object({ a: string }) },
      },
      {
        ...object({ p: { description: 'd\ndefault: null', anyOf: [{ $ref: '#/$defs/x' }] } }),
        $defs: { x: object({ a: string }) },
      },
      [{ p: { a: 'x' } }],
    ],
    [
      'oneOf',
      object({ p: { oneOf: [string, number] } }),
      object({ p: { anyOf: [string, number] } }),
      [{ p: 'x' }, { p: 1 }],
    ],
    [
      'several types',
      object({ p: { type: ['string', 'number', 'null'] } }),
      object({ p: { anyOf: [string, number, { type: 'null' }] } }),
      [{ p: 'x' }, { p: null }],
    ],
    [
      "OpenAPI's null",
      object({ p: { type: 'string', nullable: true } }),
      object({ p: { type: ['string', 'null'] } }),
      [{ p: null }],
    ],
    [
      'words of several types',
      object({ p: { enum: ['x', 1, null] } }),
      object({ p: { anyOf: [{ type: 'string', enum: ['x'] }, { type: 'integer', enum: [1] }, { type: 'null' }] } }),
      [{ p: 'x' }, { p: 1 }, { p: null }],
    ],
    [
      'an enumerated object',
      object({ p: { const: { a: [1, 'x'] } } }),
      object({
        p: object({ a: object({ 0: { type: 'integer', enum: [1] }, 1: { type: 'string', enum: ['x'] } }) }),
      }),
      [{ p: { a: [1, 'x'] } }],
    ],
    [
      'shared conditions beside alternatives',
      {
        type: 'object',
        properties: { a: string, b: string },
        additionalProperties: false,
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      object({
        value: {
          anyOf: [
            object({ a: string, b: { type: ['string', 'null'] } }),
            object({ a: { type: ['string', 'null'] }, b: string }),
          ],
        },
      }),
      [{ a: 'x' }, { b: 'x' }, { a: 'x', b: 'y' }],
    ],
    [
      'alternatives that the text must show',
      object({
        list: {
          type: 'array',
          items: {
            oneOf: [
              object({ kind: { const: 'a' }, x: number }, ['kind']),
              object({ kind: { const: 'b' }, y: { type: 'array', prefixItems: [number], items: false } }),
            ],
          },
        },
      }),
      object({
        list: {
          type: 'array',
          items: {
            anyOf: [
              object({ kind: { type: 'string', enum: ['a'] }, x: { type: ['number', 'null'] } }),
              object({ kind: { type: 'string', enum: ['b'] }, y: object({ 0: number }) }),
            ],
          },
        },
      }),
      [{ list: [{ kind: 'a' }, { kind: 'b', y: [1] }, { kind: 'a', x: 3 }] }],
    ],
    [
      'a tree with optional branches',
      {
        ...object({ root: { $ref: '#/$defs/n' } }),
        $defs: { n: object({ v: number, l: { $ref: '#/$defs/n' } }, ['v']) },
      },
      {
        ...object({ root: { $ref: '#/$defs/n' } }),
        $defs: { n: object({ v: number, l: { anyOf: [{ $ref: '#/$defs/n' }, { type: 'null' }] } }) },
      },
      [{ root: { v: 1 } }, { root: { v: 1, l: { v: 2, l: { v: 3 } } } }],
    ],
  ])('%s', (_, schema, expected, values) => {
    const converted = convertSchema(schema)
    expect(converted.schema).toEqual(expected)
    expect(converted.strict).toBe(true)
    expect(strictErrors(converted.schema)).toEqual([])
    const original = (/"items":\[|draft-07/.test(JSON.stringify(schema)) ? ajv7 : ajv).compile(schema)
    const strict = ajv.compile(converted.schema)
    for (const value of values) {
      expect(original(value)).toBe(true)
      if (converted.restore !== undefined) {
        expect(strict(JSON.parse(shapeJson(JSON.stringify(value), converted.restore)))).toBe(true)
      }
      expect(round(value, converted)).toEqual(value)
    }
  })

  test.each<[string, unknown]>([
    ['words', 'x'],
    ['lists and objects in one another', { a: [1, { b: null, 'c d': [true, []] }], '': {} }],
    ['nothing', null],
  ])('any value: %s', (_, value) => {
    const converted = convertSchema(object({ any: {}, list: { type: 'array' }, map: { type: 'object' } }))
    expect(strictErrors(converted.schema)).toEqual([])
    const whole = { any: value, list: [value], map: { x: value } }
    expect(round(whole, converted)).toEqual(whole)
  })

  test.each<[string, Json, string[]]>([
    ['a length', { type: 'string', minLength: 2, maxLength: 3 }, ['minLength', 'maxLength']],
    ['a format', { type: 'string', format: 'uri' }, ['format']],
    ['a pattern that looks ahead', { type: 'string', pattern: '^(?=a)' }, ['pattern']],
    ['unique items', { type: 'array', items: string, uniqueItems: true }, ['uniqueItems']],
    ['not', { type: 'string', not: { const: 'x' } }, ['not']],
    ['a condition', { type: 'string', if: { const: 'x' }, then: { minLength: 1 } }, ['if']],
  ])('%s is put into words', (_, schema, keywords) => {
    const { schema: made, notes, strict } = convertSchema(object({ p: schema }), '/at')
    expect(strict).toBe(true)
    expect(strictErrors(made)).toEqual([])
    const described = String(((made['properties'] as Json)['p'] as Json)['description'])
    for (const keyword of keywords) expect(described).toContain(`${keyword}: `)
    expect(notes).toHaveLength(keywords.length)
    expect(notes.every(({ pointer, what }) => pointer === '/at/properties/p' && what === 'approximated')).toBe(true)
  })

  test.each<[string, Json]>([
    ['a reference to elsewhere', object({ p: { $ref: 'https://x/y' } })],
    ['a reference to nothing', object({ p: { $ref: '#/$defs/none' } })],
    [
      'a reference to itself',
      { ...object({ p: { $ref: '#/$defs/a', type: 'string' } }), $defs: { a: { $ref: '#/$defs/a', type: 'string' } } },
    ],
    ['nothing is valid', object({ p: false })],
    ['types that exclude one another', object({ p: { allOf: [string, number] } })],
    ['an unknown type', object({ p: { type: 'date' } })],
    ['too deep', Array.from({ length: 12 }).reduce<Json>((inner) => object({ p: inner }), object({ q: { const: 1 } }))],
    ['too many words', object({ p: { enum: Array.from({ length: 1001 }, (_, n) => `w${n}`) } })],
  ])('%s is asked for, not enforced', (_, schema) => {
    const converted = convertSchema(schema)
    expect(converted.schema).toBe(schema)
    expect(converted.strict).toBe(false)
    expect(converted.notes).toMatchObject([{ what: 'approximated' }])
  })

  test('a function without parameters takes none', () => {
    expect(convertSchema({ type: 'object' }, '', 'parameters').schema).toEqual(object({}))
  })

  test('names that reach prototypes stay names', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"required":["__proto__"]}',
    ) as Json
    const converted = convertSchema(schema)
    expect(Object.keys(converted.schema['properties'] as Json)).toEqual(['__proto__', 'constructor'])
    const text = '{"__proto__":"x"}'
    if (converted.restore === undefined) throw new Error('no way back')
    expect(restoreJson('{"__proto__":"x","constructor":null}', converted.restore)).toBe(text)
    expect(shapeJson(text, converted.restore)).toBe('{"__proto__":"x","constructor":null}')
  })
})

describe('random schemas', () => {
  /** A schema and a value that is valid by it. No unions of objects: which of two equal forms was meant, no text tells. */
  const { both } = fc.letrec<{ both: { schema: Json; value: unknown } }>((tie) => ({
    both: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.string({ unit: 'binary' }).map((value) => ({ schema: { type: 'string', minLength: 0 }, value })),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((value) => ({ schema: { type: 'number' }, value: value === 0 ? 0 : value })),
      fc.boolean().map((value) => ({ schema: { type: 'boolean', default: true }, value })),
      fc.constantFrom({ schema: { const: 'a"\\' }, value: 'a"\\' }, { schema: { enum: [1, 'x', null] }, value: null }),
      fc
        .jsonValue({ maxDepth: 2 })
        .map((value) => ({ schema: {}, value: JSON.parse(JSON.stringify(value)) as unknown })),
      fc.array(tie('both'), { minLength: 1, maxLength: 3 }).map((items) => ({
        schema: { type: 'array', prefixItems: items.map((one) => one.schema), items: false },
        value: items.map((one) => one.value),
      })),
      fc.tuple(tie('both'), fc.nat(3)).map(([item, times]) => ({
        schema: { type: 'array', items: item.schema },
        value: Array.from({ length: times }, () => item.value),
      })),
      fc.tuple(tie('both'), fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 3 })).map(([item, keys]) => ({
        schema: { type: 'object', additionalProperties: item.schema },
        value: Object.fromEntries(keys.map((key) => [key, item.value])),
      })),
      fc
        .array(fc.tuple(fc.string({ unit: 'grapheme' }), tie('both'), fc.constantFrom('required', 'given', 'absent')), {
          maxLength: 4,
        })
        .map((fields) => {
          const named = new Map(fields.map(([name, one, use]) => [name, { one, use }]))
          const entries = [...named]
          // What is null where it may be absent is taken for absent.
          const given = entries.filter(
            ([, { one, use }]) => use === 'required' || (use === 'given' && one.value !== null),
          )
          return {
            schema: {
              type: 'object',
              properties: Object.fromEntries(entries.map(([name, { one }]) => [name, one.schema])),
              required: entries.filter(([, { use }]) => use === 'required').map(([name]) => name),
            },
            value: Object.fromEntries(given.map(([name, { one }]) => [name, one.value])),
          }
        }),
    ),
  }))

  /** Optional properties that may be null come back as null where they were absent; nothing else may differ. */
  function withoutNulls(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutNulls)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, one]) => one !== null)
        .map(([name, one]) => [name, withoutNulls(one)]),
    )
  }

  /** Of two objects one has an optional property that may be null, and lacks it; the other makes a way back needed. */
  const lacking = {
    schema: object({ a: object({ b: { enum: [1, 'x', null] } }, []), c: object({}, []) }, ['a']),
    value: { a: {}, c: {} },
  }

  test('become strict, and values find their way there and back, however the text is split', () => {
    fc.assert(
      fc.property(
        both,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        ({ schema, value }, sizes) => {
          const converted = convertSchema(schema)
          if (!converted.strict) return
          expect(strictErrors(converted.schema)).toEqual([])
          const { restore } = converted
          if (restore === undefined) return
          const shaped = shapeJson(JSON.stringify(value), restore)
          expect(ajv.validate(converted.schema, JSON.parse(shaped))).toBe(true)
          const back = restoreJson(shaped, restore)
          expect(withoutNulls(JSON.parse(back))).toEqual(withoutNulls(value))
          expect(ajv.validate(schema, JSON.parse(back))).toBe(true)
          expect(streamed(shaped, sizes, converted)).toBe(back)
          const spaced = JSON.stringify(JSON.parse(shaped), null, 2)
          expect(withoutNulls(JSON.parse(restoreJson(spaced, restore)))).toEqual(withoutNulls(value))
          expect(streamed(spaced, sizes, converted)).toBe(restoreJson(spaced, restore))
        },
      ),
      { numRuns: 300, examples: [[lacking, [1]]] },
    )
  })

  test('text that is not as planned never throws, whole or in pieces', () => {
    const converted = convertSchema(
      object(
        {
          t: { type: 'array', prefixItems: [string, number] },
          m: { type: 'object', additionalProperties: { anyOf: [object({ a: string }, []), object({ b: string })] } },
          any: {},
          o: string,
        },
        ['t'],
      ),
    )
    const { restore } = converted
    if (restore === undefined) throw new Error('no way back')
    const valid = shapeJson('{"t":["x",1],"m":{"k":{"a":"x"},"l":{"b":"y"}},"any":{"x":[1]},"o":"z"}', restore)
    const broken = fc
      .tuple(fc.nat(valid.length), fc.nat(8), fc.string({ unit: fc.constantFrom(...'{}[]",:\\ nul01k😀') }))
      .map(([at, gone, put]) => valid.slice(0, at) + put + valid.slice(at + gone))
    fc.assert(
      fc.property(broken, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), (text, sizes) => {
        const whole = restoreJson(text, restore)
        expect(streamed(text, sizes, converted)).toBe(whole)
      }),
      { numRuns: 500 },
    )
  })
})

describe('text that is not as planned', () => {
  const converted = convertSchema(object({ p: { type: 'array', prefixItems: [string, number] }, q: string }, ['p']))
  test.each([
    ['words before anything', 'Let me think.', 'Let me think.'],
    ['words after it', '{"p":{"0":"a","1":1},"q":null} done', '{"p":["a",1]} done'],
    ['another value where a tuple should be', '{"p":[1,2],"q":"x"}', '{"p":[1,2],"q":"x"}'],
    ['an unknown property', '{"z":{"0":1},"p":{"0":"a","1":1}}', '{"z":{"0":1},"p":["a",1]}'],
    ['an unknown place', '{"p":{"0":"a","x":1},"q":"y"}', '{"p":["a","x":1},"q":"y"}'],
    ['a cut', '{"p":{"0":"a","1":1},"q":"y', '{"p":["a",1],"q":"y'],
    ['a cut inside of a key', '{"p":{"0":"a","1":1},"q', '{"p":["a",1]'],
    ['no JSON inside', '{"p":!}', '{"p":!}'],
    ['space around', ' {"p": {"0": "a", "1": 1}, "q": null}\n', ' {"p":["a",1]}\n'],
  ])('%s', (_, text, expected) => {
    if (converted.restore === undefined) throw new Error('no way back')
    expect(restoreJson(text, converted.restore)).toBe(expected)
    for (const size of [1, 2, 5]) expect(streamed(text, [size], converted)).toBe(expected)
  })

  test('escapes that are none pass as they are', () => {
    if (converted.restore === undefined) throw new Error('no way back')
    const restorer = jsonRestorer(converted.restore)
    expect(restorer.push('{\\"p\\":\\q') + restorer.push('{"x') + restorer.end()).toContain('\\q{"x')
  })
})
