import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { ConfigError } from './config-error.js'

/** A parsed file whose places can be named. */
export interface Placed {
  value: unknown
  /** `config.yaml:3:7` of a key, or of the nearest thing above it. */
  at(path: readonly string[]): string
}

/**
 * Reads YAML with the strictness of a configuration: one document, no tags, no duplicate keys, no merge keys, and aliases only as
 * many as do no harm.
 * @throws ConfigError with line and column
 */
export function parseYaml(text: string, file: string): Placed {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    customTags: [],
    strict: true,
    prettyErrors: false,
  })
  const problems = [...document.errors, ...document.warnings].map((error) => {
    const place = lines.linePos(error.pos[0])
    return { where: `${file}:${place.line}:${place.col}`, key: '', message: error.message }
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return { value: valueOf(document, file), at: (path) => placeOf(document, lines, file, path) }
}

function valueOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch (error) {
    throw new ConfigError([{ where: file, key: '', message: error instanceof Error ? error.message : String(error) }])
  }
}

function placeOf(document: Document.Parsed, lines: LineCounter, file: string, path: readonly string[]): string {
  let node: unknown = document.contents
  let offset = 0
  for (const step of path) {
    if (!isMap(node)) break
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
    if (pair === undefined) break
    if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0]
    node = pair.value
  }
  const place = lines.linePos(offset)
  return place.line === 0 ? file : `${file}:${place.line}:${place.col}`
}
