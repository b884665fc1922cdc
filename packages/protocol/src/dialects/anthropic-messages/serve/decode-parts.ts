import type { InputFilePart, InputImagePart, InputTextPart, MessagePart } from '../../../pivot/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { array, name, object, refuse, string } from '../../refusing.js'
import { withAnthropic } from '../wire.js'

/**
 * A block of a user's message or of a tool's result as parts of the pivot; undefined for a type that is not text, picture, document
 * or search result. A block that makes several parts stands whole on the first.
 * @throws FailureError `invalid_request` with the pointer of what cannot be understood
 */
export function decodePart(block: Json, at: string): MessagePart[] | undefined {
  switch (block['type']) {
    case 'text':
      return [textPart(block, at)]
    case 'image':
      return [image(block, at)]
    case 'document':
      return document(block, at)
    case 'search_result':
      return [searchResult(block, at)]
    default:
      return undefined
  }
}

const TEXT_FIELDS: ReadonlySet<string> = new Set(['type', 'text'])

export function textPart(block: Json, at: string): InputTextPart {
  return { type: 'input_text', text: string(block['text'], `${at}/text`), ...beside(block, TEXT_FIELDS) }
}

/** What a block says beside the fields that the pivot holds. A field that is null says nothing. */
export function beside(block: Json, known: ReadonlySet<string>): ReturnType<typeof withAnthropic> {
  return withAnthropic(given(without(block, known)))
}

const SOURCE_FIELDS: ReadonlySet<string> = new Set(['type', 'source'])

function image(block: Json, at: string): InputImagePart {
  const source = object(block['source'], `${at}/source`)
  const where = `${at}/source`
  const extra = beside(block, SOURCE_FIELDS)
  switch (source['type']) {
    case 'base64':
      return { type: 'input_image', image_url: dataUrl(source, where), ...extra }
    case 'url':
      return { type: 'input_image', image_url: name(source['url'], `${where}/url`), ...extra }
    case 'file':
      return { type: 'input_image', file_id: name(source['file_id'], `${where}/file_id`), ...extra }
    default:
      return refuse(`${where}/type`, "expected 'base64', 'url' or 'file'")
  }
}

/** Some clients put a whole `data:` URL where only its data belongs. */
function dataUrl(source: Json, at: string): string {
  const data = name(source['data'], `${at}/data`)
  return data.startsWith('data:') ? data : `data:${name(source['media_type'], `${at}/media_type`)};base64,${data}`
}

function document(block: Json, at: string): MessagePart[] {
  const source = object(block['source'], `${at}/source`)
  const where = `${at}/source`
  const title = text(block['title'])
  const part = (fields: Omit<InputFilePart, 'type'>): InputFilePart[] => [
    { type: 'input_file', ...fields, ...beside(block, SOURCE_FIELDS) },
  ]
  switch (source['type']) {
    case 'base64':
      return part({ filename: title ?? 'document.pdf', file_data: dataUrl(source, where) })
    case 'text': {
      const file_data = `data:text/plain;base64,${utf8Base64(string(source['data'], `${where}/data`))}`
      return part({ filename: title ?? 'document.txt', file_data })
    }
    case 'url':
      return part({ ...given({ filename: title }), file_url: name(source['url'], `${where}/url`) })
    case 'file':
      return part({ ...given({ filename: title }), file_id: name(source['file_id'], `${where}/file_id`) })
    case 'content':
      return contentDocument(block, source['content'], at)
    default:
      return refuse(`${where}/type`, "expected 'base64', 'text', 'url', 'file' or 'content'")
  }
}

/** A document that is given as blocks: foreign models read these, headed by what the document says of itself. */
function contentDocument(block: Json, content: unknown, at: string): MessagePart[] {
  const where = `${at}/source/content`
  const head = [text(block['title']), text(block['context'])].filter((line) => line !== undefined).join('\n')
  const parts: MessagePart[] = head === '' ? [] : [{ type: 'input_text', text: head }]
  if (typeof content === 'string') parts.push({ type: 'input_text', text: content })
  else parts.push(...array(content, where).flatMap((value, index) => contentBlock(value, `${where}/${index}`)))
  if (parts.length === 0) parts.push({ type: 'input_text', text: '' })
  return parts.map((part, index) => ({ ...part, ...withAnthropic(index === 0 ? { block } : { within: true }) }))
}

function contentBlock(value: unknown, at: string): MessagePart[] {
  const block = object(value, at)
  switch (block['type']) {
    case 'text':
      return [textPart(block, at)]
    case 'image':
      return [image(block, at)]
    default:
      return refuse(`${at}/type`, "expected 'text' or 'image'")
  }
}

function searchResult(block: Json, at: string): InputTextPart {
  const lines = array(block['content'], `${at}/content`).map((value, index) => {
    const part = object(value, `${at}/content/${index}`)
    return string(part['text'], `${at}/content/${index}/text`)
  })
  const head = [string(block['title'], `${at}/title`), string(block['source'], `${at}/source`)].join('\n')
  return { type: 'input_text', text: [head, ...lines].join('\n\n'), ...withAnthropic({ block }) }
}

function utf8Base64(plain: string): string {
  const pieces: string[] = []
  const bytes = new TextEncoder().encode(plain)
  // A piece at a time: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8_192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)))
  return btoa(pieces.join(''))
}

export function isBlock(value: unknown, type: string): value is Json {
  return isJson(value) && value['type'] === type
}
