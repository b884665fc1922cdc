import type {
  CustomToolCallItem,
  FunctionCallItem,
  ImageGenerationCallItem,
  MessagePart,
} from '../../../pivot/index.js'
import { isJson, type Json } from '../../json.js'
import { citationOf } from '../citations.js'
import { toolUseId } from '../ids.js'
import { anthropicFields, type TextBlock, type ToolUseBlock } from '../wire.js'

type CallItem = FunctionCallItem | CustomToolCallItem

/** The text that a part shows; undefined for parts that show none. A refusal is told as text, as Anthropic's models do. */
export function shownText(part: MessagePart): string | undefined {
  switch (part.type) {
    case 'output_text':
    case 'input_text':
      return part.text
    case 'refusal':
      return part.refusal
    default:
      return undefined
  }
}

export function textBlock(part: MessagePart, text: string): TextBlock {
  const annotations = part.type === 'output_text' ? (part.annotations ?? []) : []
  const citations = annotations.map((one) => citationOf(one, text)).filter((one) => one !== undefined)
  return { type: 'text', text, ...(citations.length > 0 ? { citations } : {}) }
}

export function toolUseBlock(item: CallItem, input: Json): ToolUseBlock {
  return { ...anthropicFields(item), type: 'tool_use', id: toolUseId(item.call_id), name: item.name, input }
}

/**
 * The input of a call; undefined when the model wrote no JSON object. The free text of a custom tool stands in a field, for an input is
 * always an object here.
 */
export function callInput(item: CallItem): Json | undefined {
  if (item.type === 'custom_tool_call') return { [CUSTOM_FIELD]: item.input }
  if (item.arguments.trim() === '') return {}
  try {
    const input: unknown = JSON.parse(item.arguments)
    return isJson(input) ? input : undefined
  } catch {
    return undefined
  }
}

/** The field in which the free text of a custom tool travels. */
export const CUSTOM_FIELD = 'input'

const NAME = 'generated image'

/**
 * A picture as text: an answer of this API has no picture, and clients that render Markdown show it. {@link pictureItem} makes the
 * item of it again when it comes back.
 */
export function pictureText(item: ImageGenerationCallItem): string | undefined {
  if (typeof item.result !== 'string' || item.result === '') return undefined
  const format = /^[a-z]+$/.test(item.output_format ?? '') ? item.output_format : 'png'
  const title = /^[\w-]+$/.test(item.id ?? '') ? ` "${item.id}"` : ''
  return `![${NAME}](data:image/${format};base64,${item.result}${title})`
}

const PICTURE = `![${NAME}](data:image/`

export function pictureItem(text: string): ImageGenerationCallItem | undefined {
  if (!text.startsWith(PICTURE) || !text.endsWith(')')) return undefined
  const comma = text.indexOf(';base64,', PICTURE.length)
  if (comma === -1) return undefined
  const output_format = text.slice(PICTURE.length, comma)
  const [result = '', title, ...rest] = text.slice(comma + ';base64,'.length, -1).split(' ')
  if (rest.length > 0 || !/^[a-z]+$/.test(output_format) || !/^[A-Za-z0-9+/=]+$/.test(result)) return undefined
  const id = title?.slice(1, -1)
  return {
    type: 'image_generation_call',
    ...(id === undefined ? {} : { id }),
    status: 'completed',
    result,
    ...(output_format === 'png' ? {} : { output_format }),
  }
}
