/** A JSON object whose fields nobody has looked at yet. */
export type Json = Record<string, unknown>

/** Narrows to a JSON object; arrays and null are none. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value when it is a text with something in it. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A copy without the named fields. Own keys only, so a field called `__proto__` stays a field. */
export function without(object: Json, names: ReadonlySet<string>): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)))
}

/** Absent and null mean the same on this wire. */
export function isSet<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null
}

/** The fields that have a value, to be spread into an object. */
export function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isSet(value))) as never
}
