import type { Annotation } from '../../pivot/index.js'
import { carry, unpack } from '../carried-state.js'
import { isJson, text, type Json } from '../json.js'
import { ANTHROPIC, anthropicFields } from './wire.js'

/** Longest `cited_text`; Anthropic cites at most 150 characters. */
const MOST_CITED = 150

/**
 * A citation of an Anthropic upstream as an annotation of the text from `start` to `end` (UTF-16 units). The citation itself is kept, for
 * it says more: what was cited, and where in the source.
 */
export function annotationOf(citation: Json, start: number, end: number): Annotation {
  const extra = { [ANTHROPIC]: citation }
  const url = text(citation['url']) ?? text(citation['source'])
  if (url !== undefined) {
    const title = text(citation['title']) ?? ''
    return { type: 'url_citation', url, title, start_index: start, end_index: end, extra }
  }
  const filename = text(citation['document_title']) ?? text(citation['title']) ?? ''
  return { type: 'file_citation', file_id: text(citation['file_id']) ?? '', filename, index: end, extra }
}

/**
 * An annotation as a citation of this API: its own as it came, a cited page as `web_search_result_location`; undefined for the rest.
 * A foreign one travels whole in `encrypted_index`, so that the client brings it back.
 */
export function citationOf(annotation: Annotation, whole: string): Json | undefined {
  const own = anthropicFields(annotation)
  if (text(own['type']) !== undefined) return { ...own }
  if (annotation.type !== 'url_citation' || typeof annotation.url !== 'string') return undefined
  const cited = whole.slice(annotation.start_index ?? 0, annotation.end_index ?? 0)
  return {
    type: 'web_search_result_location',
    cited_text: cited.length > MOST_CITED ? `${cited.slice(0, MOST_CITED)}…` : cited,
    url: annotation.url,
    title: annotation.title ?? null,
    encrypted_index: carry('openai-responses', annotation),
  }
}

/** The annotation that {@link citationOf} carried; undefined for a citation of Anthropic's own. */
export function carriedAnnotation(citation: unknown): Annotation | undefined {
  const index = isJson(citation) ? citation['encrypted_index'] : undefined
  const state = typeof index === 'string' ? unpack(index)?.state : undefined
  return state !== undefined && typeof state['type'] === 'string' ? (state as Annotation) : undefined
}
