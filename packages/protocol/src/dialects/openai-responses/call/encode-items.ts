import type { DialectId, UpstreamModel } from '../../../dialect.js'
import { isJson, type Json } from '../../json.js'
import { step, type Noting } from '../../refusing.js'

/** An item of the body, and where it stood in the request: notes tell the client's place. */
export interface PlacedItem {
  item: unknown
  at: number
}

/**
 * Items as a Responses upstream reads them: without what is ours (`extra`), without items that only another dialect has, without
 * reasoning that it did not make. The same objects where there is nothing to take away.
 */
export function encodeItems(input: readonly unknown[], rules: UpstreamModel['rules'], note: Noting): PlacedItem[] {
  const out: PlacedItem[] = []
  /** Said once for each reason, at the first of perhaps hundreds of items. */
  const said = new Set<string>()
  const drop = (pointer: string, reason: string): void => {
    if (!said.has(reason)) note(pointer, 'dropped', reason)
    said.add(reason)
  }
  input.forEach((item, at) => {
    const pointer = `/input/${at}`
    if (!isJson(item)) {
      out.push({ item, at })
      return
    }
    const foreign = FOREIGN_ITEMS.get(item['type'])
    if (foreign !== undefined) {
      drop(pointer, foreign)
      return
    }
    if (item['type'] === 'reasoning' && !replayable(item, rules)) {
      drop(pointer, why(item))
      return
    }
    noteMeaning(item, pointer, note)
    out.push({ item: withoutExtra(item), at })
  })
  return out
}

/** Items that dialects keep whole for upstreams of their own kind. */
const FOREIGN_ITEMS: ReadonlyMap<unknown, string> = new Map([
  ['anthropic_block', 'only Anthropic upstreams know blocks of this type'],
  ['gemini_part', 'only Gemini upstreams know parts of this type'],
])

/**
 * OpenAI reads earlier reasoning from its encrypted form, or by its id when it stored it; it refuses or ignores plain words
 * (2026-05). Servers of open models read the words.
 */
function replayable(item: Json, rules: UpstreamModel['rules']): boolean {
  if (typeof item['encrypted_content'] === 'string' && item['encrypted_content'] !== '') return true
  if (rules === 'codex') return false
  const stored = typeof item['id'] === 'string' && !('extra' in item)
  if (rules === 'openai') return stored
  return stored || (Array.isArray(item['content']) && item['content'].length > 0)
}

const DIALECTS: ReadonlySet<string> = new Set<DialectId>(['openai-chat', 'anthropic-messages', 'gemini', 'ollama'])

function why(item: Json): string {
  const extra = isJson(item['extra']) ? Object.keys(item['extra']) : []
  return extra.some((dialect) => DIALECTS.has(dialect))
    ? "reasoning of another provider's model is never replayed"
    : 'reasoning goes back to its model in its encrypted form only'
}

/**
 * What dialects say of an item or a part beyond the pivot, where it means something to the model. Everything else in `extra` is a
 * hint to a cache (`cache_control`: the Responses API caches by itself), a signature, or spelling.
 */
const MEANING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'openai-chat': {
    name: 'the Responses API does not tell who of several people speaks',
    audio: 'the Responses API has no spoken answers to go on from',
  },
  'anthropic-messages': {
    citations: 'only Anthropic upstreams cite documents',
    context: 'the Responses API has no place for words about a document',
    input_examples: 'the Responses API has no examples of a call',
    max_uses: 'the Responses API does not count searches',
  },
  gemini: {
    videoMetadata: 'only Gemini upstreams cut videos',
  },
}

/** Notes what an item, a part or a tool loses with its `extra`. */
export function noteMeaning(entry: Json, pointer: string, note: Noting): void {
  const extra = entry['extra']
  if (isJson(extra)) {
    for (const [dialect, meaning] of Object.entries(MEANING)) {
      const fields = extra[dialect]
      if (!isJson(fields)) continue
      for (const [field, reason] of Object.entries(meaning)) {
        if (asks(field, fields[field])) note(`${pointer}/${step(field)}`, 'dropped', reason)
      }
    }
  }
  for (const list of ['content', 'output'] as const) {
    const parts = entry[list]
    if (!Array.isArray(parts)) continue
    parts.forEach((part, at) => {
      if (isJson(part) && 'extra' in part) noteMeaning(part, `${pointer}/${list}/${at}`, note)
    })
  }
}

function asks(field: string, value: unknown): boolean {
  // On an answer they are citations that were made, on a document the wish to have some.
  if (field === 'citations') return isJson(value) && value['enabled'] === true
  if (value === undefined || value === null || value === false || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

/** An item, part or tool without what is ours, its parts likewise; the same object where there is nothing to take away. */
export function withoutExtra(entry: unknown): unknown {
  if (!isJson(entry)) return entry
  const content = Array.isArray(entry['content']) ? entry['content'] : undefined
  const output = Array.isArray(entry['output']) ? entry['output'] : undefined
  const deep = content?.some(hasExtra) === true || output?.some(hasExtra) === true
  if (!('extra' in entry) && !deep) return entry
  const { extra: _, ...rest } = entry
  return {
    ...rest,
    ...(content === undefined ? {} : { content: content.map(withoutExtra) }),
    ...(output === undefined ? {} : { output: output.map(withoutExtra) }),
  }
}

function hasExtra(part: unknown): boolean {
  return isJson(part) && 'extra' in part
}
