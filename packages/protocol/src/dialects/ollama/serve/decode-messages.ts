import type {
  FunctionCallItem,
  FunctionCallOutputItem,
  ImageGenerationCallItem,
  InputImagePart,
  MessageItem,
  MessagePart,
  PivotItem,
} from '../../../pivot/index.js'
import { isJson, isSet, text, without, type Json } from '../../json.js'
import { array, name, object, optional, refuse, string } from '../../refusing.js'
import { base64Of, pictureUrl } from '../pictures.js'
import { withExtra } from '../wire.js'
import { callIds, type CallIds } from './call-ids.js'

/**
 * The messages of a chat as items of the pivot, each at its place.
 * @throws FailureError `invalid_request` with the pointer of the message or field
 */
export function decodeMessages(messages: readonly unknown[]): PivotItem[] {
  const ids = callIds()
  const items: PivotItem[] = []
  messages.forEach((value, index) => {
    const at = `/messages/${index}`
    const message = object(value, at)
    const role = message['role']
    // Ollama reads roles in any case.
    const known = typeof role === 'string' ? role.toLowerCase() : undefined
    if (known === 'assistant') ids.speaks()
    else ids.listens()
    switch (known) {
      case 'system':
      case 'developer':
        items.push(spoken('developer', message, at))
        return
      case 'user':
        items.push(spoken('user', message, at))
        return
      case 'assistant':
        for (const item of assistantTurn(message, at, ids)) items.push(item)
        return
      case 'tool':
        items.push(toolResult(message, at, ids))
        return
      default:
        refuse(`${at}/role`, "expected 'system', 'user', 'assistant' or 'tool'")
    }
  })
  return items
}

/** What a person says: a text and pictures. */
export function userMessage(said: string, images: readonly InputImagePart[]): MessageItem {
  return { type: 'message', role: 'user', content: parts(said, images) }
}

function parts(said: string, images: readonly InputImagePart[]): MessagePart[] {
  return said === '' && images.length > 0 ? [...images] : [{ type: 'input_text', text: said }, ...images]
}

export function decodeImages(body: Json, at: string): InputImagePart[] {
  return (optional(body, 'images', array, at) ?? []).map((image, index) => ({
    type: 'input_image',
    image_url: pictureUrl(image, `${at}/images/${index}`),
  }))
}

const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'images'])

/** The Codex backend refuses `system` for some models; `developer` is the same to all of them. */
function spoken(role: 'developer' | 'user', message: Json, at: string): MessageItem {
  const said = optional(message, 'content', string, at) ?? ''
  return {
    type: 'message',
    role,
    content: parts(said, decodeImages(message, at)),
    ...withExtra(without(message, MESSAGE_FIELDS)),
  }
}

const ASSISTANT_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'images', 'thinking', 'tool_calls'])

/** One message of the assistant: what it thought, said, drew and called, in the order in which a model does so. */
function assistantTurn(message: Json, at: string, ids: CallIds): PivotItem[] {
  const thought = optional(message, 'thinking', string, at) ?? ''
  const said = optional(message, 'content', string, at) ?? ''
  const pictures = decodeImages(message, at).map((image, index) =>
    picture(image, `ig_${at.slice('/messages/'.length)}_${index}`),
  )
  const calls = (optional(message, 'tool_calls', array, at) ?? []).map((call, index) =>
    toolCall(call, `${at}/tool_calls/${index}`, ids),
  )
  const silent = calls.length + pictures.length > 0 || thought !== ''
  const items: PivotItem[] = []
  if (thought !== '') {
    items.push({ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: thought }] })
  }
  if (said !== '' || !silent) {
    const content: MessagePart[] = [{ type: 'output_text', text: said }]
    items.push({ type: 'message', role: 'assistant', content, ...withExtra(without(message, ASSISTANT_FIELDS)) })
  }
  return [...items, ...pictures, ...calls]
}

/** A picture that an assistant showed is one that it made. Its id is gone, and OpenAI demands one. */
function picture(image: InputImagePart, id: string): ImageGenerationCallItem {
  const url = image.image_url ?? ''
  const format = /^data:image\/([a-z]+);/i.exec(url)?.[1]?.toLowerCase()
  return {
    type: 'image_generation_call',
    id,
    status: 'completed',
    result: base64Of(url) ?? null,
    ...(format === undefined ? {} : { output_format: format }),
  }
}

function toolCall(value: unknown, at: string, ids: CallIds): FunctionCallItem {
  const call = object(value, at)
  const fn = object(call['function'], `${at}/function`)
  const called = name(fn['name'], `${at}/function/name`)
  const args = callArguments(fn['arguments'], `${at}/function/arguments`)
  const id = text(optional(call, 'id', string, at))
  return { type: 'function_call', call_id: ids.call(id, called), name: called, arguments: args }
}

/** Arguments are an object; clients that speak several APIs send its JSON text, and none for a call without arguments. */
function callArguments(value: unknown, pointer: string): string {
  if (!isSet(value) || value === '') return '{}'
  if (typeof value === 'string') return value
  return isJson(value) ? JSON.stringify(value) : refuse(pointer, 'expected an object')
}

/** Its name stays with it for upstreams that know results by the tool's name. */
function toolResult(message: Json, at: string, ids: CallIds): FunctionCallOutputItem {
  const id = text(optional(message, 'tool_call_id', string, at))
  // `name` is how chat clients of other APIs say it.
  const tool = text(optional(message, 'tool_name', string, at) ?? optional(message, 'name', string, at))
  const said = optional(message, 'content', string, at) ?? ''
  const images = decodeImages(message, at)
  return {
    type: 'function_call_output',
    call_id: ids.answer(id, tool),
    output: images.length === 0 ? said : parts(said, images),
    ...withExtra(tool === undefined ? {} : { tool_name: tool }),
  }
}
