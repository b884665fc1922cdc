import type { Note } from '../dialect.js'
import { isJson, type Json } from '../dialects/json.js'
import type { Noting } from '../dialects/refusing.js'
import { isStrict, withinLimits } from './is-strict.js'
import { constraints, NotStrict, resolve, schemaOf, typeOfValue, typesOf } from './json-schema.js'
import { mergeSchemas } from './merge-schemas.js'
import { closed, inWords, type Conversion, type Shape } from './conversion.js'
import { arrayShape } from './convert-array.js'
import { objectShape } from './convert-object.js'
import { scalarShape } from './convert-scalar.js'
import { prune, type Branch, type Definition, type Plan, type Restore } from './restore-plan.js'

export interface ConvertedSchema {
  /** The same object when nothing had to be changed. */
  schema: Json
  /** False when the schema has no strict form; it is as it came then. */
  strict: boolean
  /** The way back for values; absent when values are valid by both schemas as they are. */
  restore?: Restore
  notes: Note[]
}

/** Properties of our own making. */
const WRAPPER = 'value'
const ANY_OBJECT = 'entries'

/**
 * An equivalent schema that OpenAI's strict structured outputs take. Tuples become objects with the keys "0", "1", …, optional properties
 * become nullable, maps become arrays of entries, a root that is no object is wrapped; conditions without a strict form are put into the
 * description and noted as approximated.
 * Source: OpenAI guide "Structured model outputs", supported schemas (2026-11).
 * @param pointer where the schema stands, for the notes
 * @param root `parameters` are those of a function: an object without properties takes no arguments
 */
export function convertSchema(schema: Json, pointer = '', root: 'parameters' | 'format' = 'format'): ConvertedSchema {
  if (isStrict(schema)) return { schema, strict: true, notes: [] }
  const notes: Note[] = []
  const said = new Set<string>()
  const note: Noting = (at, what, why) => {
    if (said.has(`${at} ${why}`)) return
    said.add(`${at} ${why}`)
    notes.push({ pointer: at, what, why })
  }
  try {
    const empty =
      root === 'parameters' && !('properties' in schema) && typesOf(schema)?.[0] === 'object' && !hasMore(schema)
    const { definitions, shape } = convert(empty ? { ...schema, properties: {} } : schema, pointer, note)
    const converted = withDefinitions(shape.schema, definitions)
    const beyond = withinLimits(converted)
    if (beyond !== undefined) throw new NotStrict(pointer, beyond)
    const plan = prune(shape.plan, definitions.values())
    return { schema: converted, strict: true, ...(plan === undefined ? {} : { restore: { plan, definitions } }), notes }
  } catch (error) {
    const why =
      error instanceof NotStrict ? error.why : error instanceof RangeError ? 'it is nested too deep' : undefined
    if (why === undefined) throw error
    const at = error instanceof NotStrict ? error.pointer : pointer
    return {
      schema,
      strict: false,
      notes: [{ pointer: at, what: 'approximated', why: `the schema is asked for, not enforced: ${why}` }],
    }
  }
}

function hasMore(schema: Json): boolean {
  return Object.keys(constraints(schema)).some((keyword) => keyword !== 'type' && keyword !== 'required')
}

function withDefinitions(schema: Json, definitions: ReadonlyMap<string, Definition>): Json {
  if (definitions.size === 0) return schema
  const $defs = Object.fromEntries([...definitions].map(([ref, { schema: told }]) => [ref.slice(DEFS.length), told]))
  return { ...schema, $defs }
}

const DEFS = '#/$defs/'

function convert(root: Json, pointer: string, note: Noting) {
  /** By their new references. */
  const definitions = new Map<string, Definition>()
  /** New references by old ones. */
  const renamed = new Map<string, string>()

  function definition(ref: string, at: string): string {
    const known = renamed.get(ref)
    if (known !== undefined) return known
    const target = resolve(root, ref, at)
    const base =
      (ref === '#' ? 'root' : ref.slice(ref.lastIndexOf('/') + 1)).replaceAll(/[^a-zA-Z0-9_.-]/g, '_') || 'def'
    let name = DEFS + base
    for (let n = 2; definitions.has(name); n++) name = `${DEFS}${base}_${n}`
    renamed.set(ref, name)
    const made: Definition = { schema: undefined, plan: undefined }
    definitions.set(name, made)
    const { schema, plan } = shape(target, pointer + ref.slice(1))
    made.schema = schema
    made.plan = plan
    return name
  }

  function anything(): Shape {
    const name = `${DEFS}any_json`
    let made = definitions.get(name)
    if (made === undefined) {
      made = { schema: undefined, plan: undefined }
      definitions.set(name, made)
      const itself: Plan = { kind: 'ref', to: made }
      const entry = closed({ key: { type: 'string' }, value: { $ref: name } })
      const list: Json = { type: 'array', items: { $ref: name } }
      const object = closed({ [ANY_OBJECT]: { type: 'array', items: entry } })
      made.schema = {
        anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }, list, object],
      }
      made.plan = {
        kind: 'union',
        arrays: [{ schema: list, plan: { kind: 'list', items: itself } }],
        objects: [
          { schema: object, plan: { kind: 'wrapped', key: ANY_OBJECT, value: { kind: 'map', value: itself } } },
        ],
      }
    }
    return { schema: { $ref: name }, plan: { kind: 'ref', to: made } }
  }

  const conversion: Conversion = { root, note, shape, orNull, anything }

  function shape(value: unknown, at: string): Shape {
    if (value === true) return anything()
    if (!isJson(value)) throw new NotStrict(at, value === false ? 'no value is valid there' : 'a schema is an object')
    const schema = flattened(value, at)
    const { $ref, ...beside } = schema
    if (typeof $ref === 'string') return described(reference($ref, at), beside)
    const told = constraints(schema)
    for (const keyword of CONDITIONS) {
      if (told[keyword] === undefined || told[keyword] === false) continue
      note(at, 'approximated', `the strict form has no '${keyword}'; the description tells it`)
    }
    const { anyOf, oneOf, nullable: _, ...base } = told
    const lists = [anyOf, oneOf].filter((list) => Array.isArray(list)) as unknown[][]
    if (lists.length > 0) return described(alternatives(lists, base, at), schema)
    const words = told['enum']
    if (Array.isArray(words)) return described(enumeration(words, typesOf(told), at), schema)
    const types = typesOf(told)
    if (types === undefined) return described(anything(), schema)
    const own = types.filter((type) => type !== 'null')
    const shapes = own.map((type) => ofType(type, schema, at))
    const [only, ...others] = shapes
    if (only === undefined) return described({ schema: { type: 'null' }, plan: undefined }, schema)
    const whole = others.length === 0 ? only : oneOfShapes(shapes)
    return described(own.length < types.length ? orNull(whole) : whole, schema)
  }

  /** Without `allOf`, `const`, and `$ref` beside other conditions. */
  function flattened(value: Json, at: string): Json {
    let schema = value
    for (let steps = 0; ; steps++) {
      if (steps > 50) throw new NotStrict(at, 'its references go round in a circle')
      if ('const' in schema) {
        const { const: word, ...rest } = schema
        schema = Array.isArray(rest['enum']) ? rest : { ...rest, enum: [word] }
      }
      const { allOf, ...alone } = schema
      if (Array.isArray(allOf)) {
        schema = allOf.reduce<Json>((sum, one) => {
          if (one === true) return sum
          if (!isJson(one)) throw new NotStrict(at, 'no value is valid there')
          const merging = '$ref' in sum && Object.keys(constraints(one)).length > 0 ? inlined(sum, at) : sum
          return '$ref' in one && Object.keys(constraints(merging)).length > 0
            ? mergeSchemas(merging, inlined(one, at), at)
            : mergeSchemas(merging, one, at)
        }, alone)
        continue
      }
      if (!('$ref' in schema) || Object.keys(constraints(schema)).length === 1) return schema
      schema = inlined(schema, at)
    }
  }

  /** A reference replaced by what it points to. */
  function inlined(schema: Json, at: string): Json {
    const { $ref, ...rest } = schema
    if (typeof $ref !== 'string') return schema
    const target = resolve(root, $ref, at)
    if (target === true) return rest
    if (!isJson(target)) throw new NotStrict(at, 'no value is valid there')
    const { title: _, description: __, ...conditions } = target
    return mergeSchemas(rest, { ...conditions, ...('description' in rest ? {} : target) }, at)
  }

  function reference($ref: string, at: string): Shape {
    const name = definition($ref, at)
    const to = definitions.get(name)
    return { schema: { $ref: name }, plan: to === undefined ? undefined : { kind: 'ref', to } }
  }

  function alternatives(lists: unknown[][], base: Json, at: string): Shape {
    const [first = [], second] = lists
    if (second !== undefined) {
      return alternatives([mergeSchemas({ anyOf: first }, { anyOf: second }, at)['anyOf'] as unknown[]], base, at)
    }
    const shared = Object.keys(base).length > 0
    const shapes: Shape[] = []
    first.forEach((branch, index) => {
      if (branch === false) return
      const place = `${at}/anyOf/${index}`
      if (!shared || branch === true) shapes.push(shape(shared ? base : branch, place))
      else shapes.push(shape({ allOf: [base, branch] }, place))
    })
    if (shapes.length === 0) throw new NotStrict(at, 'no value is valid there')
    return oneOfShapes(shapes)
  }

  function enumeration(words: readonly unknown[], types: string[] | undefined, at: string): Shape {
    const fitting = words.filter((word) => types === undefined || types.some((type) => isOf(word, type)))
    const groups = new Map<string, unknown[]>()
    for (const word of fitting) {
      const type = typeOfValue(word)
      const group = groups.get(type)
      if (group === undefined) groups.set(type, [word])
      else if (!group.includes(word)) group.push(word)
    }
    const shapes = [...groups].flatMap(([type, group]): Shape[] => {
      if (type === 'null') return [{ schema: { type: 'null' }, plan: undefined }]
      if (type === 'object' || type === 'array') return group.map((word) => shape(schemaOf(word), at))
      const integers = type === 'number' && types?.includes('number') !== true && group.every(Number.isInteger)
      return [{ schema: { type: integers ? 'integer' : type, enum: group }, plan: undefined }]
    })
    if (shapes.length === 0) throw new NotStrict(at, 'no value is valid there')
    return oneOfShapes(shapes)
  }

  function ofType(type: string, schema: Json, at: string): Shape {
    switch (type) {
      case 'object':
        return objectShape(schema, at, conversion)
      case 'array':
        return arrayShape(schema, at, conversion)
      case 'string':
      case 'number':
      case 'integer':
      case 'boolean':
        return { schema: scalarShape(type, schema, at, note), plan: undefined }
      default:
        throw new NotStrict(at, `there is no type '${type}'`)
    }
  }

  function oneOfShapes(shapes: readonly Shape[]): Shape {
    const [only, ...others] = shapes
    if (only !== undefined && others.length === 0) return only
    const branches = shapes.flatMap(({ schema, plan }): Branch[] => [{ schema, plan }])
    const union: Plan = {
      kind: 'union',
      objects: branches.filter((branch) => mayBe('object', branch.schema)),
      arrays: branches.filter((branch) => mayBe('array', branch.schema)),
    }
    return { schema: { anyOf: shapes.map(({ schema }) => schema) }, plan: union }
  }

  /** References may still be in the making, so they may be anything. */
  function mayBe(type: string, schema: Json): boolean {
    if (typeof schema['$ref'] === 'string') return true
    const branches = schema['anyOf']
    if (Array.isArray(branches)) return branches.some((branch) => mayBe(type, branch as Json))
    const told = schema['type']
    return told === type || (Array.isArray(told) && told.includes(type))
  }

  function orNull({ schema, plan }: Shape): Shape {
    const type = schema['type']
    if (type === 'null' || (Array.isArray(type) && type.includes('null'))) return { schema, plan }
    if (typeof type === 'string' && type !== 'object' && type !== 'array' && !('enum' in schema)) {
      return { schema: { ...schema, type: [type, 'null'] }, plan }
    }
    const { description, ...rest } = schema
    const branches: unknown[] = Object.keys(rest).length === 1 && Array.isArray(rest['anyOf']) ? rest['anyOf'] : [rest]
    const none = branches.some((branch) => isJson(branch) && branch['type'] === 'null')
    const anyOf = none ? branches : [...branches, { type: 'null' }]
    return { schema: { ...(description === undefined ? {} : { description }), anyOf }, plan }
  }

  let start = root
  for (let steps = 0; typeof start['$ref'] === 'string' && steps < 50; steps++) start = inlined(start, pointer)
  const told = shape(start, pointer)
  const { schema } = told
  // A reference to the root must not lead to the wrapper, nor may the root be one.
  const whole = schema['type'] === 'object' ? told : wrapped(told)
  return { definitions, shape: whole }
}

function wrapped({ schema, plan }: Shape): Shape {
  return { schema: closed({ [WRAPPER]: schema }), plan: { kind: 'wrapped', key: WRAPPER, value: plan } }
}

const CONDITIONS = ['not', 'if', 'dependentRequired', 'dependentSchemas', 'dependencies'] as const
const TOLD_BY = ['not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'dependencies'] as const

/** The shape with the words of its schema, and in words the conditions that it cannot have. */
function described(shape: Shape, schema: Json): Shape {
  const inner = shape.schema['description']
  const words = [
    schema['description'],
    inner,
    ...TOLD_BY.filter((keyword) => schema[keyword] !== undefined).map((keyword) => inWords(keyword, schema[keyword])),
    ...(schema['default'] === undefined ? [] : [inWords('default', schema['default'])]),
  ].filter((one) => typeof one === 'string' && one !== '')
  const title = schema['title']
  const description = words.length === 0 ? {} : { description: [...new Set(words)].join('\n') }
  const named = typeof title === 'string' ? { title } : {}
  if (Object.keys(description).length + Object.keys(named).length === 0) return shape
  // A reference may have no siblings.
  if ('$ref' in shape.schema) {
    return words.length === 0 ? shape : { schema: { ...description, anyOf: [shape.schema] }, plan: shape.plan }
  }
  return { schema: { ...named, ...shape.schema, ...description }, plan: shape.plan }
}

function isOf(word: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(word) : typeOfValue(word) === type
}
