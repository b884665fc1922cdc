import type {
  FunctionCallItem,
  MessageItem,
  MessagePart,
  OtherItem,
  OutputTextPart,
  PivotItem,
} from '../../../pivot/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { array, name, object, refuse, step, string, type Noting } from '../../refusing.js'
import { carriedAnnotation } from '../citations.js'
import { callIdOf } from '../ids.js'
import { webSearchItem } from '../server-tools.js'
import { ANTHROPIC, BLOCK_ITEM, withAnthropic } from '../wire.js'
import { pictureItem } from './answer-blocks.js'
import { beside, decodePart, isBlock } from './decode-parts.js'
import { decodeRedacted, decodeThinking } from './thoughts.js'
import { decodeToolResult } from './decode-tool-result.js'

/**
 * The messages of a request as items of the pivot, every block at its place: texts, pictures and documents that follow one another are
 * one message item, each tool use, tool result and thought is an item of its own.
 * @throws FailureError `invalid_request` with the pointer of the message or block
 */
export function decodeMessages(messages: unknown, note: Noting): PivotItem[] {
  if (messages === undefined || messages === null) refuse('/messages', 'Field required')
  const list = array(messages, '/messages')
  if (list.length === 0) refuse('/messages', 'at least one message is required')
  const lastUser = list.findLastIndex((message) => isJson(message) && message['role'] === 'user')
  const items: PivotItem[] = []
  list.forEach((value, index) => {
    const at = `/messages/${index}`
    const message = object(value, at)
    for (const field of Object.keys(message)) {
      if (!MESSAGE_FIELDS.has(field)) note(`${at}/${step(field)}`, 'dropped', 'not a field of a message')
    }
    switch (message['role']) {
      case 'user':
        items.push(...userMessage(message, at))
        return
      case 'assistant':
        items.push(...assistantMessage(message, at))
        return
      case 'system':
      case 'developer':
        items.push(...instruction(message, at, index < lastUser))
        return
      default:
        refuse(`${at}/role`, "expected 'user', 'assistant' or 'system'")
    }
  })
  const last = items.at(-1)
  if (last?.type === 'message' && (last as MessageItem).role === 'assistant') {
    note(`/messages/${list.length - 1}`, 'approximated', 'only Anthropic upstreams go on writing where a text ends')
  }
  return items
}

const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'clear_at', 'output_config'])

/** Blocks of a message, a string counting as one. */
function blocks(message: Json, at: string): Json[] {
  const content = message['content']
  if (content === undefined || content === null) return refuse(`${at}/content`, 'Field required')
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) refuse(`${at}/content`, 'expected a string or an array of blocks')
  return content.map((value, index) => {
    const where = `${at}/content/${index}`
    const block = object(value, where)
    if (typeof block['type'] !== 'string') refuse(`${where}/type`, 'expected the type of a content block')
    return block
  })
}

/** Gathers parts into message items; what is an item of its own ends the one before it. */
class Turn {
  readonly items: PivotItem[] = []
  private open: MessageItem | undefined

  constructor(private readonly role: 'user' | 'assistant') {}

  part(...parts: MessagePart[]): void {
    if (this.open === undefined) {
      this.open = { type: 'message', role: this.role, content: [] }
      this.items.push(this.open)
    }
    ;(this.open.content as MessagePart[]).push(...parts)
  }

  item(item: PivotItem): void {
    this.open = undefined
    this.items.push(item)
  }

  /** A block without a meaning to any other model. */
  block(block: Json): void {
    this.item({ type: BLOCK_ITEM, role: this.role, block })
  }
}

function userMessage(message: Json, at: string): PivotItem[] {
  const turn = new Turn('user')
  blocks(message, at).forEach((block, index) => {
    const where = `${at}/content/${index}`
    const parts = decodePart(block, where)
    if (parts !== undefined) turn.part(...parts)
    else if (block['type'] === 'tool_result') turn.item(decodeToolResult(block, where))
    else if (ASSISTANT_BLOCKS.has(block['type'])) refuse(`${where}/type`, `only the assistant has blocks of this type`)
    else turn.block(block)
  })
  return turn.items
}

const ASSISTANT_BLOCKS: ReadonlySet<unknown> = new Set(['tool_use', 'thinking', 'redacted_thinking', 'server_tool_use'])

function assistantMessage(message: Json, at: string): PivotItem[] {
  const turn = new Turn('assistant')
  const list = blocks(message, at)
  const paired = new Set<Json>()
  list.forEach((block, index) => {
    const where = `${at}/content/${index}`
    switch (block['type']) {
      case 'text': {
        const part = answerPart(block, where)
        const picture = pictureItem(part.text)
        if (picture === undefined) turn.part(part)
        else turn.item(picture)
        return
      }
      case 'thinking':
        turn.item(decodeThinking(block, where))
        return
      case 'redacted_thinking':
        turn.item(decodeRedacted(block, where))
        return
      case 'tool_use':
        turn.item(toolUse(block, where))
        return
      case 'server_tool_use': {
        if (block['name'] !== 'web_search') {
          turn.block(block)
          return
        }
        const result = list.find((other) => isBlock(other, SEARCH_RESULT) && other['tool_use_id'] === block['id'])
        if (result !== undefined) paired.add(result)
        turn.item(webSearchItem(block, result))
        return
      }
      case SEARCH_RESULT:
        if (!paired.has(block)) turn.block(block)
        return
      case 'compaction': {
        // The summary stands for everything before it, so no model can do without it.
        const summary = text(block['content'])
        if (summary === undefined) turn.block(block)
        else turn.part({ type: 'output_text', text: summary, ...withAnthropic({ block }) })
        return
      }
      case 'tool_result':
        refuse(`${where}/type`, 'tool results belong into a message of the user')
        return
      default:
        turn.block(block)
    }
  })
  return turn.items
}

const SEARCH_RESULT = 'web_search_tool_result'
const TEXT_FIELDS: ReadonlySet<string> = new Set(['type', 'text', 'citations'])

/** Citations that came from here become annotations again; Anthropic's own are kept as they are. */
function answerPart(block: Json, at: string): OutputTextPart {
  const cited: unknown[] = Array.isArray(block['citations']) ? block['citations'] : []
  const annotations = cited.map(carriedAnnotation).filter((one) => one !== undefined)
  const own = cited.filter((citation) => carriedAnnotation(citation) === undefined)
  const extra = { ...beside(block, TEXT_FIELDS).extra?.[ANTHROPIC], ...(own.length > 0 ? { citations: own } : {}) }
  return {
    type: 'output_text',
    text: string(block['text'], `${at}/text`),
    ...(annotations.length > 0 ? { annotations } : {}),
    ...withAnthropic(extra),
  }
}

const USE_FIELDS: ReadonlySet<string> = new Set(['type', 'id', 'name', 'input'])

function toolUse(block: Json, at: string): FunctionCallItem {
  const input = block['input'] ?? {}
  return {
    type: 'function_call',
    call_id: callIdOf(name(block['id'], `${at}/id`)),
    name: name(block['name'], `${at}/name`),
    arguments: JSON.stringify(object(input, `${at}/input`)),
    ...beside(block, USE_FIELDS),
  }
}

/**
 * `system` in the midst of messages (Claude Code sends it to models that are not Claude). A message that is cleared by the next one of
 * the user is not shown any more. Tools that it brings or takes away were looked for before.
 */
function instruction(message: Json, at: string, answered: boolean): PivotItem[] {
  const said = message['content'] === undefined && isJson(message['output_config']) ? [] : blocks(message, at)
  const role = string(message['role'], `${at}/role`)
  const beyond = given(without(message, CONTENT_FIELDS))
  if (answered && message['clear_at'] === 'next_user_message') return [wholeMessage(message)]
  const parts: MessagePart[] = []
  const others: PivotItem[] = []
  said.forEach((block, index) => {
    const where = `${at}/content/${index}`
    const made = decodePart(block, where)
    if (made === undefined) others.push({ type: BLOCK_ITEM, role, block })
    else parts.push(...made)
  })
  if (parts.length === 0) return others.length > 0 ? others : [wholeMessage(message)]
  return [{ type: 'message', role: 'developer', content: parts, ...withAnthropic({ role, ...beyond }) }, ...others]
}

const CONTENT_FIELDS: ReadonlySet<string> = new Set(['role', 'content'])

/** A message that only Anthropic has a use for. */
function wholeMessage(message: Json): OtherItem {
  return { type: BLOCK_ITEM, role: message['role'], message }
}
