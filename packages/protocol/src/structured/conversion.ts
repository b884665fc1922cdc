import type { Json } from '../dialects/json.js'
import type { Noting } from '../dialects/refusing.js'
import type { Plan } from './restore-plan.js'

/** A converted schema, and the way back from its values. */
export interface Shape {
  schema: Json
  plan: Plan | undefined
}

/** What the parts of the conversion have of each other. */
export interface Conversion {
  root: Json
  note: Noting
  shape(schema: unknown, at: string): Shape
  /** The shape that also takes null. */
  orNull(shape: Shape): Shape
  /** Any JSON value at all. */
  anything(): Shape
}

/** An object of exactly these properties. */
export function closed(properties: Json): Json {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

/** A condition that only the description can tell. */
export function inWords(keyword: string, value: unknown): string {
  const text = JSON.stringify(value)
  return `${keyword}: ${text.length > 300 ? `${text.slice(0, 299)}…` : text}`
}
