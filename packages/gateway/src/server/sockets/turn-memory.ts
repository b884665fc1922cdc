import type { Failure } from '@dragoman/protocol'
import { LRUCache } from 'lru-cache'

/** The newest response of a connection: what its next frame may continue. */
export interface Remembered {
  responseId: string
  /** The whole conversation in the wire's items: what was asked and what was answered. */
  items: readonly unknown[]
  /** Of their JSON, about. */
  characters: number
}

/** What connections remember between their turns. Bounded in all; who is forgotten sends everything again. */
export interface TurnMemory {
  /** @param most characters that one connection may keep; more is not remembered */
  keep(connection: object, remembered: Remembered, most: number): void
  /** The newest response of this connection, if this is its id. */
  find(connection: object, responseId: string): Remembered | undefined
  forget(connection: object): void
}

/** @param characters of all connections together */
export function createTurnMemory(characters: number): TurnMemory {
  const newest = new LRUCache<object, Remembered>({
    maxSize: characters,
    sizeCalculation: (remembered) => Math.max(1, remembered.characters),
  })
  return {
    keep(connection, remembered, most) {
      if (remembered.characters > most) newest.delete(connection)
      else newest.set(connection, remembered)
    },
    find(connection, responseId) {
      const found = newest.get(connection)
      return found?.responseId === responseId ? found : undefined
    },
    forget: (connection) => void newest.delete(connection),
  }
}

type Frame = Readonly<Record<string, unknown>>

/** The request that a frame stands for, as the body of an HTTP request. */
export interface WholeRequest {
  body: Record<string, unknown>
  /** Its input's JSON, about. */
  characters: number
}

/** What only a frame has; over HTTP every reply that can become frames is a stream. */
const OF_FRAMES = ['type', 'previous_response_id', 'generate'] as const

/**
 * Puts the conversation in front of what a frame brings of it.
 * @param frameCharacters of the frame's text
 * @returns a failure when the response that it continues is not remembered; the code is the one after which clients send everything
 * again (upstream-codex 4.3)
 */
export function wholeRequest(
  frame: Frame,
  frameCharacters: number,
  find: (responseId: string) => Remembered | undefined,
): WholeRequest | Failure {
  const { previous_response_id: previous, input } = frame
  const body: Record<string, unknown> = { ...frame, stream: true }
  for (const field of OF_FRAMES) delete body[field]
  if (previous === undefined || previous === null || previous === '') return { body, characters: frameCharacters }
  const remembered = typeof previous === 'string' ? find(previous) : undefined
  if (remembered === undefined) return NOT_REMEMBERED
  // What is no list of items is judged where every request is.
  const added = itemsOf(input)
  if (added !== undefined) body['input'] = [...remembered.items, ...added]
  return { body, characters: remembered.characters + frameCharacters }
}

/** A request's input as items; undefined when it is neither a list nor a text. */
export function itemsOf(input: unknown): readonly unknown[] | undefined {
  if (input === undefined || input === null) return []
  if (typeof input === 'string') {
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
  }
  return Array.isArray(input) ? (input as unknown[]) : undefined
}

const NOT_REMEMBERED: Failure = {
  kind: 'invalid_request',
  scope: 'request',
  phase: 'unsent',
  retry: 'never',
  code: 'previous_response_not_found',
  pointer: '/previous_response_id',
  message: 'this is not the newest response of this connection; send the whole conversation as input instead',
}
