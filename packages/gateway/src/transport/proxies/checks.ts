import type { ProxyCheck, ProxyRecord, ProxyRows } from '../../store/index.js'
import { sameWay } from '../way.js'
import { askForAddress, type AskBy } from './ask-for-address.js'
import type { LastChecks } from './last-checks.js'
import { addressOf, whyUnusable, type Roster } from './roster.js'
import type { Rotation } from './rotation.js'
import type { CheckedProxy } from './types.js'

export interface ChecksOptions {
  rows: ProxyRows
  roster: Roster
  rotation: Rotation
  last: LastChecks
  ask: AskBy
  /** `proxy.check_url`, read at every check. */
  url(): string
  now(): number
}

/** Checks under way. */
export interface Checks {
  /** @throws the reason of the signal, or of the end */
  one(record: ProxyRecord, signal?: AbortSignal): Promise<CheckedProxy>
  /** In their order, a few at a time. */
  many(
    records: readonly ProxyRecord[],
    signal?: AbortSignal,
    onEach?: (found: CheckedProxy) => void,
  ): Promise<CheckedProxy[]>
  /** Breaks off what runs. */
  close(): Promise<void>
}

const AT_ONE_TIME = 4

export function createChecks({ rows, roster, rotation, last, ask, url, now }: ChecksOptions): Checks {
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()

  async function check(record: ProxyRecord, signal: AbortSignal): Promise<CheckedProxy> {
    const { id, name } = record
    const address = addressOf(record)
    if (address === undefined) return { id, name, ok: false, error: whyUnusable(record) }
    const answered = await askForAddress(ask, address, url(), now, signal)
    const after = roster.lookUp(id)
    const afterAddress = after === undefined ? undefined : addressOf(after)
    // What was found of an address says nothing of the one that took its place meanwhile.
    if (afterAddress !== undefined && sameWay(address, afterAddress)) {
      const found: ProxyCheck = { at: now(), ...answered }
      rotation.checked(id, found)
      last.add(id, found)
      await rows.saveCheck(id, found)
    }
    return { id, name, ok: answered.error === undefined, ...answered }
  }

  function one(record: ProxyRecord, signal?: AbortSignal): Promise<CheckedProxy> {
    const either = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal])
    const under = check(record, either)
    running.add(under)
    const done = (): void => void running.delete(under)
    under.then(done, done)
    return under
  }

  return {
    one,
    async many(records, signal, onEach) {
      const found: CheckedProxy[] = []
      const waiting = records.entries()
      const next = async (): Promise<void> => {
        for (const [at, record] of waiting) {
          const checked = await one(record, signal)
          found[at] = checked
          onEach?.(checked)
        }
      }
      await Promise.all(Array.from({ length: AT_ONE_TIME }, next))
      return found
    },
    async close() {
      closing.abort(new Error('the gateway is stopping'))
      await Promise.allSettled(running)
    },
  }
}
