import { isJson, text } from '../../json.js'
import { camelCased } from '../either-case.js'

interface Call {
  id: string
  name: string
  answered: boolean
}

/**
 * Ids of calls and of what answers them, over a whole conversation. Gemini may leave ids out: a call without one is named by its place, a
 * response without one answers the oldest call of its name that nobody has answered yet.
 */
export class CallNames {
  private readonly ids = new Map<string, string>()

  /** @param contents as the client sent them, whatever they are; broken ones are refused elsewhere */
  constructor(contents: readonly unknown[]) {
    const taken = new Set<string>()
    this.each(contents, 'functionCall', (call) => {
      const id = text(call['id'])
      if (id !== undefined) taken.add(id)
    })
    const calls: Call[] = []
    this.each(contents, 'functionCall', (call, place) => {
      const id = text(call['id']) ?? unused(`call_${place.replace('/', '_')}`, taken)
      taken.add(id)
      this.ids.set(`call ${place}`, id)
      calls.push({ id, name: text(call['name']) ?? '', answered: false })
    })
    this.each(contents, 'functionResponse', (response, place) => {
      const told = text(response['id'])
      const name = text(response['name']) ?? ''
      const call =
        calls.find(({ id, answered }) => !answered && id === told) ??
        (told === undefined ? calls.find((one) => !one.answered && one.name === name) : undefined)
      if (call !== undefined) call.answered = true
      this.ids.set(`response ${place}`, told ?? call?.id ?? unused(`call_${place.replace('/', '_')}_result`, taken))
    })
  }

  callId(content: number, part: number): string {
    return this.ids.get(`call ${content}/${part}`) ?? `call_${content}_${part}`
  }

  answeredId(content: number, part: number): string {
    return this.ids.get(`response ${content}/${part}`) ?? `call_${content}_${part}_result`
  }

  private each(
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
}

function unused(id: string, taken: ReadonlySet<string>): string {
  let free = id
  for (let n = 2; taken.has(free); n++) free = `${id}_${n}`
  return free
}
