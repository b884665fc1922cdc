import type { MessagePart } from '../../../pivot/index.js'
import { isJson, text, type Json } from '../../json.js'
import { name, string } from '../../refusing.js'
import { camelCased } from '../either-case.js'
import { withGemini } from '../wire.js'

/** `inlineData` or `fileData` of a part; undefined when it has neither. @throws FailureError when it is broken */
export function decodeMedia(part: Json, at: string): MessagePart | undefined {
  if (isJson(part['inlineData'])) return inline(camelCased(part['inlineData']), `${at}/inlineData`)
  if (isJson(part['fileData'])) return linked(camelCased(part['fileData']), `${at}/fileData`)
  for (const kind of ['inlineData', 'fileData']) if (part[kind] !== undefined) name(part[kind], `${at}/${kind}`)
  return undefined
}

function inline(blob: Json, at: string): MessagePart {
  const mime = name(blob['mimeType'], `${at}/mimeType`)
  const data = string(blob['data'], `${at}/data`)
  const filename = text(blob['displayName'])
  const url = dataUrl(mime, data)
  if (mime.startsWith('image/')) return { type: 'input_image', image_url: url }
  const format = AUDIO[mime]
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

/** Gemini sends base64 in either alphabet; a `data:` URL knows one. */
export function dataUrl(mime: string, data: string): string {
  const standard = /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data
  return `data:${mime};base64,${standard}`
}

/** Formats that the pivot's audio part names. */
const AUDIO: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mp3': 'mp3',
  'audio/mpeg': 'mp3',
}
