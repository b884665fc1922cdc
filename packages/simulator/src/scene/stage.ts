import { randomBytes } from 'node:crypto'
import type { PivotEvent, PivotItem, PivotRequest } from '@dragoman/protocol'
import type { Citation } from './scene.js'

/** One event of a reply and when it comes. */
export interface Beat {
  /** Milliseconds after the event before it; 0 = together with it. */
  afterMs: number
  event: PivotEvent
  /** The event waits until the gate of this name is open. Only the HTTP simulator has gates. */
  gate?: string
  /** The wire's JSON text, where it must go out verbatim. */
  json?: string
  /** Bytes of the body to send instead of an event. */
  bytes?: Uint8Array
}

/** What surrounds a scene when it is played. */
export interface PlayContext {
  request: PivotRequest
  /** A fresh id with this prefix (`msg`, `fc`, …), e.g. `msg_0af3…`. */
  newId(prefix: string): string
  /** Unix ms. */
  now(): number
  /** The opaque `encrypted_content` of a reasoning or compaction item. */
  seal(kind: 'reasoning' | 'compaction'): string
  /** Input tokens that the prompt cache knew. */
  cachedTokens?: number
  /** The Codex backend leaves `output` empty in the terminal event: only `output_item.done` carries the items. */
  emptyOutputInCompleted?: boolean
}

/** A context for playing without a server: random ids, the real clock, seals that mean nothing. */
export function playContext(request: PivotRequest, overrides: Partial<PlayContext> = {}): PlayContext {
  return {
    request,
    newId: randomId,
    now: Date.now,
    seal: () => `gAAAAA${randomBytes(96).toString('base64url')}`,
    ...overrides,
  }
}

/** Ids as the backend makes them: prefix and 50 hex digits. */
export function randomId(prefix: string): string {
  return `${prefix}_${randomBytes(25).toString('hex')}`
}

/** What the steps of one scene have in common while they are played. */
export interface Stage {
  readonly context: PlayContext
  readonly output: PivotItem[]
  /** The output index of the next item. */
  nextIndex: number
  /** Characters of output so far, for the estimate of tokens. */
  outputCharacters: number
  reasoningTokens: number
  /** Citations that a web search left for the next text. */
  citations: readonly Citation[]
  /** What an item's status is when it is done: `incomplete` right before the response breaks off. */
  doneStatus: 'completed' | 'incomplete'
}
