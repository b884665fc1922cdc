import type { MessagePart } from '../../../pivot/index.js'
import { text, type Json } from '../../json.js'
import { name, object, string } from '../../refusing.js'
import { camelCased } from '../either-case.js'
import { withGemini } from '../wire.js'

/** `inlineData` or `fileData` of a part; undefined when it has neither. @throws FailureError when it is broken */
export function decodeMedia(part: Json, at: string): MessagePart | undefined {
  if (part['inlineData'] !== undefined) {
    return inline(camelCased(object(part['inlineData'], `${at}/inlineData`)), `${at}/inlineData`)
  }
  if (part['fileData'] !== undefined) {
    return linked(camelCased(object(part['fileData'], `${at}/fileData`)), `${at}/fileData`)
  }
  return undefined
}

/** The format of a picture in `inlineData`; undefined when it is none. */
export function pictureFormat(part: Json): string | undefined {
  const inline = part['inlineData']
  const mime = typeof inline === 'object' && inline !== null ? text(camelCased(inline as Json)['mimeType']) : undefined
  return mime?.startsWith('image/') === true ? mime.slice('image/'.length) : undefined
}

function inline(blob: Json, at: string): MessagePart {
  const mime = name(blob['mimeType'], `${at}/mimeType`)
  const data = base64(blob['data'], `${at}/data`)
  const filename = text(blob['displayName'])
  const url = `data:${mime};base64,${data}`
  if (mime.startsWith('image/')) return { type: 'input_image', image_url: url }
  const format = AUDIO.get(mime)
  if (format !== undefined) return { type: 'input_audio', input_audio: { data, format } }
  return { type: 'input_file', file_data: url, ...(filename === undefined ? {} : { filename }) }
}

function linked(file: Json, at: string): MessagePart {
  const uri = name(file['fileUri'], `${at}/fileUri`)
  const mime = text(file['mimeType']) ?? ''
  const filename = text(file['displayName'])
  const kept = withGemini({ fileData: file })
  if (mime.startsWith('image/')) return { type: 'input_image', image_url: uri, ...kept }
  return { type: 'input_file', file_url: uri, ...(filename === undefined ? {} : { filename }), ...kept }
}

/** Gemini takes base64 in either alphabet; everybody else knows one. */
export function base64(value: unknown, at: string): string {
  const data = string(value, at)
  return /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data
}

/** Formats that the pivot's audio part names. */
const AUDIO: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/mp3', 'mp3'],
  ['audio/mpeg', 'mp3'],
])
