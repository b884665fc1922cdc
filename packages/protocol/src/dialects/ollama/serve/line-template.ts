import type { ReplyMeta } from '../../../dialect.js'
import { formOf, type OllamaEnd } from '../wire.js'
import type { AnswerCall } from './answer-call.js'

/**
 * Lines of one reply, ready but for the part that changes. Arguments named `escaped` stand between JSON quotes as they are. The two forms
 * differ in where they say it: `message.content` or `response`.
 */
export interface LineTemplate {
  text(escaped: string): string
  textWithLogprobs(escaped: string, logprobs: readonly unknown[]): string
  thinking(escaped: string): string
  call(index: number, call: AnswerCall): string
  /** @param base64 without anything that JSON escapes */
  picture(base64: string): string
  end(end: OllamaEnd): string
}

/** Everything that is the same in all lines is written once, here. */
export function lineTemplate(about: ReplyMeta): LineTemplate {
  const head = `{"model":${JSON.stringify(about.model)},"created_at":"${isoTime(about.createdAt)}",`
  const chat = formOf(about.request) === 'chat'
  const open = chat ? `${head}"message":{"role":"assistant","content":"` : `${head}"response":"`
  const within = chat ? '}' : ''
  const close = `${within},"done":false}\n`
  const textClose = `"${close}`
  const thinkingOpen = `${open}","thinking":"`
  const pictureOpen = chat ? `${open}","images":["` : `${open}","image":"`
  const pictureClose = chat ? `"]${close}` : `"${close}`
  return {
    text: (escaped) => open + escaped + textClose,
    textWithLogprobs: (escaped, logprobs) =>
      `${open}${escaped}"${within},"logprobs":${JSON.stringify(logprobs)},"done":false}\n`,
    thinking: (escaped) => thinkingOpen + escaped + textClose,
    call: (index, call) => `${open}","tool_calls":[${callText(index, call)}]${close}`,
    picture: (base64) => pictureOpen + base64 + pictureClose,
    end: (end) => `${open}"${within},${JSON.stringify(end).slice(1)}\n`,
  }
}

function callText(index: number, { id, name, arguments: args }: AnswerCall): string {
  return `{"id":${JSON.stringify(id)},"function":{"index":${index},"name":${JSON.stringify(name)},"arguments":${args}}}`
}

/** RFC 3339, as Ollama tells times. */
export function isoTime(unixSeconds: number): string {
  return new Date(Math.min(Math.max(unixSeconds, 0), LAST_SECOND) * 1000).toISOString()
}

/** The last second of the last year with four digits. */
const LAST_SECOND = 253_402_300_799
