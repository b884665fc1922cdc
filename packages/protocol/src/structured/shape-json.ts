import { isJson, type Json } from '../dialects/json.js'
import { ENTRY_KEY, ENTRY_VALUE, followed, formChecker, TUPLE_REST, type Plan, type Restore } from './restore-plan.js'

/** A value that is not valid by the original schema. */
class NoShape extends Error {}

/**
 * A JSON text that is valid by the original schema as the converted schema has it: the opposite of `restoreJson`, for calls of earlier turns, which the
 * model shall see in the form in which it made them. Text that does not fit stays as it is.
 */
export function shapeJson(text: string, restore: Restore): string {
  const fits = formChecker(restore.definitions)
  try {
    return JSON.stringify(shaped(JSON.parse(text), restore.plan, fits))
  } catch {
    return text
  }
}

type Fits = ReturnType<typeof formChecker>

function shaped(value: unknown, plan: Plan | undefined, fits: Fits): unknown {
  const known = followed(plan)
  switch (known?.kind) {
    case undefined:
      return value
    case 'wrapped':
      return { [known.key]: shaped(value, known.value, fits) }
    case 'object':
      return isJson(value) ? shapedObject(value, known, fits) : onlyNull(value)
    case 'tuple':
      return Array.isArray(value) ? shapedTuple(value, known, fits) : onlyNull(value)
    case 'list':
      return Array.isArray(value) ? value.map((one) => shaped(one, known.items, fits)) : onlyNull(value)
    case 'map':
      return isJson(value) ? entriesOf(Object.entries(value), known.value, fits) : onlyNull(value)
    case 'union':
      return shapedUnion(value, known, fits)
  }
}

/** Any plan may be that of a value which may also be null. */
function onlyNull(value: unknown): null {
  if (value !== null) throw new NoShape()
  return null
}

function shapedObject(value: Json, plan: Extract<Plan, { kind: 'object' }>, fits: Fits): Json {
  const { fields, rest } = plan
  const told = [...fields].map(([name, field]): [string, unknown] => {
    if (Object.hasOwn(value, name)) return [name, shaped(value[name], field.plan, fits)]
    // Null is what an absent property is told as; one that had to be there is missing.
    return [name, null]
  })
  const others = Object.entries(value).filter(([name]) => !fields.has(name))
  if (rest === undefined) return Object.fromEntries([...told, ...others])
  return Object.fromEntries([...told, [rest.key, entriesOf(others, rest.value, fits)]])
}

function shapedTuple(value: readonly unknown[], plan: Extract<Plan, { kind: 'tuple' }>, fits: Fits): Json {
  const { items, rest } = plan
  if (value.length < items.length || (rest === undefined && value.length > items.length)) throw new NoShape()
  const first = items.map((item, index): [string, unknown] => [String(index), shaped(value[index], item, fits)])
  if (rest === undefined) return Object.fromEntries(first)
  const more = value.slice(items.length).map((one) => shaped(one, rest.value, fits))
  return Object.fromEntries([...first, [TUPLE_REST, more]])
}

function entriesOf(entries: readonly [string, unknown][], value: Plan | undefined, fits: Fits): Json[] {
  return entries.map(([name, one]) => ({ [ENTRY_KEY]: name, [ENTRY_VALUE]: shaped(one, value, fits) }))
}

function shapedUnion(value: unknown, plan: Extract<Plan, { kind: 'union' }>, fits: Fits): unknown {
  if (typeof value !== 'object' || value === null) return value
  const branches = [...plan.objects, ...plan.arrays.filter((branch) => !plan.objects.includes(branch))]
  for (const branch of branches) {
    try {
      const told = shaped(value, branch.plan, fits)
      if (fits(branch.schema, told)) return told
    } catch (error) {
      if (!(error instanceof NoShape)) throw error
    }
  }
  throw new NoShape()
}
