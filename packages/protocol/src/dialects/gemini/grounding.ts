import type { Annotation, MessageItem, PivotItem, WebSearchCallItem } from '../../pivot/index.js'
import { isKnownItem } from '../../pivot/index.js'
import { isJson, type Json } from '../json.js'

/**
 * Web searches and citations of an answer as `groundingMetadata`; undefined when there are none. Gemini counts a segment's place in bytes of
 * UTF-8 over the whole text, the pivot in UTF-16 units of one part.
 * Source: Gemini API reference, `GroundingMetadata`.
 */
export function groundingOf(output: readonly PivotItem[]): Json | undefined {
  const known = output.filter(isKnownItem)
  const queries = known.filter((item) => item.type === 'web_search_call').flatMap(queriesOf)
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

/** What an upstream's `groundingMetadata` says, in the pivot: the search, and the citations of the whole text. */
export function searchOf(
  grounding: unknown,
  text: string,
): { item: WebSearchCallItem; citations: Annotation[] } | undefined {
  if (!isJson(grounding)) return undefined
  const queries = strings(grounding['webSearchQueries'])
  const chunks = list(grounding['groundingChunks']).map((chunk) => {
    const web = isJson(chunk['web']) ? chunk['web'] : isJson(chunk['retrievedContext']) ? chunk['retrievedContext'] : {}
    return {
      url: typeof web['uri'] === 'string' ? web['uri'] : '',
      title: typeof web['title'] === 'string' ? web['title'] : '',
    }
  })
  if (queries.length === 0 && chunks.length === 0) return undefined
  const bytes = new TextEncoder().encode(text)
  const citations = list(grounding['groundingSupports']).flatMap((support) => {
    const place = isJson(support['segment']) ? support['segment'] : {}
    const start_index = utf16Index(bytes, numberOr(place['startIndex'], 0))
    const end_index = utf16Index(bytes, numberOr(place['endIndex'], bytes.length))
    return (Array.isArray(support['groundingChunkIndices']) ? support['groundingChunkIndices'] : []).flatMap(
      (index) => {
        const page = chunks[Number(index)]
        return page === undefined || page.url === ''
          ? []
          : [{ type: 'url_citation', url: page.url, title: page.title, start_index, end_index }]
      },
    )
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

function utf16Index(bytes: Uint8Array, at: number): number {
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, Math.min(at, bytes.length)))).length
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
