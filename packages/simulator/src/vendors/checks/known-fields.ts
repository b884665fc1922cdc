import { invalid } from '../refusal.js'
import type { Json } from '../vendor.js'

/** Fields set to `undefined` never reach the wire; everything else must be known. @throws VendorRefusal as `complain` words it */
export function onlyFields(object: Json, known: ReadonlySet<string>, complain: (field: string) => Error): void {
  const unknown = Object.keys(object).find((field) => !known.has(field))
  if (unknown !== undefined) throw complain(unknown)
}

/** Anthropic's words for a field that is not in its schema. */
export function extraInput(at: string): Error {
  return invalid(`${at}: Extra inputs are not permitted`)
}

/** OpenAI's words. */
export function unknownParameter(param: string): Error {
  return invalid(`Unknown parameter: '${param}'.`, { param, code: 'unknown_parameter' })
}

export function missingParameter(param: string): Error {
  return invalid(`Missing required parameter: '${param}'.`, { param, code: 'missing_required_parameter' })
}

export function fields(names: string): ReadonlySet<string> {
  return new Set(names.split(' '))
}
