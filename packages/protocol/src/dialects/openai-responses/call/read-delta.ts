import type { PivotEvent } from '../../../pivot/index.js'

/**
 * Reads a delta frame without parsing it: the still-escaped text and the few fields around it are found by scans.
 *
 * A key can be told from text because a quote inside of text is always escaped. Whatever looks unusual (spaces after colons, log
 * probabilities, a missing field) gives undefined, and the caller parses.
 */
export function readDelta(type: string, data: string): PivotEvent | undefined {
  const escaped = textAfter(data, '"delta":"')
  if (escaped === undefined) return undefined
  const output_index = numberAfter(data, '"output_index":')
  const item_id = textAfter(data, '"item_id":"')
  if (output_index === -1 || item_id === undefined || item_id.includes('\\')) return undefined
  switch (type) {
    case 'response.output_text.delta': {
      const content_index = numberAfter(data, '"content_index":')
      if (content_index === -1) return undefined
      if (data.includes('"logprobs":[{')) return undefined
      return { type, item_id, output_index, content_index, escaped }
    }
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return { type, item_id, output_index, escaped }
    case 'response.reasoning_summary_text.delta': {
      const summary_index = numberAfter(data, '"summary_index":')
      return summary_index === -1 ? undefined : { type, item_id, output_index, summary_index, escaped }
    }
    case 'response.reasoning.delta':
    case 'response.reasoning_text.delta': {
      const content_index = numberAfter(data, '"content_index":')
      if (content_index === -1) return undefined
      return { type: 'response.reasoning_text.delta', item_id, output_index, content_index, escaped }
    }
    case 'response.refusal.delta': {
      const content_index = numberAfter(data, '"content_index":')
      return content_index === -1 ? undefined : { type, item_id, output_index, content_index, escaped }
    }
    default:
      return undefined
  }
}

/** The still-escaped string value of a key, or undefined. */
function textAfter(data: string, key: string): string | undefined {
  const at = data.indexOf(key)
  if (at === -1) return undefined
  const from = at + key.length
  let end = data.indexOf('"', from)
  while (end !== -1) {
    let slashes = 0
    while (data.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return data.slice(from, end)
    end = data.indexOf('"', end + 1)
  }
  return undefined
}

/** The whole number after a key, or -1. */
function numberAfter(data: string, key: string): number {
  const at = data.indexOf(key)
  if (at === -1) return -1
  let value = -1
  for (let from = at + key.length; ; from++) {
    const digit = data.charCodeAt(from) - 0x30
    if (!(digit >= 0 && digit <= 9)) break
    value = (value === -1 ? 0 : value * 10) + digit
  }
  const after = data.charCodeAt(data.indexOf(key) + key.length + String(value).length)
  // Only , } and ] may follow a whole number.
  return after === 0x2c || after === 0x7d || after === 0x5d ? value : -1
}
