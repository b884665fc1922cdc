import {
  isKnownItem,
  type KnownItem,
  type MessageItem,
  type PivotItem,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { unreachable } from '../../../dialect.js'
import { isJson, text, type Json } from '../../json.js'
import { flatToolName } from '../../openai-chat/call/encode-tools.js'
import type { Noting } from '../../refusing.js'
import { toolUseId } from '../ids.js'
import { callInput } from '../serve/answer-blocks.js'
import { anthropicFields, BETWEEN_TEXTS, BLOCK_ITEM } from '../wire.js'
import { pairCalls, type CallItem, type OutputItem, type PairedCall, type PairedCalls } from './pair-calls.js'
import { encodeAnswer, encodeParts, encodeResult, type PartRules } from './encode-parts.js'

export interface Message extends Json {
  role: string
  content: Json[] | undefined
}

/** The texts of the instructions at the begin of the input; they stand in `system`. Those of a client of this dialect stay in place. */
export function leadingInstructions(items: readonly PivotItem[]): { texts: string[]; count: number } {
  const texts: string[] = []
  for (const item of items) {
    const told = leadingText(item)
    if (told === undefined) break
    texts.push(told)
  }
  return { texts, count: texts.length }
}

function leadingText(item: PivotItem): string | undefined {
  if (item.type !== 'message') return undefined
  const { role, content } = item as MessageItem
  if ((role !== 'system' && role !== 'developer') || text(anthropicFields(item)['role']) !== undefined) return undefined
  if (typeof content === 'string') return content
  const texts = content.map((part) =>
    part.type === 'input_text' || part.type === 'output_text' ? part.text : undefined,
  )
  return texts.every((one) => one !== undefined) ? texts.join(BETWEEN_TEXTS) : undefined
}

/**
 * Items of the pivot as messages. What follows in one role is one message. The results of calls open the message after the calls,
 * wherever they stood: this API refuses any other order.
 * @param from where the messages begin; items before it were told elsewhere
 */
export function encodeMessages(items: readonly PivotItem[], from: number, rules: PartRules, note: Noting): Message[] {
  const encoder = new MessageEncoder(items, rules, note)
  for (let index = from; index < items.length; index++) {
    const item = items[index]
    if (item !== undefined) encoder.item(item, index)
  }
  return encoder.end()
}

class MessageEncoder {
  private readonly messages: Message[] = []
  /** Calls of the assistant's message that is open. */
  private open: PairedCall[] = []
  private readonly paired: PairedCalls
  /** Said once for each reason, at the first of perhaps hundreds of items. */
  private readonly said = new Set<string>()

  constructor(
    items: readonly PivotItem[],
    private readonly rules: PartRules,
    private readonly note: Noting,
  ) {
    this.paired = pairCalls(items, rules)
  }

  item(item: PivotItem, index: number): void {
    const at = `/input/${index}`
    if (isKnownItem(item)) return this.known(item, index, at)
    if (item.type === BLOCK_ITEM) return this.block(item)
    this.note(at, 'dropped', `a message has no block for an item of type '${item.type}'`)
  }

  end(): Message[] {
    // Calls that end the conversation wait for their results as they are.
    return this.messages
  }

  private known(item: KnownItem, index: number, at: string): void {
    switch (item.type) {
      case 'message':
        return this.message(item, at)
      case 'reasoning':
        return this.push('assistant', this.reasoning(item, at))
      case 'function_call':
      case 'custom_tool_call': {
        const call = this.paired.calls.get(index) ?? { id: toolUseId(item.call_id), outputs: [] }
        this.push('assistant', [this.call(item, call.id, at)])
        this.open.push(call)
        return
      }
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.answerCalls()
        if (!this.paired.answers.has(index)) this.orphan(item, at)
        return
      case 'web_search_call': {
        const { use, result } = anthropicFields(item)
        if (isJson(use)) return this.push('assistant', isJson(result) ? [use, result] : [use])
        return this.once(at, 'dropped', 'what another provider has searched cannot be given back to Anthropic')
      }
      case 'image_generation_call':
        return this.once(at, 'dropped', 'the assistant of this API cannot have made a picture')
      default:
        return unreachable(item)
    }
  }

  private message(item: MessageItem, at: string): void {
    const { role: ownRole, ...beyond } = anthropicFields(item)
    const where = `${at}/content`
    if (item.role === 'assistant') return this.push('assistant', encodeAnswer(item.content, where, this.note))
    const blocks = encodeParts(item.content, where, this.rules, this.note)
    if (item.role === 'user') return this.push('user', blocks)
    const role = text(ownRole)
    if (role === undefined) {
      this.once(
        at,
        'approximated',
        'instructions in the midst of a conversation became a reminder in the words of the user',
      )
      return this.push('user', blocks.map(asReminder))
    }
    this.answerCalls()
    this.messages.push({ role, content: blocks, ...beyond })
  }

  /** What came as a block, or a message, of this dialect. */
  private block({ role, block, message }: Json): void {
    if (isJson(message)) {
      this.answerCalls()
      const { content } = message
      this.messages.push({
        ...message,
        content: Array.isArray(content) ? [...(content as Json[])] : content,
      } as Message)
    } else if (isJson(block)) this.push(text(role) ?? 'assistant', [block])
  }

  private push(role: string, blocks: readonly Json[]): void {
    if (blocks.length === 0) return
    if (role !== 'assistant') this.answerCalls()
    const last = this.messages.at(-1)
    if (last?.role === role && Array.isArray(last.content)) last.content.push(...blocks)
    else this.messages.push({ role, content: [...blocks] })
  }

  /** The results of the calls that are open, as the begin of the user's message. */
  private answerCalls(): void {
    const open = this.open
    if (open.length === 0) return
    this.open = []
    const results: { index: number; block: Json }[] = []
    for (const { id, outputs } of open) {
      const blocks = outputs.map(({ item, index }) => ({
        index,
        block: encodeResult(item, id, `/input/${index}/output`, this.rules, this.note),
      }))
      const [first, ...more] = blocks
      if (this.rules.own || first === undefined) results.push(...blocks)
      else results.push({ ...first, block: this.oneResult(first.block, more) })
    }
    results.sort((a, b) => a.index - b.index)
    const content = results.map(({ block }) => block)
    for (const { id, outputs } of open) {
      if (outputs.length > 0 || this.rules.own) continue
      this.once('/input', 'approximated', 'a call without a result was given one that says so')
      content.push({ type: 'tool_result', tool_use_id: id, content: NO_RESULT, is_error: true })
    }
    if (content.length > 0) this.messages.push({ role: 'user', content })
  }

  /** This API takes one result of a call; what others say is added to it. */
  private oneResult(first: Json, more: readonly { index: number; block: Json }[]): Json {
    const [next] = more
    if (next === undefined) return first
    this.note(`/input/${next.index}`, 'approximated', 'several results of one call became one')
    return {
      ...first,
      content: [first, ...more.map(({ block }) => block)].flatMap(({ content }) => resultBlocks(content)),
    }
  }

  /** A result is refused where its call is not seen; its words are kept as the user's. */
  private orphan(item: OutputItem, at: string): void {
    if (this.rules.own) {
      const result = encodeResult(item, toolUseId(item.call_id), `${at}/output`, this.rules, this.note)
      return this.push('user', [result])
    }
    this.note(at, 'approximated', 'the result of a call that is not in the conversation became a text of the user')
    this.push('user', encodeParts(item.output, `${at}/output`, this.rules, this.note))
  }

  private reasoning(item: ReasoningItem, at: string): Json[] {
    const { redacted, signature, ...beside } = anthropicFields(item)
    if (text(redacted) !== undefined) return [{ type: 'redacted_thinking', data: redacted }]
    if (text(signature) !== undefined) {
      const thinking = item.summary.map((part) => part.text).join(BETWEEN_TEXTS)
      return [{ type: 'thinking', thinking, signature, ...beside }]
    }
    this.once(at, 'dropped', "reasoning of another provider's model is never replayed")
    return []
  }

  private call(item: CallItem, id: string, at: string): Json {
    if (item.type === 'custom_tool_call') {
      this.once(at, 'emulated', 'a custom tool became a function with one text parameter')
    }
    const input = callInput(item)
    if (input === undefined) {
      this.note(`${at}/arguments`, 'approximated', 'arguments that are no JSON object stand in the field `arguments`')
    }
    return {
      type: 'tool_use',
      id,
      name: flatToolName(item),
      input: input ?? { arguments: item.type === 'function_call' ? item.arguments : item.input },
      ...anthropicFields(item),
    }
  }

  private once(at: string, what: 'dropped' | 'approximated' | 'emulated', why: string): void {
    if (this.said.has(why)) return
    this.said.add(why)
    this.note(at, what, why)
  }
}

const NO_RESULT = 'The call was broken off; it has no result.'

function asReminder(block: Json): Json {
  const told = text(block['text'])
  if (block['type'] !== 'text' || told === undefined) return block
  return { ...block, text: `<system-reminder>\n${told}\n</system-reminder>` }
}

function resultBlocks(content: unknown): Json[] {
  if (Array.isArray(content)) return content.filter(isJson)
  const told = text(content)
  return told === undefined ? [] : [{ type: 'text', text: told }]
}

/** The message that a text of the user makes, where there must be one. */
export function userText(told: string): Message {
  return { role: 'user', content: [{ type: 'text', text: told }] }
}
