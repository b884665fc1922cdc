import type { Annotation, MessageItem, PivotItem, WebSearchCallItem } from '../../pivot/index.js'
import { isKnownItem } from '../../pivot/index.js'
import { isJson, text, type Json } from '../json.js'

/**
 * Web searches and citations of an answer as `groundingMetadata`; undefined when there are none. Gemini counts a segment's place in bytes of
 * UTF-8 over the whole text, the pivot in UTF-16 units of one part.
 * Source: Gemini API reference, `GroundingMetadata`.
 */
export function groundingOf(output: readonly PivotItem[]): Json | undefined {
  const known = output.filter(isKnownItem)
  const searches = known.filter((item) => item.type === 'web_search_call')
  const queries = searches.flatMap(queriesOf)
  const pages = new Map<string, { at: number; title: string }>()
  const supports: Json[] = []
  let before = 0
  for (const item of known) {
    if (item.type !== 'message') continue
    for (const part of textsOf(item)) {
      for (const annotation of part.annotations) {
        if (annotation.type !== 'url_citation' || typeof annotation.url !== 'string') continue
        const page = pages.get(annotation.url) ?? { at: pages.size, title: annotation.title ?? annotation.url }
        pages.set(annotation.url, page)
        supports.push({ segment: segment(part.text, annotation, before), groundingChunkIndices: [page.at] })
      }
      before += utf8Length(part.text)
    }
  }
  // Where nothing is cited, what was read is told.
  if (supports.length === 0) {
    for (const { url, title } of searches.flatMap(sourcesOf)) pages.set(url, { at: pages.size, title: title ?? url })
  }
  if (queries.length === 0 && pages.size === 0) return undefined
  return {
    ...(queries.length > 0 ? { webSearchQueries: queries } : {}),
    groundingChunks: [...pages].map(([uri, { title }]) => ({ web: { uri, title } })),
    groundingSupports: supports,
  }
}

function segment(text: string, { start_index = 0, end_index = text.length }: Annotation, before: number): Json {
  const start = Math.max(0, Math.min(start_index, text.length))
  const end = Math.max(start, Math.min(end_index, text.length))
  const startIndex = before + utf8Length(text.slice(0, start))
  const cited = text.slice(start, end)
  return { ...(startIndex > 0 ? { startIndex } : {}), endIndex: startIndex + utf8Length(cited), text: cited }
}

function queriesOf(item: WebSearchCallItem): string[] {
  const { query, queries } = item.action ?? {}
  if (Array.isArray(queries)) return queries.filter((one) => typeof one === 'string')
  return typeof query === 'string' && query !== '' ? [query] : []
}

function sourcesOf(item: WebSearchCallItem): { url: string; title: string | undefined }[] {
  return list(item.action?.['sources']).flatMap(({ url, title }) => {
    const page = text(url)
    return page === undefined ? [] : [{ url: page, title: text(title) }]
  })
}

function textsOf(item: MessageItem): { text: string; annotations: readonly Annotation[] }[] {
  if (typeof item.content === 'string') return [{ text: item.content, annotations: [] }]
  return item.content.flatMap((part) => {
    if (part.type === 'output_text') return [{ text: part.text, annotations: part.annotations ?? [] }]
    return part.type === 'refusal' ? [{ text: part.refusal, annotations: [] }] : []
  })
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}

/**
 * What an upstream's `groundingMetadata` says, in the pivot: the search, and the citations of the whole text. Where a place does not hold the
 * words that its segment tells (its part was not the whole text), the words themselves are looked for.
 */
export function searchOf(
  grounding: unknown,
  text: string,
): { item: WebSearchCallItem; citations: Annotation[] } | undefined {
  if (!isJson(grounding)) return undefined
  const queries = strings(grounding['webSearchQueries'])
  const chunks = list(grounding['groundingChunks']).map(pageOf)
  if (queries.length === 0 && chunks.length === 0) return undefined
  const places = utf16Places(text)
  const citations = list(grounding['groundingSupports']).flatMap((support) => {
    const segment = isJson(support['segment']) ? support['segment'] : {}
    const place = placeOf(segment, text, places)
    const indices: unknown[] = Array.isArray(support['groundingChunkIndices']) ? support['groundingChunkIndices'] : []
    return indices.flatMap((index) => {
      const page = chunks[Number(index)]
      return page === undefined || page.url === '' || place === undefined
        ? []
        : [{ type: 'url_citation', url: page.url, title: page.title, ...place }]
    })
  })
  const item: WebSearchCallItem = {
    type: 'web_search_call',
    status: 'completed',
    action: {
      type: 'search',
      query: queries[0] ?? '',
      ...(queries.length > 1 ? { queries } : {}),
      sources: chunks.filter(({ url }) => url !== '').map(({ url, title }) => ({ type: 'url', url, title })),
    },
  }
  return { item, citations }
}

function pageOf(chunk: Json): { url: string; title: string } {
  const kinds = [chunk['web'], chunk['retrievedContext'], chunk['maps']]
  const page = kinds.find(isJson) ?? {}
  return {
    url: typeof page['uri'] === 'string' ? page['uri'] : '',
    title: typeof page['title'] === 'string' ? page['title'] : '',
  }
}

function placeOf(
  segment: Json,
  text: string,
  places: Uint32Array,
): { start_index: number; end_index: number } | undefined {
  const last = places.length - 1
  const at = (byte: number): number => places[Math.max(0, Math.min(Math.trunc(byte), last))] ?? text.length
  const start_index = at(numberOr(segment['startIndex'], 0))
  const end_index = Math.max(start_index, at(numberOr(segment['endIndex'], last)))
  const words = segment['text']
  if (typeof words !== 'string' || words === '' || text.slice(start_index, end_index) === words) {
    return { start_index, end_index }
  }
  const found = text.indexOf(words)
  return found === -1 ? undefined : { start_index: found, end_index: found + words.length }
}

/** By byte of the text's UTF-8, the UTF-16 unit that it belongs to; one more for the end. */
function utf16Places(text: string): Uint32Array {
  const places = new Uint32Array(utf8Length(text) + 1)
  let byte = 0
  let unit = 0
  for (const sign of text) {
    const point = sign.codePointAt(0) ?? 0
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    places.fill(unit, byte, byte + bytes)
    byte += bytes
    unit += sign.length
  }
  places[byte] = unit
  return places
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
