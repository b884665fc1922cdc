import type { FunctionCallOutputItem, MessagePart } from '../../../pivot/index.js'
import { given, text, type Json } from '../../json.js'
import { array, boolean, name, object, optional, refuse, string } from '../../refusing.js'
import { callIdOf } from '../ids.js'
import { ANTHROPIC, withAnthropic } from '../wire.js'
import { beside, decodePart } from './decode-parts.js'

const RESULT_FIELDS: ReadonlySet<string> = new Set(['type', 'tool_use_id', 'content', 'is_error'])

/**
 * A tool's result. The pivot has no word for a call that failed, so its output begins with one that models understand; what the client
 * sent is kept beside it, and nothing is lost on the way to an upstream that knows `is_error`.
 */
export function decodeToolResult(block: Json, at: string): FunctionCallOutputItem {
  const content = block['content']
  const failed = optional(block, 'is_error', boolean, at) === true
  const output = decodeOutput(content, `${at}/content`)
  const kept = failed || Array.isArray(content) ? { content: content ?? '' } : {}
  const extra = {
    ...beside(block, RESULT_FIELDS).extra?.[ANTHROPIC],
    ...given({ is_error: block['is_error'] }),
    ...kept,
  }
  return {
    type: 'function_call_output',
    call_id: callIdOf(name(block['tool_use_id'], `${at}/tool_use_id`)),
    output: failed ? asError(output) : output,
    ...withAnthropic(extra),
  }
}

function decodeOutput(content: unknown, at: string): string | MessagePart[] {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) refuse(at, 'expected a string or an array of blocks')
  const parts = array(content, at).flatMap((value, index) =>
    outputPart(object(value, `${at}/${index}`), `${at}/${index}`),
  )
  const [first, ...others] = parts
  // Plain text is the form that every upstream reads.
  if (first === undefined) return ''
  return others.length === 0 && first.type === 'input_text' ? first.text : parts
}

function outputPart(block: Json, at: string): MessagePart[] {
  const parts = decodePart(block, at)
  if (parts !== undefined) return parts
  if (block['type'] === 'tool_reference') {
    const tool = name(block['tool_name'], `${at}/tool_name`)
    return [{ type: 'input_text', text: `The tool ${tool} is available now.`, ...withAnthropic({ block }) }]
  }
  const type = string(block['type'], `${at}/type`)
  // `browser_state` and what is to come: the words of it are JSON.
  const told = text(block['text']) ?? JSON.stringify(block)
  return [
    {
      type: 'input_text',
      text: text(block['text']) === undefined ? `${type}: ${told}` : told,
      ...withAnthropic({ block }),
    },
  ]
}

const SAYS_SO = /^\s*(?:error\b|<tool_use_error>)/i

function asError(output: string | MessagePart[]): string | MessagePart[] {
  if (typeof output === 'string') return SAYS_SO.test(output) ? output : `Error: ${output}`
  const [first, ...others] = output
  if (first?.type === 'input_text') {
    return SAYS_SO.test(first.text) ? output : [{ ...first, text: `Error: ${first.text}` }, ...others]
  }
  return [{ type: 'input_text', text: 'Error:' }, ...output]
}
