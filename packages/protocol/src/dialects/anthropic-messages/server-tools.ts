import type { WebSearchCallItem } from '../../pivot/index.js'
import { isJson, text, type Json } from '../json.js'
import { clientId, pivotId } from './ids.js'
import { anthropicFields, withAnthropic, type ServerToolUseBlock, type WebSearchToolResultBlock } from './wire.js'

/** Tools of this API that are the pivot's web search, in whatever version. */
export function isWebSearchTool(type: unknown): boolean {
  return typeof type === 'string' && /^web_search_\d{8}$/.test(type)
}

/** A page that a search found. */
export interface Source {
  url: string
  title?: string
}

/**
 * The two blocks of a web search as an item of the pivot. Blocks that were made here become the item that they were made of;
 * Anthropic's own are kept beside it, because the found pages are encrypted and only Anthropic can read them.
 * @param result absent while the search has not answered
 */
export function webSearchItem(use: Json, result: Json | undefined): WebSearchCallItem {
  const id = text(use['id']) ?? ''
  const foreign = pivotId(id, SEARCH_PREFIX)
  const input = isJson(use['input']) ? use['input'] : {}
  const content = result?.['content']
  const failed = isJson(content)
  const sources = Array.isArray(content) ? content.filter(isJson).map(sourceOf) : []
  if (foreign !== undefined) {
    const { query, ...told } = input
    const action = text(told['type']) === undefined ? { type: 'search', query, ...told } : told
    return {
      type: 'web_search_call',
      id: foreign,
      status: failed ? 'failed' : 'completed',
      action: { ...action, ...(sources.length > 0 && action['type'] === 'search' ? { sources } : {}) },
    }
  }
  return {
    // Without Anthropic's id, which others refuse; it stands in the blocks.
    type: 'web_search_call',
    status: failed ? 'failed' : result === undefined ? 'in_progress' : 'completed',
    action: { type: 'search', query: text(input['query']) ?? '', ...(sources.length > 0 ? { sources } : {}) },
    ...withAnthropic({ use, ...(result === undefined ? {} : { result }) }),
  }
}

const SEARCH_PREFIX = 'srvtoolu_dgm_'

function sourceOf(found: Json): Json {
  const title = text(found['title'])
  return { type: 'url', url: text(found['url']) ?? '', ...(title === undefined ? {} : { title }) }
}

/** The block that says that a search was made; Anthropic's own as it came. */
export function searchUse(item: WebSearchCallItem): ServerToolUseBlock {
  const own = anthropicFields(item)['use']
  if (isJson(own)) return own as unknown as ServerToolUseBlock
  return {
    type: 'server_tool_use',
    id: clientId(item.id ?? '', SEARCH_PREFIX),
    name: 'web_search',
    input: searchInput(item.action ?? {}),
  }
}

/** Anthropic's search knows queries alone; a page that was opened is told by its address. */
function searchInput(action: Json): Json {
  const { type, sources: _, ...told } = action
  const words = text(told['query']) ?? (Array.isArray(told['queries']) ? told['queries'].join(', ') : undefined)
  const query = words ?? text(told['url']) ?? text(told['pattern']) ?? ''
  return type === 'search' || type === undefined ? { ...told, query } : { ...told, type, query }
}

/**
 * The block with what a search found; Anthropic's own as it came.
 * @param cited pages that the answer cites, for upstreams that do not tell what they found
 */
export function searchResult(item: WebSearchCallItem, cited: readonly Source[]): WebSearchToolResultBlock {
  const own = anthropicFields(item)['result']
  if (isJson(own)) return own as unknown as WebSearchToolResultBlock
  const tool_use_id = searchUse(item).id
  if (item.status === 'failed') {
    return {
      type: 'web_search_tool_result',
      tool_use_id,
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
    }
  }
  const found = foundSources(item)
  const seen = new Set<string>()
  const content: Json[] = []
  for (const { url, title } of found.length > 0 ? found : cited) {
    if (seen.has(url)) continue
    seen.add(url)
    content.push({ type: 'web_search_result', url, title: title ?? url, encrypted_content: '', page_age: null })
  }
  return { type: 'web_search_tool_result', tool_use_id, content }
}

/** The pages that the upstream says it found; most do not say. */
export function foundSources(item: WebSearchCallItem): Source[] {
  const sources = item.action?.['sources']
  if (!Array.isArray(sources)) return []
  return sources.filter(isJson).flatMap((source) => {
    const url = text(source['url'])
    const title = text(source['title'])
    return url === undefined ? [] : [{ url, ...(title === undefined ? {} : { title }) }]
  })
}
