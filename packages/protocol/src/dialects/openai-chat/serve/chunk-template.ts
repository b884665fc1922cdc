import type { ReplyMeta } from '../../../dialect.js'
import type { Json } from '../../json.js'
import type { ChatFinishReason, ChatUsage } from '../wire.js'

/** The last frame of every chat stream. */
export const DONE = 'data: [DONE]\n\n'

/** One frame of server-sent events. */
export function frame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

/**
 * Chunks of one reply, ready but for the part that changes. Arguments named `escaped` stand between JSON quotes as
 * they are.
 */
export interface ChunkTemplate {
  /** The first delta: official clients refuse a stream that never says who speaks. */
  role(content: '""' | 'null'): string
  text(escaped: string): string
  textWithLogprobs(escaped: string, logprobs: readonly unknown[]): string
  refusal(escaped: string): string
  reasoning(escaped: string): string
  toolArguments(index: number, escaped: string): string
  customInput(index: number, escaped: string): string
  legacyArguments(escaped: string): string
  /** Any other delta. */
  delta(delta: Json): string
  finish(reason: ChatFinishReason, beside: Json): string
  usage(usage: ChatUsage, beside: Json): string
}

/** Everything that is the same in all chunks is written once, here. `usage:null` stands in every chunk when the last tells it. */
export function chunkTemplate(about: ReplyMeta, withUsage: boolean): ChunkTemplate {
  const head = `data: {"id":${JSON.stringify(`chatcmpl-${about.requestId}`)},"object":"chat.completion.chunk","created":${about.createdAt},"model":${JSON.stringify(about.model)},"choices":[`
  const open = `${head}{"index":0,"delta":{`
  const noUsage = withUsage ? ',"usage":null' : ''
  const close = `},"finish_reason":null}]${noUsage}}\n\n`
  const textOpen = `${open}"content":"`
  const textClose = `"${close}`
  const reasoningOpen = `${open}"reasoning_content":"`
  const refusalOpen = `${open}"refusal":"`
  const callOpen = `${open}"tool_calls":[{"index":`
  const callClose = `"}}]${close}`

  return {
    role: (content) => `${open}"role":"assistant","content":${content}${close}`,
    text: (escaped) => textOpen + escaped + textClose,
    textWithLogprobs: (escaped, logprobs) =>
      `${textOpen}${escaped}"},"logprobs":${JSON.stringify({ content: logprobs, refusal: null })},"finish_reason":null}]${noUsage}}\n\n`,
    refusal: (escaped) => refusalOpen + escaped + textClose,
    reasoning: (escaped) => reasoningOpen + escaped + textClose,
    toolArguments: (index, escaped) => `${callOpen}${index},"function":{"arguments":"${escaped}${callClose}`,
    customInput: (index, escaped) => `${callOpen}${index},"custom":{"input":"${escaped}${callClose}`,
    legacyArguments: (escaped) => `${open}"function_call":{"arguments":"${escaped}"}${close}`,
    delta: (delta) => open + JSON.stringify(delta).slice(1, -1) + close,
    finish: (reason, beside) => `${open}},"finish_reason":"${reason}"}]${noUsage}${fields(beside)}}\n\n`,
    usage: (usage, beside) => `${head}],"usage":${JSON.stringify(usage)}${fields(beside)}}\n\n`,
  }
}

function fields(beside: Json): string {
  const inner = JSON.stringify(beside).slice(1, -1)
  return inner === '' ? '' : `,${inner}`
}
