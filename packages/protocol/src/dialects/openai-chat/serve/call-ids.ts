/**
 * Tool-call ids of one conversation. Clients and models repeat them (`call_0` in every turn, the same id for two
 * parallel calls, none at all); in the pivot every call has its own, and each output goes to the call that it answers.
 */
export interface CallIds {
  /** A new assistant turn: ids of this turn take the place of equal ones of earlier turns. */
  turn(): void
  /** The pivot's id of a call. */
  call(id: string, kind: CallKind, name: string): string
  /** The call that an output with this id answers: in order, among equal ids. */
  answer(id: string): Answered | undefined
  /** The call of this name that still waits (legacy functions have no ids). */
  answerByName(name: string): Answered | undefined
}

export type CallKind = 'function' | 'custom'

export interface Answered {
  id: string
  kind: CallKind
}

interface Call extends Answered {
  name: string
  turn: number
  answered: boolean
}

export function callIds(): CallIds {
  const taken = new Set<string>()
  /** How often an id was asked for, so that a free one is found at once. */
  const repeats = new Map<string, number>()
  const byWireId = new Map<string, Call[]>()
  let turn = 0

  function unique(id: string): string {
    const wanted = id === '' ? `call_${turn}` : id
    let count = (repeats.get(wanted) ?? 0) + 1
    let free = count === 1 ? wanted : `${wanted}_${count}`
    while (taken.has(free)) free = `${wanted}_${++count}`
    repeats.set(wanted, count)
    taken.add(free)
    return free
  }

  return {
    turn: () => void turn++,
    call(id, kind, name) {
      const call: Call = { id: unique(id), kind, name, turn, answered: false }
      const same = byWireId.get(id)
      if (same === undefined || same[0]?.turn !== turn) byWireId.set(id, [call])
      else same.push(call)
      return call.id
    },
    answer(id) {
      const same = byWireId.get(id)
      // An output told twice belongs to the last call of that id.
      const call = same?.find((waiting) => !waiting.answered) ?? same?.at(-1)
      if (call !== undefined) call.answered = true
      return call
    },
    answerByName(name) {
      const waiting = [...byWireId.values()].flat().filter((call) => !call.answered)
      const call = waiting.findLast((one) => one.name === name) ?? waiting.at(-1)
      if (call !== undefined) call.answered = true
      return call
    },
  }
}
