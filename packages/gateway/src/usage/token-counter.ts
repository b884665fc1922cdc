import { isKnownItem, unreachable, type MessagePart, type PivotItem, type PivotRequest } from '@dragoman/protocol'
import { LRUCache } from 'lru-cache'
import { imageTokens } from './image-tokens.js'
import { countablePieces } from './token-texts.js'
import { toolDeclaration } from './tool-declaration.js'

/** Counts prompts with the tokenizer of OpenAI's models, here on this machine. */
export interface TokenCounter {
  /** Tokens of the whole prompt. Loads the tokenizer the first time (about 0.3 s). */
  count(request: PivotRequest): Promise<number>
  /** The same at once; undefined while the tokenizer is not loaded, which this begins. */
  countNow(request: PivotRequest): number | undefined
}

type CountText = (text: string) => number

/** What wraps each message, and what makes the model answer. Source: OpenAI cookbook, "How to count tokens". */
const MESSAGE = 4
const REPLY = 3
/** What surrounds the declarations of a prompt's tools. */
const TOOLS = 12
/** A page of a document, as text and picture, is about so many tokens; a PDF spends about so many base64 characters on it. */
const PDF_PAGE = 1_500
const PDF_PAGE_CHARACTERS = 60_000

/** Texts that come again with every turn are counted once. */
const CACHED_CHARACTERS = 8 * 1024 * 1024
const CACHE_FROM = 128
/** Beyond this the rest is reckoned by the density of what was counted; it takes 15 ms a quarter of a million. */
const COUNTED_CHARACTERS = 2_000_000

/** @param load gives the tokenizer; by default o200k, which all OpenAI models since GPT-4o share */
export function createTokenCounter(load: () => Promise<CountText> = loadO200k): TokenCounter {
  const known = new LRUCache<string, number>({
    maxSize: CACHED_CHARACTERS,
    sizeCalculation: (_, text) => text.length,
  })
  let tokenizer: CountText | undefined
  let loading: Promise<CountText> | undefined

  function ready(): Promise<CountText> {
    loading ??= load().then((loaded) => (tokenizer = loaded))
    return loading
  }

  function withTokenizer(countText: CountText, request: PivotRequest): number {
    const tally: Tally = { characters: 0, uncounted: 0 }
    const text: CountText = (told) => {
      if (told === '') return 0
      const cached = told.length < CACHE_FROM ? undefined : known.get(told)
      if (cached !== undefined) return cached
      if (tally.characters + told.length > COUNTED_CHARACTERS) {
        tally.uncounted += told.length
        return 0
      }
      tally.characters += told.length
      let tokens = 0
      for (const piece of countablePieces(told)) tokens += countText(piece)
      if (told.length >= CACHE_FROM) known.set(told, tokens)
      return tokens
    }
    const tokens = promptTokens(request, text)
    return tally.uncounted === 0 ? tokens : Math.round(tokens * (1 + tally.uncounted / tally.characters))
  }

  return {
    count: async (request) => withTokenizer(await ready(), request),
    countNow(request) {
      if (tokenizer !== undefined) return withTokenizer(tokenizer, request)
      void ready()
      return undefined
    },
  }
}

interface Tally {
  characters: number
  uncounted: number
}

async function loadO200k(): Promise<CountText> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
  // Somebody's text that looks like a special token is text.
  const options = { disallowedSpecial: new Set<string>() }
  return (text) => countTokens(text, options)
}

function promptTokens(request: PivotRequest, text: CountText): number {
  let tokens = REPLY
  if (request.instructions != null && request.instructions !== '') tokens += MESSAGE + text(request.instructions)
  for (const item of request.input) tokens += itemTokens(item, text)
  const tools = request.tools ?? []
  if (tools.length > 0) tokens += TOOLS
  for (const tool of tools) tokens += text(toolDeclaration(tool as Record<string, unknown>))
  const format = request.text?.format
  if (format?.type === 'json_schema') tokens += text(JSON.stringify(format.schema))
  return tokens
}

function itemTokens(item: PivotItem, text: CountText): number {
  if (!isKnownItem(item)) return MESSAGE + text(JSON.stringify(item))
  switch (item.type) {
    case 'message':
      return MESSAGE + contentTokens(item.content, text)
    case 'reasoning': {
      const told = [...item.summary, ...(item.content ?? [])].reduce((sum, part) => sum + text(part.text), 0)
      // Sealed thoughts: base64 of about four bytes a token.
      return item.encrypted_content == null ? told : Math.round(item.encrypted_content.length * (3 / 16))
    }
    case 'function_call':
      return MESSAGE + text(item.name) + text(item.arguments)
    case 'custom_tool_call':
      return MESSAGE + text(item.name) + text(item.input)
    case 'function_call_output':
    case 'custom_tool_call_output':
      return MESSAGE + contentTokens(item.output, text)
    case 'web_search_call':
      return MESSAGE + text(JSON.stringify(item.action ?? {}))
    case 'image_generation_call':
      return typeof item.result === 'string' ? imageTokens(`data:image/png;base64,${item.result}`, undefined) : MESSAGE
    default:
      return unreachable(item)
  }
}

function contentTokens(content: string | readonly MessagePart[], text: CountText): number {
  if (typeof content === 'string') return text(content)
  return content.reduce((sum, part) => sum + partTokens(part, text), 0)
}

function partTokens(part: MessagePart, text: CountText): number {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return text(part.text)
    case 'refusal':
      return text(part.refusal)
    case 'input_image':
      return imageTokens(part.image_url ?? undefined, part.detail ?? undefined)
    case 'input_file':
      return fileTokens(part.file_data ?? '', text)
    case 'input_audio':
      // Ten tokens a second of speech; compressed speech is about four kilobytes a second.
      return Math.ceil(part.input_audio.data.length / 540)
    default:
      return text(JSON.stringify(part))
  }
}

function fileTokens(dataUrl: string, text: CountText): number {
  const comma = dataUrl.indexOf(',')
  if (comma === -1) return PDF_PAGE
  const data = dataUrl.slice(comma + 1)
  if (/^data:(?:text\/|application\/(?:json|xml))/.test(dataUrl)) {
    return text(dataUrl.slice(0, comma).endsWith(';base64') ? Buffer.from(data, 'base64').toString('utf8') : data)
  }
  return PDF_PAGE * Math.max(1, Math.ceil(data.length / PDF_PAGE_CHARACTERS))
}
