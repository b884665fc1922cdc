import { fork } from 'node:child_process'
import type { Answer, Orders } from '../actors/orders.js'
import { end, within } from './processes.js'

/** A process that plays a part: the load, the upstream, a reference. */
export interface Actor<O extends Orders<O>> {
  readonly pid: number
  /** @throws Error when the actor could not do it, or not in time (a minute beyond what the order itself takes) */
  ask<Name extends keyof O & string>(name: Name, ask: O[Name]['ask']): Promise<O[Name]['reply']>
  end(): Promise<void>
}

const ORDER_LIMIT_MS = 60_000

export function startActor<O extends Orders<O>>(file: string): Actor<O> {
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const waiting = new Map<number, (answer: Answer) => void>()
  let orders = 0
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  child.on('exit', (code, signal) => {
    for (const [id, settle] of waiting) settle({ id, error: `the process ended (${code ?? signal})` })
    waiting.clear()
  })
  return {
    pid: child.pid ?? 0,
    ask(name, ask) {
      const id = orders++
      const answered = new Promise<O[typeof name]['reply']>((resolve, reject) => {
        waiting.set(id, ({ reply, error }) => {
          if (error === undefined) resolve(reply)
          else reject(new Error(`${name}: ${error}`))
        })
      })
      child.send({ id, name, ask })
      return within(ORDER_LIMIT_MS, name, answered)
    },
    end: () => end(child),
  }
}
