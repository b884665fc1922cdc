import type { Json } from '../json.js'

/** A field's name in camelCase, however proto JSON spelled it. Source: protobuf JSON mapping, both spellings are read. */
export function camelCase(name: string): string {
  return name.includes('_') ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name
}

/**
 * The object with its own field names in camelCase; what stands inside its fields is untouched, for it may be the client's own data.
 * Where both spellings are there the camelCase one counts.
 */
export function camelCased(object: Json): Json {
  const names = Object.keys(object)
  if (!names.some((name) => name.includes('_'))) return object
  const out = new Map<string, unknown>()
  for (const name of names) {
    const camel = camelCase(name)
    if (camel === name || !out.has(camel)) out.set(camel, object[name])
  }
  return Object.fromEntries(out)
}
