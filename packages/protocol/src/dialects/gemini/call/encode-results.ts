import { flatToolName } from '../../openai-chat/call/encode-tools.js'
import { isJson, text, without, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { BETWEEN_TEXTS, geminiFields } from '../wire.js'
import type { CallItem, OutputItem } from './call-pairs.js'
import { encodeParts } from './encode-parts.js'

/** Fields of a result that are written from elsewhere. */
const SAID: ReadonlySet<string> = new Set(['response', 'name', 'unnamed'])

/** A call whose id Gemini did not give goes back without one, and so does its result. */
export function idOf(call: CallItem): { id?: string } {
  return geminiFields(call)['unnamed'] === true ? {} : { id: call.call_id }
}

/**
 * The result of a call as its part, and what stands beside it: models before Gemini 3 read no media inside of a result.
 * @param inside the model reads media inside of a result
 */
export function resultParts(
  call: CallItem,
  output: OutputItem,
  inside: boolean,
  pointer: string,
  note: Noting,
): { result: Json; beside: Json[] } {
  const own = geminiFields(output)
  const parts = encodeParts(output.output, pointer, note)
  const media = parts.filter((part) => part['text'] === undefined)
  const nested = inside || isJson(own['response'])
  if (media.length > 0 && !nested) note(pointer, 'approximated', 'media of a result stand beside it')
  return {
    result: {
      functionResponse: {
        ...idOf(call),
        name: flatToolName(call),
        response: responseOf(output, own, parts),
        ...(nested && media.length > 0 ? { parts: media } : {}),
        ...without(own, SAID),
      },
    },
    beside: nested ? [] : media,
  }
}

/** The result of a call that is not in the conversation, as a Gemini client told it; undefined when none did. */
export function orphanOf(output: OutputItem, pointer: string, note: Noting): Json | undefined {
  const own = geminiFields(output)
  const name = text(own['name'])
  if (name === undefined) return undefined
  const parts = encodeParts(output.output, pointer, note)
  const media = parts.filter((part) => part['text'] === undefined)
  return {
    functionResponse: {
      ...(own['unnamed'] === true ? {} : { id: output.call_id }),
      name,
      response: responseOf(output, own, parts),
      ...(media.length > 0 ? { parts: media } : {}),
      ...without(own, SAID),
    },
  }
}

/** Stands for a result that never came: Gemini wants one for every call. */
export function noResult(call: CallItem): Json {
  return { functionResponse: { ...idOf(call), name: flatToolName(call), response: { error: 'there is no result' } } }
}

/** The object that a Gemini client sent, else Gemini's words for a result and for one that failed. */
function responseOf(output: OutputItem, own: Readonly<Json>, parts: readonly Json[]): Json {
  if (isJson(own['response'])) return own['response']
  const said = parts.flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : [])).join(BETWEEN_TEXTS)
  return output.extra?.['anthropic-messages']?.['is_error'] === true ? { error: said } : { output: said }
}
