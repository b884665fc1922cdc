import { isJson, text, type Json } from './json.js'

/** The words of an error body, whichever form it has. */
export interface ErrorWords {
  message: string
  code: string
  type: string
  param: string | null
  /** Unix seconds. */
  resetsAt?: number
  resetsInSeconds?: number
}

/** Reads `{error:{…}}`, `{error:"…"}`, `{detail:"…"|{…}}`, `{message}`, `{code}`. */
export function errorWords(body: unknown): ErrorWords {
  const root = isJson(body) ? body : {}
  const inner = [root['error'], root['detail'], root].find(isJson) ?? {}
  const below = wordsBelow(inner)
  const said =
    text(inner['message']) ??
    text(root['error']) ??
    text(root['detail']) ??
    text(root['message']) ??
    listed((isJson(root['message']) ? root['message']['detail'] : undefined) ?? root['detail']) ??
    ''
  const resetsAt = number(inner['resets_at'])
  const resetsInSeconds = number(inner['resets_in_seconds'])
  return {
    message: below === undefined ? said : `${said} (${below.message})`,
    code: text(inner['code']) ?? below?.code ?? '',
    type: text(inner['type']) ?? '',
    param: text(inner['param']) ?? null,
    ...(resetsAt === undefined ? {} : { resetsAt }),
    ...(resetsInSeconds === undefined ? {} : { resetsInSeconds }),
  }
}

/**
 * What the provider behind a broker said: `Anthropic: Overloaded`. OpenRouter keeps its words, most often JSON, in `metadata.raw`.
 * Source: OpenRouter, errors and debugging, provider errors.
 */
export function wordsBelow(error: Json): { message: string; code: string } | undefined {
  const { metadata } = error
  const raw = isJson(metadata) ? text(metadata['raw']) : undefined
  if (!isJson(metadata) || raw === undefined) return undefined
  const name = text(metadata['provider_name'])
  const words = errorWords(parsed(raw))
  const message = words.message === '' ? raw : words.message
  return { message: name === undefined ? message : `${name}: ${message}`, code: words.code }
}

/** A body that broke its schema, as FastAPI lists it: `[{loc: ["body", "n"], msg: "Extra inputs are not permitted"}]`. */
function listed(detail: unknown): string | undefined {
  if (!Array.isArray(detail)) return undefined
  const said = detail.flatMap((one: unknown) => {
    const { msg, loc } = isJson(one) ? one : {}
    const place = Array.isArray(loc) ? `${loc.slice(loc[0] === 'body' ? 1 : 0).join('.')}: ` : ''
    return typeof msg === 'string' ? [`${place}${msg}`] : []
  })
  return said.length === 0 ? undefined : said.slice(0, 5).join('; ')
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said) as unknown
  } catch {
    return undefined
  }
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
