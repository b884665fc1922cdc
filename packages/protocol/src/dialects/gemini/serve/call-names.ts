import { isJson, text, type Json } from '../../json.js'
import { camelCased } from '../either-case.js'

interface Call {
  id: string
  name: string
  answered: boolean
}

/**
 * Ids of calls and of what answers them, over a whole conversation. Gemini may leave ids out: a call without one is named by its place, and
 * an id that a client uses again in a later turn gets a number, for elsewhere every call has an id of its own. A response without an id
 * answers a call of its name that nobody has answered yet: the oldest one of the turn before it, else the oldest one of all, for a call
 * that the user stopped may have no answer. A response whose id no call has answers a call without an id likewise: some clients make up
 * ids for results only.
 */
export class CallNames {
  private readonly ids = new Map<string, string>()
  private readonly names = new Map<string, string>()

  /** @param contents as the client sent them, whatever they are; broken ones are refused elsewhere */
  constructor(contents: readonly unknown[]) {
    const told = new Set<string>()
    each(contents, (kind, fields) => {
      const id = text(fields['id'])
      if (kind === 'functionCall' && id !== undefined) told.add(id)
    })
    const free = new FreeIds(told)
    const called = new Set<string>()
    const byId = new Waiting()
    const byName = new Waiting()
    const unnamed = new Waiting()
    each(contents, (kind, fields, place, turn) => {
      const own = text(fields['id'])
      const name = text(fields['name']) ?? ''
      if (kind === 'functionCall') {
        const id = own !== undefined && !called.has(own) ? own : free.like(own ?? `call_${place.replace('/', '_')}`)
        called.add(id)
        this.ids.set(`call ${place}`, id)
        const call: Call = { id, name, answered: false }
        byId.add(own ?? id, turn, call)
        byName.add(name, turn, call)
        if (own === undefined) unnamed.add(name, turn, call)
        return
      }
      const call =
        own === undefined
          ? byName.next(name, turn)
          : (byId.next(own, turn) ?? (told.has(own) ? undefined : unnamed.next(name, turn)))
      if (call !== undefined) {
        call.answered = true
        this.names.set(place, call.name)
      }
      const id = call?.id ?? own ?? free.like(`call_${place.replace('/', '_')}_result`)
      this.ids.set(`response ${place}`, id)
    })
  }

  callId(content: number, part: number): string {
    return this.ids.get(`call ${content}/${part}`) ?? `call_${content}_${part}`
  }

  answeredId(content: number, part: number): string {
    return this.ids.get(`response ${content}/${part}`) ?? `call_${content}_${part}_result`
  }

  /** Name of the call that the response at this place answers. */
  answeredName(content: number, part: number): string | undefined {
    return text(this.names.get(`${content}/${part}`))
  }
}

/** Calls that wait for an answer. */
class Waiting {
  private readonly all = new Map<string, Queue>()
  private readonly ofTurn = new Map<string, Queue>()

  add(key: string, turn: number, call: Call): void {
    append(this.all, key, call)
    append(this.ofTurn, `${turn} ${key}`, call)
  }

  /** The oldest one of this turn, else of all. */
  next(key: string, turn: number): Call | undefined {
    return oldest(this.ofTurn.get(`${turn} ${key}`)) ?? oldest(this.all.get(key))
  }
}

interface Queue {
  calls: Call[]
  /** All before this place are answered. */
  from: number
}

function append(queues: Map<string, Queue>, key: string, call: Call): void {
  const queue = queues.get(key)
  if (queue === undefined) queues.set(key, { calls: [call], from: 0 })
  else queue.calls.push(call)
}

function oldest(queue: Queue | undefined): Call | undefined {
  if (queue === undefined) return undefined
  while (queue.calls[queue.from]?.answered === true) queue.from++
  return queue.calls[queue.from]
}

type Kind = 'functionCall' | 'functionResponse'

/** Calls and responses in their order; a turn is what the model said in a row, and what answers it. */
function each(
  contents: readonly unknown[],
  see: (kind: Kind, fields: Readonly<Json>, place: string, turn: number) => void,
): void {
  let turn = 0
  let before: unknown
  contents.forEach((content, index) => {
    if (!isJson(content)) return
    const { parts, role } = content
    const model = role === 'model' || role === 'assistant'
    if (model && before === false) turn++
    before = model
    const list: unknown[] = Array.isArray(parts) ? parts : [parts]
    list.forEach((part, place) => {
      if (!isJson(part)) return
      const { functionCall, functionResponse } = camelCased(part)
      if (isJson(functionCall)) see('functionCall', camelCased(functionCall), `${index}/${place}`, turn)
      else if (isJson(functionResponse))
        see('functionResponse', camelCased(functionResponse), `${index}/${place}`, turn)
    })
  })
}

/** Ids that nobody has. */
class FreeIds {
  private readonly taken: Set<string>
  /** How often an id was asked for; thousands of calls may share one. */
  private readonly count = new Map<string, number>()

  constructor(taken: ReadonlySet<string>) {
    this.taken = new Set(taken)
  }

  /** This id, else with the first number that makes it free. It is taken then. */
  like(id: string): string {
    let free = id
    let number = this.count.get(id) ?? 1
    while (this.taken.has(free)) free = `${id}_${++number}`
    this.count.set(id, number)
    this.taken.add(free)
    return free
  }
}
