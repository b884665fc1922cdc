import { invalid } from '../refusal.js'
import type { Json } from '../vendor.js'

/** Field names as JSON of protocol buffers spells them; snake_case is as good. */
export function camel(object: Json): Json {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [camelName(name), value]))
}

function camelName(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** @throws VendorRefusal for a name that the message does not have */
export function onlyNames(object: Json, known: ReadonlySet<string>, at: string): void {
  const unknown = Object.keys(object).filter((name) => !known.has(camelName(name)))
  if (unknown.length === 0) return
  const place = at === '' ? '' : ` at '${at}'`
  const told = unknown.map(
    (name) => `Invalid JSON payload received. Unknown name "${name}"${place}: Cannot find field.`,
  )
  const fieldViolations = told.map((description) => ({ field: at, description }))
  throw invalid(told.join('\n'), {
    details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }],
  })
}
