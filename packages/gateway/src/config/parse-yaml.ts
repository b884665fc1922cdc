import { isAlias, isCollection, isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import { ConfigError, type ConfigProblem } from './config-error.js'

/** A parsed file whose places can be named. */
export interface Placed {
  value: unknown
  /** `config.yaml:3:7` of a key, or of the nearest thing above it. */
  at(path: readonly string[]): string
}

/** More than anybody writes by hand; what a program reads at every save must stay small. */
export const MAX_FILE_BYTES = 1024 * 1024

/**
 * Reads YAML with the strictness of a configuration: one document of at most 1 MiB, no tags, no duplicate keys, no merge keys, and
 * aliases only as many as do no harm.
 * @throws ConfigError with line and column
 */
export function parseYaml(text: string, file: string): Placed {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) throw tooLarge(file)
  const lines = new LineCounter()
  const problems: ConfigProblem[] = []
  const complain = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset)
    problems.push({ where: `${file}:${line}:${col}`, key: '', message })
  }
  const document = carefully(file, () =>
    parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: true,
      merge: false,
      customTags: [],
      strict: true,
      prettyErrors: false,
    }),
  )
  for (const error of [...document.errors, ...document.warnings]) complain(error.pos[0], firstLine(error.message))
  // YAML 1.1 would read `no` as false and 1:30 as 90.
  if (document.directives.yaml.version !== '1.2') complain(0, 'only YAML 1.2 is read; leave the %YAML line out')
  if (problems.length === 0) carefully(file, () => forbidMagic(document, complain))
  // What follows the first mistake of a place is its echo.
  if (problems.length > 0) throw new ConfigError(onePerPlace(problems).slice(0, 5))
  const value = carefully(file, () => document.toJS({ maxAliasCount: 100 }) as unknown)
  if (isEndless(value))
    throw new ConfigError([{ where: file, key: '', message: 'an alias (*) stands inside of what it names' }])
  return { value, at: (path) => placeOf(document, lines, file, path) }
}

/** Does it hold itself? The rest of the program may take a configuration for a tree. */
function isEndless(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false
  return above.includes(value) || Object.values(value).some((inner) => isEndless(inner, [...above, value]))
}

export function tooLarge(file: string): ConfigError {
  return new ConfigError([{ where: file, key: '', message: 'the file is larger than 1 MiB; this is no configuration' }])
}

function onePerPlace(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.filter((problem, n) => problems.findIndex(({ where }) => where === problem.where) === n)
}

/** Tags and merge keys make a value of something that does not stand there. */
function forbidMagic(document: Document.Parsed, complain: (offset: number, message: string) => void): void {
  visit(document, {
    Pair(_, { key }) {
      if (isCollection(key) || isAlias(key)) {
        complain(key.range?.[0] ?? 0, 'a key is a word, not a list, a map or an alias')
      }
      if (isScalar(key) && key.value === '<<') {
        complain(key.range?.[0] ?? 0, 'merge keys (<<) are not for configurations; write the settings out')
      }
    },
    Node(_, node) {
      if (node.tag !== undefined) complain(node.range?.[0] ?? 0, `tags (${node.tag}) are not for configurations`)
    },
  })
}

/** A bomb of aliases or of nesting ends here, not the program. */
function carefully<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const why = firstLine(error instanceof Error ? error.message : String(error))
    throw new ConfigError([{ where: file, key: '', message: `this is no configuration: ${why}` }])
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
