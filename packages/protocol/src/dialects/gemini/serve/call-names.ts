import { isJson, text } from '../../json.js'
import { camelCased } from '../either-case.js'

interface Call {
  id: string
  name: string
  /** The client gave it no id. */
  unnamed: boolean
  answered: boolean
}

/**
 * Ids of calls and of what answers them, over a whole conversation. Gemini may leave ids out: a call without one is named by its place, a
 * response without one answers the oldest call of its name that nobody has answered yet. A response whose id no call has answers a call
 * without an id likewise: some clients make up ids for results only.
 */
export class CallNames {
  private readonly ids = new Map<string, string>()
  private readonly names = new Map<string, string>()

  /** @param contents as the client sent them, whatever they are; broken ones are refused elsewhere */
  constructor(contents: readonly unknown[]) {
    const taken = new Set<string>()
    each(contents, 'functionCall', (call) => {
      const id = text(call['id'])
      if (id !== undefined) taken.add(id)
    })
    const byId = new Waiting()
    const byName = new Waiting()
    const unnamed = new Waiting()
    each(contents, 'functionCall', (fields, place) => {
      const told = text(fields['id'])
      const id = told ?? unused(`call_${place.replace('/', '_')}`, taken)
      taken.add(id)
      this.ids.set(`call ${place}`, id)
      const call: Call = { id, name: text(fields['name']) ?? '', unnamed: told === undefined, answered: false }
      byId.add(id, call)
      byName.add(call.name, call)
      if (call.unnamed) unnamed.add(call.name, call)
    })
    each(contents, 'functionResponse', (response, place) => {
      const told = text(response['id'])
      const name = text(response['name']) ?? ''
      const call =
        told === undefined ? byName.next(name) : (byId.next(told) ?? (byId.has(told) ? undefined : unnamed.next(name)))
      if (call !== undefined) {
        call.answered = true
        this.names.set(place, call.name)
      }
      const id = call?.id ?? told ?? unused(`call_${place.replace('/', '_')}_result`, taken)
      taken.add(id)
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

/** Calls that wait for an answer, the oldest first. */
class Waiting {
  private readonly queues = new Map<string, { calls: Call[]; from: number }>()

  add(key: string, call: Call): void {
    const queue = this.queues.get(key)
    if (queue === undefined) this.queues.set(key, { calls: [call], from: 0 })
    else queue.calls.push(call)
  }

  has(key: string): boolean {
    return this.queues.has(key)
  }

  next(key: string): Call | undefined {
    const queue = this.queues.get(key)
    if (queue === undefined) return undefined
    while (queue.calls[queue.from]?.answered === true) queue.from++
    return queue.calls[queue.from]
  }
}

function each(
  contents: readonly unknown[],
  kind: 'functionCall' | 'functionResponse',
  see: (fields: Readonly<Record<string, unknown>>, place: string) => void,
): void {
  contents.forEach((content, index) => {
    if (!isJson(content)) return
    const { parts } = content
    const list: unknown[] = Array.isArray(parts) ? parts : [parts]
    list.forEach((part, place) => {
      const fields = isJson(part) ? camelCased(part)[kind] : undefined
      if (isJson(fields)) see(camelCased(fields), `${index}/${place}`)
    })
  })
}

function unused(id: string, taken: ReadonlySet<string>): string {
  let free = id
  for (let n = 2; taken.has(free); n++) free = `${id}_${n}`
  return free
}
