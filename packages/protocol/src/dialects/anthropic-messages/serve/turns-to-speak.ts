import type { OutputEvent } from './stream-items.js'

/** Who tells an event when its item may speak, and how an item is stopped that never came to its end. */
export interface Speaker {
  tell(event: OutputEvent): string
  cut(at: number): string
}

/**
 * Blocks of a message never overlap, items of the pivot may. One item has the floor; the others' events wait and are told in the order in
 * which the items began. A message gives the floor away, because its text may go on in another block; a call or a thought keeps
 * it to its end.
 */
export class TurnsToSpeak {
  private floor: number | undefined
  private readonly waiting = new Map<number, OutputEvent[]>()
  private readonly messages = new Set<number>()
  private readonly over = new Set<number>()

  constructor(private readonly speaker: Speaker) {}

  hear(event: OutputEvent): string {
    const at = event.output_index
    if (this.over.has(at)) return ''
    if (isOfMessage(event)) this.messages.add(at)
    const queue = this.waiting.get(at)
    if (queue !== undefined) {
      queue.push(event)
      return ''
    }
    if (this.floor === undefined || this.floor === at || this.messages.has(this.floor)) return this.speak(event)
    // A message that gave its floor away goes on when it is free again.
    this.waiting.set(at, [event])
    return ''
  }

  /** Was this item told to its end? */
  heard(at: number): boolean {
    return this.over.has(at)
  }

  /** The answer is over: everybody who waits speaks, and nobody holds the floor any longer. */
  end(): string {
    let out = ''
    while (this.floor !== undefined) {
      const at = this.floor
      this.over.add(at)
      this.floor = undefined
      out += this.speaker.cut(at) + this.next()
    }
    for (const at of this.messages) if (!this.over.has(at)) out += this.speaker.cut(at)
    return out
  }

  private speak(event: OutputEvent): string {
    const at = event.output_index
    this.floor = at
    const told = this.speaker.tell(event)
    if (event.type !== 'response.output_item.done') return told
    this.over.add(at)
    this.floor = undefined
    return told + this.next()
  }

  /** The floor is free: whoever waits longest. */
  private next(): string {
    let out = ''
    for (const [at, queue] of this.waiting) {
      if (this.floor !== undefined && !this.messages.has(this.floor)) break
      this.waiting.delete(at)
      for (const event of queue) out += this.speak(event)
    }
    return out
  }
}

function isOfMessage(event: OutputEvent): boolean {
  if (event.type === 'response.output_item.added') return event.item.type === 'message'
  return event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta'
}
