import type {
  Annotation,
  CustomToolCallItem,
  FunctionCallItem,
  ImageGenerationCallItem,
  ReasoningItem,
} from '../../pivot/index.js'
import { chatFields, type ReplyStyle } from './origin.js'
import type { Json } from '../json.js'
import { signatureFields } from './reasoning-details.js'
import type { ChatImage, ChatToolCall } from './wire.js'

/** What stands between two messages of one answer (a comment before the call, then the answer): a blank line. */
export const BETWEEN_MESSAGES = '\n\n'
/** Parts of a reasoning summary are paragraphs. */
export const BETWEEN_THOUGHTS = '\n\n'

/** All that a reasoning item says, its summary first. */
export function thoughts(item: ReasoningItem): string[] {
  return [...item.summary, ...(item.content ?? [])].map((part) => part.text).filter((text) => text !== '')
}

/** A call as an entry of `tool_calls`. A function without arguments gets `{}`, which every client can parse. */
export function toolCall(item: FunctionCallItem | CustomToolCallItem, style: ReplyStyle): ChatToolCall {
  const beside = { ...signatureFields(item), ...chatFields(item) }
  if (item.type === 'function_call') {
    const fn = { name: item.name, arguments: item.arguments === '' ? '{}' : item.arguments }
    return { id: item.call_id, type: 'function', function: fn, ...beside }
  }
  return style.customAsFunctions === true
    ? { id: item.call_id, type: 'function', function: { name: item.name, arguments: item.input }, ...beside }
    : { id: item.call_id, type: 'custom', custom: { name: item.name, input: item.input }, ...beside }
}

/**
 * A citation as chat nests it. `offset` is where its text begins in the whole content.
 * Source: OpenAI API reference, chat completion message, `annotations`.
 */
export function chatAnnotation(annotation: Annotation, offset: number): Json {
  const { type, ...fields } = annotation
  const moved = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      (field === 'start_index' || field === 'end_index') && typeof value === 'number' ? value + offset : value,
    ]),
  )
  return { type, [type]: moved }
}

/** A finished picture as OpenRouter shows it (`images` of a message); undefined when there is none. */
export function chatImage(item: ImageGenerationCallItem): ChatImage | undefined {
  if (typeof item.result !== 'string' || item.result === '') return undefined
  const format = item.output_format ?? 'png'
  return { type: 'image_url', image_url: { url: `data:image/${format};base64,${item.result}` } }
}
