import type { InputFilePart, InputImagePart, MessagePart, OutputTextPart } from '../../../pivot/index.js'
import { given, isJson, isSet, text, without, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { anthropicFields } from '../wire.js'

export interface PartRules {
  /** The client spoke this dialect: what it said goes back as it came. */
  own: boolean
}

/** Content of a user's message or of a tool's result as blocks. */
export function encodeParts(
  content: string | readonly MessagePart[],
  at: string,
  rules: PartRules,
  note: Noting,
): Json[] {
  if (typeof content === 'string') return textBlocks(content, {})
  return content.flatMap((part, index) => encodePart(part, `${at}/${index}`, rules, note))
}

/** Content of the assistant: texts only. */
export function encodeAnswer(content: string | readonly MessagePart[], at: string, note: Noting): Json[] {
  if (typeof content === 'string') return textBlocks(content, {})
  return content.flatMap((part, index) => {
    const { block, within, ...beside } = anthropicFields(part)
    if (within === true) return []
    if (isJson(block)) return [block]
    switch (part.type) {
      case 'output_text':
        return textBlocks(part.text, { ...beside, ...citationsOf(part) })
      case 'input_text':
        return textBlocks(part.text, beside)
      case 'refusal':
        return textBlocks(part.refusal, beside)
      default:
        note(`${at}/${index}`, 'dropped', `the assistant of this API cannot have said a part of type '${part.type}'`)
        return []
    }
  })
}

/** The citations that Anthropic made; only it can read them. */
function citationsOf(part: OutputTextPart): Json {
  const told: unknown = anthropicFields(part)['citations']
  const own = (part.annotations ?? []).map(anthropicFields).filter((citation) => text(citation['type']) !== undefined)
  const citations = [...(Array.isArray(told) ? (told as unknown[]) : []), ...own]
  return citations.length > 0 ? { citations } : {}
}

/** A text without anything to read is refused. */
function textBlocks(told: string, beside: Json): Json[] {
  return told.trim() === '' ? [] : [{ type: 'text', text: told, ...beside }]
}

function encodePart(part: MessagePart, at: string, rules: PartRules, note: Noting): Json[] {
  const { block, within, ...beside } = anthropicFields(part)
  if (within === true) return []
  if (isJson(block)) return [block]
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return textBlocks(part.text, beside)
    case 'refusal':
      return textBlocks(part.refusal, beside)
    case 'input_image':
      return image(part, beside, at, rules, note)
    case 'input_file':
      return file(part, beside, at, rules, note)
    case 'input_audio':
      note(at, 'dropped', 'Anthropic models do not hear audio')
      return []
    default:
      // The union is closed for what we know; a Responses client may send more.
      note(at, 'dropped', `a message has no block for a part of type '${String((part as { type?: unknown }).type)}'`)
      return []
  }
}

function image(part: InputImagePart, beside: Json, at: string, rules: PartRules, note: Noting): Json[] {
  const source = isSet(part.image_url) ? urlSource(part.image_url) : fileSource(part.file_id, rules)
  if (source === undefined) {
    note(at, 'dropped', 'the picture cannot be reached by an Anthropic upstream')
    return []
  }
  if (isSet(part.detail) && part.detail !== 'auto') note(`${at}/detail`, 'dropped', 'Anthropic models see as they do')
  return [{ type: 'image', source, ...beside }]
}

function urlSource(url: string): Json | undefined {
  if (!url.startsWith('data:')) return { type: 'url', url }
  const data = dataOf(url)
  return data === undefined ? undefined : { type: 'base64', media_type: data.type, data: data.base64 }
}

/** A file's id is of the provider that keeps it; Anthropic's begin with `file_`. */
function fileSource(id: string | null | undefined, rules: PartRules): Json | undefined {
  return isSet(id) && (rules.own || id.startsWith('file_')) ? { type: 'file', file_id: id } : undefined
}

function file(part: InputFilePart, beside: Json, at: string, rules: PartRules, note: Noting): Json[] {
  const title = rules.own ? {} : given({ title: text(part.filename) })
  const document = (source: Json) => [{ type: 'document', source, ...title, ...beside }]
  if (isSet(part.file_data)) {
    const data = dataOf(part.file_data)
    if (data?.type === 'application/pdf') {
      return document({ type: 'base64', media_type: data.type, data: data.base64 })
    }
    if (data !== undefined && data.type.startsWith('image/')) {
      return [{ type: 'image', source: { type: 'base64', media_type: data.type, data: data.base64 }, ...beside }]
    }
    const plain = data !== undefined && isText(data.type) ? decoded(data.base64) : undefined
    if (plain !== undefined) return document({ type: 'text', media_type: 'text/plain', data: plain })
    note(at, 'dropped', `Anthropic models read PDF and text, not '${data?.type ?? 'this'}'`)
    return []
  }
  if (isSet(part.file_url)) return document({ type: 'url', url: part.file_url })
  const source = fileSource(part.file_id, rules)
  if (source !== undefined) return document(source)
  note(at, 'dropped', 'the file cannot be reached by an Anthropic upstream')
  return []
}

const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),/

function dataOf(url: string): { type: string; base64: string } | undefined {
  const head = DATA_URL.exec(url.slice(0, 1_000))
  if (head === null || head[2]?.endsWith(';base64') !== true) return undefined
  return { type: (head[1] ?? '').toLowerCase() || 'text/plain', base64: url.slice(head[0].length) }
}

function isText(type: string): boolean {
  return (
    type.startsWith('text/') || /^application\/(?:(?:.+\+)?(?:json|xml|yaml)|javascript|x-yaml|toml|sql)$/.test(type)
  )
}

function decoded(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}

const RESULT_FIELDS: ReadonlySet<string> = new Set(['content', 'is_error'])

/** The result of a call. What the client said of it in this dialect goes back as it came. */
export function encodeResult(
  item: { call_id: string; output: string | MessagePart[] },
  id: string,
  at: string,
  rules: PartRules,
  note: Noting,
): Json {
  const own = anthropicFields(item as Json)
  const content =
    own['content'] ?? (typeof item.output === 'string' ? item.output : encodeParts(item.output, at, rules, note))
  return {
    type: 'tool_result',
    tool_use_id: id,
    content,
    ...given({ is_error: own['is_error'] }),
    ...without(own, RESULT_FIELDS),
  }
}
