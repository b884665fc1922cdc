import type { PivotRequest } from '@dragoman/protocol'
import type { Wait } from '../http/gates.js'
import type { RecordedRequest } from '../http/recorded-request.js'
import type { Scene } from '../scene/index.js'
import type { Vendor, VendorEndpoint } from '../vendors/names.js'
import type { Delivery, Fault } from './fault.js'

/** The doors of the simulator that a rule can stand at. */
export type Endpoint =
  | 'responses'
  /** Handshakes of WebSockets; their frames are `responses`. */
  | 'upgrade'
  | 'compact'
  | 'models'
  | 'usage'
  /** Both to list them and to consume one. */
  | 'reset-credits'
  | 'accounts-check'
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'device-code'
  | 'device-token'
  | 'other'
  | VendorEndpoint

/** How the login server treats one token request. A real server goes on when the client hangs up, and so does this one. */
export interface TokenTreatment {
  /** Before the old token is spent. */
  beforeCommit?: Wait
  /** The old token is spent, the new one not yet told: who dies here has lost it. */
  beforeAnswer?: Wait
  /** Spends the old token and never answers. */
  neverAnswer?: boolean
  /** Commits, then resets the connection. */
  resetAfterCommit?: boolean
  /** Leave these out of the answer; the client must keep what it has. */
  omit?: readonly ('id_token' | 'refresh_token' | 'access_token')[]
}

/** A recorded reply of a vendor, sent word by word. At least one of the forms; the request decides which is wanted. */
export interface Recording {
  /** A stream's events, each as the JSON text that stood in its `data:` line: as lines, or as the text of a `.chunks.txt` file. */
  lines?: readonly string[] | string
  /** A stream's whole body as it was on the wire. */
  sse?: string
  /** A reply that came as one document. */
  whole?: string
}

/** What the simulator does differently, and when. Rules are tried in the order they were made; the first that fits and is not used up wins. */
export interface Rule {
  /** Default `responses`, the Codex backend's. `vendors` is every door of every third party, `any` every door there is. */
  at?: Endpoint | 'any' | 'vendors'
  /** Only at this third party. */
  vendor?: Vendor
  when?: (request: RecordedRequest) => boolean
  /** `model` of the body, or of the path. */
  model?: string
  accountId?: string
  /** Only the nth request that fits, from 1. */
  nth?: number
  /** How often; default always. */
  times?: number
  scene?: Scene | ((request: PivotRequest, record: RecordedRequest) => Scene)
  /** At third parties: a recorded reply in place of a scene. */
  recording?: Recording
  fault?: Fault
  delivery?: Delivery
  token?: TokenTreatment
  /** Answers without looking at token and body. */
  unchecked?: boolean
}

export interface ScriptedRule {
  /** How many requests it has decided. */
  readonly uses: number
  remove(): void
}

interface Entry {
  rule: Rule
  uses: number
  seen: number
}

export interface FoundRule extends Rule {
  /** Counts the use. A request that was refused before the rule acted does not use it up. */
  use(): void
}

export class Rules {
  #entries: Entry[] = []

  add(rule: Rule): ScriptedRule {
    const entry: Entry = { rule, uses: 0, seen: 0 }
    this.#entries.push(entry)
    return {
      get uses() {
        return entry.uses
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry)
      },
    }
  }

  clear(): void {
    this.#entries = []
  }

  find(at: Endpoint, request: RecordedRequest): FoundRule | undefined {
    let found: Entry | undefined
    for (const entry of this.#entries) {
      if (!fits(entry.rule, at, request)) continue
      entry.seen += 1
      const { nth, times } = entry.rule
      if (found !== undefined || entry.uses >= (times ?? Infinity)) continue
      if (nth === undefined || entry.seen === nth) found = entry
    }
    if (found === undefined) return undefined
    const entry = found
    return { ...entry.rule, use: () => void (entry.uses += 1) }
  }
}

function fits(rule: Rule, at: Endpoint, request: RecordedRequest): boolean {
  const where = rule.at ?? 'responses'
  const fitting = where === 'vendors' ? at.startsWith('vendor-') : where === 'any' || where === at
  if (!fitting) return false
  if (rule.vendor !== undefined && rule.vendor !== request.vendor) return false
  if (rule.accountId !== undefined && rule.accountId !== request.accountId) return false
  const model = request.model ?? (request.body as { model?: unknown } | undefined)?.model
  if (rule.model !== undefined && model !== rule.model) return false
  return rule.when?.(request) ?? true
}
