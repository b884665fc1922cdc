import { deltaText } from '../../../pivot/index.js'
import { AnswerText } from '../../answer/index.js'
import { answerCall, type CallItem } from './answer-call.js'
import type { LineTemplate } from './line-template.js'
import type { ReplyNotes } from './reply-notes.js'

/** The calls of one streamed answer. Ollama tells a call whole, so its pieces wait for the end. */
export interface StreamCalls {
  begin(outputIndex: number, item: CallItem): void
  piece(outputIndex: number, delta: { escaped: string }): void
  /** What the pieces make together. */
  whole(outputIndex: number, text: string): void
  done(outputIndex: number, item: CallItem): string
  /** The calls that nobody finished before the answer ended. */
  rest(cut: boolean): string
}

interface Open {
  item: CallItem
  pieces: AnswerText
  whole?: string
}

export function streamCalls(line: LineTemplate, notes: ReplyNotes): StreamCalls {
  const open = new Map<number, Open>()
  const over = new Set<number>()
  let told = 0

  function tell(outputIndex: number, item: CallItem): string {
    open.delete(outputIndex)
    over.add(outputIndex)
    const call = answerCall(item, `/output/${outputIndex}`, notes)
    return call === undefined ? '' : line.call(told++, call)
  }

  return {
    begin(outputIndex, item) {
      if (!over.has(outputIndex) && !open.has(outputIndex)) open.set(outputIndex, { item, pieces: new AnswerText() })
    },
    piece: (outputIndex, { escaped }) => open.get(outputIndex)?.pieces.add(escaped),
    whole(outputIndex, text) {
      const call = open.get(outputIndex)
      if (call !== undefined) call.whole = text
    },
    done: (outputIndex, item) => (over.has(outputIndex) ? '' : tell(outputIndex, item)),
    rest(cut) {
      let out = ''
      for (const [outputIndex, { item, pieces, whole }] of open) {
        const text = whole ?? deltaText({ escaped: pieces.toString() })
        const status = cut && whole === undefined ? ('incomplete' as const) : ('completed' as const)
        out += tell(
          outputIndex,
          item.type === 'function_call'
            ? { ...item, status, arguments: text === '' ? item.arguments : text }
            : { ...item, status, input: text === '' ? item.input : text },
        )
      }
      return out
    },
  }
}
