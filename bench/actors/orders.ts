/**
 * The benchmark directs its actors by orders over the channel that Node opens to a forked process. An order has a name, a
 * question and an answer; what an actor understands is one interface.
 */
export type Orders<O> = { [Name in keyof O]: { ask: unknown; reply: unknown } }

/** An order on its way to an actor. */
export interface Order {
  id: number
  name: string
  ask: unknown
}

/** What comes back; `error` when the order could not be carried out. */
export interface Answer {
  id: number
  reply?: unknown
  error?: string
}

/** How an actor carries out its orders. */
export type Script<O extends Orders<O>> = {
  [Name in keyof O]: (ask: O[Name]['ask']) => O[Name]['reply'] | Promise<O[Name]['reply']>
}

/** Serves orders until the benchmark is gone, then ends this process. */
export function obey<O extends Orders<O>>(script: Script<O>): void {
  process.on('message', (order: Order) => {
    void carryOut(script, order).then((answer) => process.send?.(answer))
  })
  process.on('disconnect', () => process.exit(0))
  // A terminal's interrupt reaches every process at once; the benchmark decides what ends when.
  process.on('SIGINT', () => undefined)
}

async function carryOut(script: object, { id, name, ask }: Order): Promise<Answer> {
  try {
    // Whoever gives an order is held to the same interface; see Actor.ask.
    const acts = script as Record<string, (ask: unknown) => unknown>
    return { id, reply: await acts[name]?.(ask) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}
