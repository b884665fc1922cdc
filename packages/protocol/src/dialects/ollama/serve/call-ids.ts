/**
 * Tool-call ids of one conversation. Ollama's calls had none for years, and its results name a tool or nothing at all; in the pivot every
 * call has an id of its own, and each result goes to the call that it answers.
 *
 * Ids depend on what stands before them alone, so they stay the same while a conversation grows.
 */
export interface CallIds {
  /** The next message is the assistant's. Several in a row are one turn: streams tell every call in a message of its own. */
  speaks(): void
  /** The next message is somebody else's. */
  listens(): void
  /** The pivot's id of a call. */
  call(id: string | undefined, name: string): string
  /**
   * The id of the call that a result answers: the one it names, else one of the tool it names, else the first that waits. Calls of the
   * latest turn come first; a result without any call gets an id of its own.
   */
  answer(id: string | undefined, name: string | undefined): string
}

interface Call {
  id: string
  answered: boolean
}

export function callIds(): CallIds {
  const unique = uniqueIds()
  const byId = new Map<string, Waiting>()
  const byName = new Map<string, Waiting>()
  const all = waiting()
  let turn = 0
  let speaking = false

  return {
    speaks() {
      if (!speaking) turn++
      speaking = true
    },
    listens: () => void (speaking = false),
    call(id, name) {
      const call: Call = { id: unique(id ?? `call_${turn}`), answered: false }
      if (id !== undefined) named(byId, id).add(call, turn)
      named(byName, name).add(call, turn)
      all.add(call, turn)
      return call.id
    },
    answer(id, name) {
      const meant = id === undefined ? undefined : byId.get(id)
      const call = meant?.take() ??
        meant?.last ??
        (name === undefined ? undefined : byName.get(name)?.take()) ??
        all.take() ?? { id: unique(id ?? `call_${name ?? turn}`), answered: true }
      call.answered = true
      return call.id
    },
  }
}

function named(map: Map<string, Waiting>, key: string): Waiting {
  let found = map.get(key)
  if (found === undefined) map.set(key, (found = waiting()))
  return found
}

/** Calls without a result, by turns. Every call is passed once, however many results are asked for. */
interface Waiting {
  add(call: Call, turn: number): void
  /** The first of the latest turn that has one. */
  take(): Call | undefined
  readonly last: Call | undefined
}

function waiting(): Waiting {
  const turns: { turn: number; calls: Call[]; next: number }[] = []
  let last: Call | undefined
  return {
    add(call, turn) {
      last = call
      const latest = turns.at(-1)
      if (latest?.turn === turn) latest.calls.push(call)
      else turns.push({ turn, calls: [call], next: 0 })
    },
    take() {
      for (let latest = turns.at(-1); latest !== undefined; latest = turns.at(-1)) {
        while (latest.next < latest.calls.length) {
          const call = latest.calls[latest.next++]
          if (call?.answered === false) return call
        }
        turns.pop()
      }
      return undefined
    },
    get last() {
      return last
    },
  }
}

function uniqueIds(): (wanted: string) => string {
  const taken = new Set<string>()
  /** Where to go on counting: a conversation may repeat one id any number of times. */
  const numbers = new Map<string, number>()
  return (wanted) => {
    let free = wanted
    let number = numbers.get(wanted) ?? 2
    while (taken.has(free)) free = `${wanted}_${number++}`
    numbers.set(wanted, number)
    taken.add(free)
    return free
  }
}
