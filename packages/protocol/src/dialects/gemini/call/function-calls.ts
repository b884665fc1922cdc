import type { PivotEvent } from '../../../pivot/index.js'
import { isJson, text, type Json } from '../../json.js'
import type { AnswerEvents, OpenCall } from '../../answer/index.js'
import { PartialArgs } from './partial-args.js'

/** Calls of one answer. Most are told at once; some models tell them in pieces, one call after the other. */
export interface FunctionCalls {
  /** @param beside what goes with the call and stands outside it: its signature */
  piece(call: Json, beside: Json): PivotEvent[]
  /** A call whose end was not told ends with the answer. */
  end(): PivotEvent[]
}

export function functionCalls(answer: AnswerEvents): FunctionCalls {
  const ids = new Set<string>()
  let open: { call: OpenCall; id: string | undefined; args: PartialArgs } | undefined

  function unique(id: string): string {
    let free = id
    for (let n = 2; ids.has(free); n++) free = `${id}_${n}`
    ids.add(free)
    return free
  }

  function begin(name: string, id: string | undefined, beside: Json): PivotEvent[] {
    // Without an id of its own a call gets one here, and goes back to Gemini without it.
    const fields = id === undefined ? { ...beside, unnamed: true } : beside
    const { call, events } = answer.beginCall('function', id === undefined ? '' : unique(id), name, fields)
    open = { call, id, args: new PartialArgs() }
    return events
  }

  function end(): PivotEvent[] {
    if (open === undefined) return []
    const { call, args } = open
    open = undefined
    return [...answer.callText(call, JSON.stringify(args.toJson())), ...answer.closeCall(call)]
  }

  return {
    piece(told, beside) {
      const name = text(told['name'])
      const id = text(told['id'])
      const out: PivotEvent[] = []
      if (name !== undefined && (open === undefined || id === undefined || open.id !== id)) {
        out.push(...end(), ...begin(name, id, beside))
      } else if (open !== undefined && Object.keys(beside).length > 0) answer.callFields(open.call, beside)
      // A piece without a name and without a call to belong to says nothing.
      if (open === undefined) return out
      if (isJson(told['args'])) open.args.merge(told['args'])
      open.args.add(told['partialArgs'])
      return told['willContinue'] === true ? out : [...out, ...end()]
    },
    end,
  }
}
