import { isJson, isSet, type Json } from '../../json.js'

/**
 * The shape of a stream's text chunks: all that stands before and after the text. A stream repeats it hundreds of times, so
 * a chunk of known shape is read by comparing, without parsing it.
 *
 * A shape is learnt from a chunk that was parsed, and proven by parsing it once more around an empty text; after that, equal
 * ends mean an equal meaning.
 */
export interface TextShapes {
  /** The text of a chunk of the known shape, without escapes; undefined when it must be parsed. */
  match(data: string): { kind: 'content' | 'reasoning'; text: string } | undefined
  /** Learns from a chunk that was parsed. */
  learn(data: string, chunk: unknown): void
}

interface Shape {
  kind: 'content' | 'reasoning'
  before: string
  after: string
  /** OpenAI pads chunks with random letters; the shape then ends where these begin. */
  padded: boolean
}

/** A stream whose chunks all differ is not worth learning. */
const GIVE_UP_AFTER = 32

export function textShapes(): TextShapes {
  let shape: Shape | undefined
  let learnt = 0
  let matched = 0

  return {
    match(data) {
      if (shape === undefined) return undefined
      const from = shape.before.length
      // Comparing slices costs a tenth of `startsWith`, which looks at one character at a time (Node 24).
      if (data.slice(0, from) !== shape.before) return undefined
      const quote = data.indexOf('"', from)
      if (quote === -1 || quote === from || !isAfter(shape, data, quote)) return undefined
      const text = data.slice(from, quote)
      if (ESCAPED.test(text)) return undefined
      matched++
      return { kind: shape.kind, text }
    },
    learn(data, chunk) {
      if (learnt > GIVE_UP_AFTER && matched < learnt) return
      // The shape was known; only the text had escapes.
      if (shape !== undefined && data.slice(0, shape.before.length) === shape.before && data.includes(shape.after))
        return
      const found = shapeOf(data, chunk)
      if (found === undefined) return
      shape = found
      learnt++
    },
  }
}

// eslint-disable-next-line no-control-regex -- a raw control character makes the JSON invalid, so the parser must see it
const ESCAPED = /[\\\u0000-\u001f]/
const PADDING = ',"obfuscation":"'
const LETTERS = /[A-Za-z0-9]*"\}$/y

function isAfter(shape: Shape, data: string, quote: number): boolean {
  const end = quote + shape.after.length
  if (data.slice(quote, end) !== shape.after) return false
  return shape.padded ? lettersTo(data, end) : data.length === end
}

/** Do only letters and the closing of the object follow? */
function lettersTo(data: string, from: number): boolean {
  LETTERS.lastIndex = from
  return LETTERS.test(data)
}

const FIELDS = ['content', 'reasoning_content', 'reasoning'] as const

function shapeOf(data: string, chunk: unknown): Shape | undefined {
  const text = onlyText(chunk)
  if (text === undefined) return undefined
  const key = `"${text.field}":"`
  const at = data.indexOf(key)
  if (at === -1) return undefined
  const before = data.slice(0, at + key.length)
  const quote = before.length + text.value.length
  const whole = data.slice(quote)
  // Proof that nothing else stands around the text. Fails when the text was escaped, or the key stood elsewhere too.
  const proof = onlyText(parsed(`${before}?${whole}`))
  if (!whole.startsWith('"') || proof?.field !== text.field || proof.value !== '?') return undefined
  const padding = whole.indexOf(PADDING)
  const padded = padding !== -1 && lettersTo(whole, padding + PADDING.length)
  return {
    kind: text.field === 'content' ? 'content' : 'reasoning',
    before,
    after: padded ? whole.slice(0, padding + PADDING.length) : whole,
    padded,
  }
}

const CHUNK_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'provider',
  'choices',
  'usage',
  'service_tier',
  'system_fingerprint',
  'obfuscation',
])

/** The field and text of a chunk that says one piece of text and nothing more. */
function onlyText(chunk: unknown): { field: (typeof FIELDS)[number]; value: string } | undefined {
  if (!isJson(chunk) || isSet(chunk['usage']) || !Object.keys(chunk).every((field) => CHUNK_FIELDS.has(field))) {
    return undefined
  }
  const choices = chunk['choices']
  const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined
  if (!isJson(choice) || (choice['index'] ?? 0) !== 0 || !isPlain(choice, CHOICE_FIELDS)) return undefined
  const delta = choice['delta']
  if (!isJson(delta)) return undefined
  const said = FIELDS.filter((field) => typeof delta[field] === 'string' && delta[field] !== '')
  const field = said[0]
  if (field === undefined || said.length > 1 || !isPlain(delta, new Set([...DELTA_FIELDS, field]))) return undefined
  return { field, value: delta[field] as string }
}

const CHOICE_FIELDS: ReadonlySet<string> = new Set(['index', 'delta'])
const DELTA_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'reasoning_content', 'reasoning'])

/** Do all other fields say nothing? */
function isPlain(object: Json, known: ReadonlySet<string>): boolean {
  return Object.entries(object).every(([field, value]) => known.has(field) || value === null || value === '')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}
