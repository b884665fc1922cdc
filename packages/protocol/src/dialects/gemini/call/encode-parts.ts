import type { InputFilePart, InputImagePart, MessagePart } from '../../../pivot/index.js'
import { isJson, isSet, text, without, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { geminiFields } from '../wire.js'

/** Fields kept of a part that say again what its own form says. */
const SAID: ReadonlySet<string> = new Set(['fileData', 'inlineData'])

/**
 * Parts of a message or of a tool's result.
 * @param pointer where they stand in the pivot's request
 */
export function encodeParts(content: string | readonly MessagePart[], pointer: string, note: Noting): Json[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }]
  return content.flatMap((part, at) => encodePart(part, `${pointer}/${at}`, note))
}

function encodePart(part: MessagePart, at: string, note: Noting): Json[] {
  const own = geminiFields(part)
  const beside = without(own, SAID)
  const linked = own['fileData']
  if (isJson(linked)) return [{ fileData: linked, ...beside }]
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return part.text === '' ? [] : [{ text: part.text, ...beside }]
    case 'refusal':
      return part.refusal === '' ? [] : [{ text: part.refusal, ...beside }]
    case 'input_image':
      return image(part, at, note).map((made) => ({ ...made, ...beside }))
    case 'input_file':
      return file(part, at, note).map((made) => ({ ...made, ...beside }))
    case 'input_audio': {
      const { data, format } = part.input_audio
      return [{ inlineData: { mimeType: `audio/${format}`, data }, ...beside }]
    }
    default:
      // The union is closed for what we know; a Responses client may send more.
      note(at, 'dropped', `Gemini has no part of type '${String((part as { type?: unknown }).type)}'`)
      return []
  }
}

function image(part: InputImagePart, at: string, note: Noting): Json[] {
  if (!isSet(part.image_url)) {
    note(at, 'dropped', 'Gemini cannot name a picture by a file id of another provider')
    return []
  }
  if (isSet(part.detail) && part.detail !== 'auto') {
    note(`${at}/detail`, 'approximated', 'Gemini chooses itself how closely it looks')
  }
  return [media(part.image_url, 'image/jpeg')]
}

function file(part: InputFilePart, at: string, note: Noting): Json[] {
  const url = part.file_data ?? part.file_url
  if (!isSet(url)) {
    note(at, 'dropped', 'Gemini cannot name a file by a file id of another provider')
    return []
  }
  if (text(part.filename) !== undefined) note(`${at}/filename`, 'dropped', 'files have no names in the Gemini API')
  return [media(url, 'application/pdf')]
}

/** @param otherwise the type of what a URL leads to when its ending does not tell */
function media(url: string, otherwise: string): Json {
  const data = /^data:([^;,]*)((?:;[^,]*)?),/i.exec(url)
  if (data === null) return { fileData: { fileUri: url, mimeType: typeOf(url) ?? otherwise } }
  const [head, type = '', options = ''] = data
  const rest = url.slice(head.length)
  const mimeType = type === '' ? otherwise : type
  return { inlineData: { mimeType, data: /;base64$/i.test(options) ? rest : base64Of(rest) } }
}

/** The data of a URL that is written in plain signs. */
function base64Of(plain: string): string {
  const bytes = new TextEncoder().encode(decoded(plain))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function decoded(plain: string): string {
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

/** By the ending of a URL's path. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  wav: 'audio/wav',
  mp3: 'audio/mp3',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/mov',
}

function typeOf(url: string): string | undefined {
  if (/^https?:\/\/(?:(?:www\.)?youtube\.com|youtu\.be)\//i.test(url)) return 'video/*'
  const ending = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined
}
