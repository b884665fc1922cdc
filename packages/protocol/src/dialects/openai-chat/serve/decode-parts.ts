import type { InputFilePart, InputImagePart, MessagePart } from '../../../pivot/index.js'
import { withExtra } from '../origin.js'
import { given, isJson, type Json, text, without } from '../../json.js'
import { array, name, object, refuse, string, type Noting } from '../../refusing.js'

/** Content of one message. `whole` is false when a part had to stay out. */
export interface Content {
  parts: MessagePart[]
  whole: boolean
}

/**
 * Content of a message: a string or an array of parts. Besides chat's own parts it reads those of the Responses API and the
 * `image` of Anthropic, which clients that speak several APIs send to the chat path.
 */
export function decodeContent(content: unknown, pointer: string, speaker: 'input' | 'output', note: Noting): Content {
  const type = speaker === 'input' ? 'input_text' : 'output_text'
  if (typeof content === 'string') return { parts: [{ type, text: content }], whole: true }
  if (!Array.isArray(content)) refuse(pointer, 'expected a string or an array of parts')
  const out: Content = { parts: [], whole: true }
  array(content, pointer).forEach((value, index) => {
    const at = `${pointer}/${index}`
    if (typeof value === 'string') {
      out.parts.push({ type, text: value })
      return
    }
    const part = object(value, at)
    const kind = part['type'] ?? (typeof part['text'] === 'string' ? 'text' : undefined)
    switch (kind) {
      case 'text':
      case 'input_text':
      case 'output_text':
        out.parts.push({ type, text: string(part['text'], `${at}/text`), ...withExtra(without(part, TEXT_FIELDS)) })
        return
      case 'refusal':
        out.parts.push(
          speaker === 'output'
            ? { type: 'refusal', refusal: string(part['refusal'], `${at}/refusal`) }
            : { type, text: string(part['refusal'], `${at}/refusal`) },
        )
        return
      case 'thinking':
        // Mistral; its upstream gets it back with the whole content.
        out.whole = false
        note(at, 'dropped', 'reasoning of earlier turns in plain words goes back to chat upstreams only')
        return
    }
    const media = speaker === 'input' ? decodeMedia(kind, part, at) : undefined
    if (media !== undefined) {
      out.parts.push(media)
      return
    }
    if (typeof kind !== 'string') refuse(`${at}/type`, 'expected the type of a content part')
    out.whole = false
    note(at, 'dropped', `a part of type '${kind}' has no counterpart`)
  })
  return out
}

const TEXT_FIELDS: ReadonlySet<string> = new Set(['type', 'text', 'annotations', 'logprobs'])

/** The text of a Mistral thinking part: `[{type:'text',text}]`, or a plain string. */
export function thinking(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value.map((part) => (isJson(part) ? (text(part['text']) ?? '') : '')).join('')
}

function decodeMedia(kind: unknown, part: Json, at: string): MessagePart | undefined {
  switch (kind) {
    case 'image_url':
    case 'input_image':
      return image(part, at)
    case 'image':
      return anthropicImage(part, at)
    case 'input_audio': {
      const audio = object(part['input_audio'], `${at}/input_audio`)
      return {
        type: 'input_audio',
        input_audio: {
          data: name(audio['data'], `${at}/input_audio/data`),
          format: name(audio['format'], `${at}/input_audio/format`),
        },
      }
    }
    case 'file':
      return file(object(part['file'], `${at}/file`), `${at}/file`)
    case 'input_file':
      return file(part, at)
    default:
      return undefined
  }
}

const IMAGE_FIELDS: ReadonlySet<string> = new Set(['type', 'image_url', 'detail', 'file_id'])

function image(part: Json, at: string): InputImagePart {
  const where = part['image_url']
  const nested = isJson(where)
  const url = nested ? where['url'] : where
  const pointer = nested ? `${at}/image_url/url` : `${at}/image_url`
  const fileId = text(part['file_id'])
  const detail = imageDetail(nested ? (where['detail'] ?? part['detail']) : part['detail'], `${at}/image_url/detail`)
  if (fileId === undefined) name(url, pointer)
  return {
    type: 'input_image',
    ...(typeof url === 'string' && url !== '' ? { image_url: url } : {}),
    ...given({ file_id: fileId }),
    ...given({ detail }),
    ...withExtra(without(part, IMAGE_FIELDS)),
  }
}

function imageDetail(value: unknown, pointer: string): NonNullable<InputImagePart['detail']> | undefined {
  if (value === undefined || value === null) return undefined
  if (value === 'auto' || value === 'low' || value === 'high' || value === 'original') return value
  return refuse(pointer, "expected 'auto', 'low', 'high' or 'original'")
}

function anthropicImage(part: Json, at: string): InputImagePart {
  const source = object(part['source'], `${at}/source`)
  if (source['type'] === 'url') return { type: 'input_image', image_url: name(source['url'], `${at}/source/url`) }
  const media = name(source['media_type'], `${at}/source/media_type`)
  return { type: 'input_image', image_url: `data:${media};base64,${name(source['data'], `${at}/source/data`)}` }
}

function file(fields: Json, at: string): InputFilePart {
  const data = text(fields['file_data'])
  const id = text(fields['file_id'])
  const url = text(fields['file_url'])
  const filename = text(fields['filename'])
  if (data === undefined && id === undefined && url === undefined) refuse(at, 'expected file_data or file_id')
  return {
    type: 'input_file',
    ...given({ filename }),
    ...given({ file_data: data }),
    ...given({ file_id: id }),
    ...given({ file_url: url }),
  }
}
