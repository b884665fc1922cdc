/** Looking into objects of unknown make. */
export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/**
 * The first of these that is a text with something in it.
 * @param paths `token`, or `tokens.access_token`; the first hit wins
 */
export function firstText(from: Fields, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = at(from, path)
    if (typeof found === 'string' && found.trim() !== '') return found.trim()
  }
  return undefined
}

export function firstFlag(from: Fields, paths: readonly string[]): boolean | undefined {
  return paths.map((path) => at(from, path)).find((value) => typeof value === 'boolean')
}

/** A number, also when it is written as a text. */
export function numberAt(from: Fields | undefined, name: string): number | undefined {
  const value = from === undefined ? undefined : own(from, name)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** A time as ISO 8601, unix seconds or unix ms; unix ms out. */
export function timeAt(from: Fields, paths: readonly string[]): number | undefined {
  for (const path of paths) {
    const value = at(from, path)
    const time = typeof value === 'number' ? asMs(value) : typeof value === 'string' ? Date.parse(value) : NaN
    if (Number.isFinite(time) && time > 0 && time < LATEST) return time
  }
  return undefined
}

/** What is below has been seconds: as ms it lies in 1973. */
export function asMs(time: number): number {
  return time < 1e11 ? Math.round(time * 1000) : Math.round(time)
}

/** Dates know no later one. */
const LATEST = 8.64e15

function at(from: Fields, path: string): unknown {
  const dot = path.indexOf('.')
  if (dot === -1) return own(from, path)
  const inner = fieldsOf(own(from, path.slice(0, dot)))
  return inner === undefined ? undefined : at(inner, path.slice(dot + 1))
}

function own(from: Fields, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : undefined
}
