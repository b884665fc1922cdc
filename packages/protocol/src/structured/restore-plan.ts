import { isJson, type Json } from '../dialects/json.js'

/**
 * What was changed in the values that a schema describes, so that it can be changed back. A plan follows the shape of the **converted**
 * value; undefined stands for values that are as they were. A plan whose kind does not fit the value (an object where null stands) changes nothing.
 */
export type Plan =
  /** An object whose optional properties are null where they were absent, or whose further properties stand as entries under `rest`. */
  | { kind: 'object'; fields: ReadonlyMap<string, PlannedField>; rest?: { key: string; value: Plan | undefined } }
  /** `{"<key>": value}` instead of the value. */
  | { kind: 'wrapped'; key: string; value: Plan | undefined }
  /** `{"0": …, "1": …, "rest": […]}` instead of an array. */
  | { kind: 'tuple'; items: readonly (Plan | undefined)[]; rest?: { value: Plan | undefined } }
  | { kind: 'list'; items: Plan | undefined }
  /** `[{"key": …, "value": …}]` instead of an object. */
  | { kind: 'map'; value: Plan | undefined }
  /** One of several forms; which one, the value shows. */
  | { kind: 'union'; objects: readonly Branch[]; arrays: readonly Branch[] }
  /** A definition, by which plans may contain themselves. */
  | { kind: 'ref'; to: Definition }

export interface PlannedField {
  /** Null means that the property is absent. */
  optional: boolean
  /** A value of the original may lack it: the strict form tells it as null, even where null is a value of its own. */
  mayLack: boolean
  plan: Plan | undefined
}

export interface Branch {
  /** The converted schema of this form. */
  schema: Json
  plan: Plan | undefined
}

export interface Definition {
  /** The converted schema; undefined while it is being made. */
  schema: Json | undefined
  plan: Plan | undefined
}

/** The way back from values of a converted schema. Opaque; for `jsonRestorer`, `restoreJson` and `shapeJson`. */
export interface Restore {
  plan: Plan
  /** Definitions that converted schemas refer to, by `$ref`. */
  definitions: ReadonlyMap<string, Definition>
}

export const TUPLE_REST = 'rest'
export const ENTRY_KEY = 'key'
export const ENTRY_VALUE = 'value'

/** The plan behind references; undefined where they go round in a circle. */
export function followed(plan: Plan | undefined): Exclude<Plan, { kind: 'ref' }> | undefined {
  let at = plan
  for (let steps = 0; at?.kind === 'ref'; steps++) {
    if (steps > 100) return undefined
    at = at.to.plan
  }
  return at
}

/** Does following the plan change anything? */
export function changes(plan: Plan | undefined): boolean {
  return does(plan, ({ optional }) => optional, new Set())
}

/** Does it change anything on the way there or back? */
function matters(plan: Plan | undefined): boolean {
  return does(plan, ({ mayLack }) => mayLack, new Set())
}

function does(
  plan: Plan | undefined,
  byField: (field: PlannedField) => boolean,
  seen: Set<Plan | Definition>,
): boolean {
  if (plan === undefined || seen.has(plan)) return false
  seen.add(plan)
  switch (plan.kind) {
    case 'wrapped':
    case 'tuple':
    case 'map':
      return true
    case 'object':
      return (
        plan.rest !== undefined ||
        [...plan.fields.values()].some((field) => byField(field) || does(field.plan, byField, seen))
      )
    case 'list':
      return does(plan.items, byField, seen)
    case 'union':
      return [...plan.objects, ...plan.arrays].some((branch) => does(branch.plan, byField, seen))
    case 'ref':
      if (seen.has(plan.to)) return false
      seen.add(plan.to)
      return does(plan.to.plan, byField, seen)
  }
}

/** The plan without the parts that change nothing; undefined when nothing is left. Definitions lose theirs likewise. */
export function prune(plan: Plan | undefined, definitions: Iterable<Definition>): Plan | undefined {
  const all = [...definitions]
  // All are pruned from the whole first: a definition that was emptied before would look like one without a plan.
  const plans = all.map((definition) => pruned(definition.plan))
  // What changes nothing on the way back needs no way at all.
  const whole = changes(plan) ? pruned(plan) : undefined
  all.forEach((definition, index) => (definition.plan = plans[index]))
  return whole
}

function pruned(plan: Plan | undefined): Plan | undefined {
  if (plan === undefined || !matters(plan)) return undefined
  const branch = (one: Branch): Branch => ({ schema: one.schema, plan: pruned(one.plan) })
  switch (plan.kind) {
    case 'wrapped':
      return { ...plan, value: pruned(plan.value) }
    case 'map':
      return { ...plan, value: pruned(plan.value) }
    case 'list':
      return { ...plan, items: pruned(plan.items) }
    case 'tuple':
      return {
        ...plan,
        items: plan.items.map(pruned),
        ...(plan.rest === undefined ? {} : { rest: { value: pruned(plan.rest.value) } }),
      }
    case 'object':
      return {
        ...plan,
        // Fields that change nothing stay: they tell which properties are known.
        fields: new Map([...plan.fields].map(([name, field]) => [name, { ...field, plan: pruned(field.plan) }])),
        ...(plan.rest === undefined ? {} : { rest: { ...plan.rest, value: pruned(plan.rest.value) } }),
      }
    case 'union':
      return { ...plan, objects: plan.objects.map(branch), arrays: plan.arrays.map(branch) }
    case 'ref':
      return plan
  }
}

/**
 * Does a value have the form that a converted schema describes? Looks at types, properties and enumerations, which tell forms apart, not at limits.
 */
export function formChecker(definitions: Restore['definitions']): (schema: Json, value: unknown) => boolean {
  const known = new Map<Json, WeakMap<object, boolean>>()

  function fits(schema: Json, value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return test(schema, value)
    let results = known.get(schema)
    if (results === undefined) known.set(schema, (results = new WeakMap()))
    const before = results.get(value)
    if (before !== undefined) return before
    const result = test(schema, value)
    results.set(value, result)
    return result
  }

  function test(schema: Json, value: unknown): boolean {
    const ref = schema['$ref']
    if (typeof ref === 'string') {
      const target = definitions.get(ref)?.schema
      return target !== undefined && fits(target, value)
    }
    const branches = schema['anyOf']
    if (Array.isArray(branches)) return (branches as Json[]).some((branch) => fits(branch, value))
    const types = Array.isArray(schema['type']) ? (schema['type'] as unknown[]) : [schema['type']]
    if (!types.some((type) => isOfType(value, type))) return false
    const words = schema['enum']
    if (Array.isArray(words) && !words.includes(value)) return false
    if (Array.isArray(value)) {
      const items = schema['items']
      return !isJson(items) || value.every((one) => fits(items, one))
    }
    return !isJson(value) || testObject(schema, value)
  }

  function testObject(schema: Json, value: Json): boolean {
    const properties = schema['properties']
    if (!isJson(properties)) return true
    const names = Object.keys(properties)
    return (
      names.length === Object.keys(value).length &&
      names.every((name) => Object.hasOwn(value, name) && fits(properties[name] as Json, value[name]))
    )
  }

  return fits
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'object':
      return isJson(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    default:
      return typeof value === type
  }
}
