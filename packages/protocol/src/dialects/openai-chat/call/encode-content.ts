import type { InputFilePart, InputImagePart, MessagePart } from '../../../pivot/index.js'
import { chatFields } from '../origin.js'
import type { Noting } from '../../refusing.js'
import { given, isSet, type Json } from '../../json.js'

/** Content of a chat message: a string when it is one plain text, else parts. */
export type ChatContent = string | Json[]

/** @param pointer where the parts stand in the pivot's request */
export function encodeContent(content: string | readonly MessagePart[], pointer: string, note: Noting): ChatContent {
  if (typeof content === 'string') return content
  const parts = content.flatMap((part, index) => encodePart(part, `${pointer}/${index}`, note))
  const only = parts[0]
  const plain = parts.length === 1 && only?.['type'] === 'text' && Object.keys(only).length === 2
  return plain ? (only['text'] as string) : parts
}

function encodePart(part: MessagePart, at: string, note: Noting): Json[] {
  const beside = chatFields(part)
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return [{ type: 'text', text: part.text, ...beside }]
    case 'refusal':
      return [{ type: 'refusal', refusal: part.refusal }]
    case 'input_image':
      return image(part, at, note)
    case 'input_audio':
      return [{ type: 'input_audio', input_audio: part.input_audio, ...beside }]
    case 'input_file':
      return file(part, at, note)
    default:
      // The union is closed for what we know; a Responses client may send more.
      note(at, 'dropped', `chat has no part of type '${String((part as { type?: unknown }).type)}'`)
      return []
  }
}

function image(part: InputImagePart, at: string, note: Noting): Json[] {
  if (!isSet(part.image_url)) {
    note(at, 'dropped', 'chat cannot name a picture by its file id')
    return []
  }
  const detail = !isSet(part.detail) ? {} : { detail: part.detail }
  return [{ type: 'image_url', image_url: { url: part.image_url, ...detail }, ...chatFields(part) }]
}

function file(part: InputFilePart, at: string, note: Noting): Json[] {
  if (!isSet(part.file_data) && !isSet(part.file_id)) {
    note(at, 'dropped', 'chat cannot name a file by its URL')
    return []
  }
  return [
    {
      type: 'file',
      file: {
        ...given({ filename: part.filename }),
        ...given({ file_data: part.file_data }),
        ...given({ file_id: part.file_id }),
      },
      ...chatFields(part),
    },
  ]
}

/** The result of a tool: its text for the tool message, its pictures and files for the user message that must follow. */
export function encodeOutput(
  output: string | readonly MessagePart[],
  pointer: string,
  note: Noting,
): { text: ChatContent; media: Json[] } {
  const content = encodeContent(output, pointer, note)
  if (typeof content === 'string') return { text: content, media: [] }
  const media = content.filter((part) => part['type'] !== 'text')
  const texts = content.filter((part) => part['type'] === 'text')
  if (media.length > 0) note(pointer, 'approximated', 'pictures and files of a tool result became a user message')
  const only = texts[0]
  if (only === undefined) return { text: media.length > 0 ? 'See the following message.' : '', media }
  return { text: texts.length === 1 && Object.keys(only).length === 2 ? (only['text'] as string) : texts, media }
}
