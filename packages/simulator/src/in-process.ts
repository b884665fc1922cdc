import type { PivotRequest } from '@dragoman/protocol'
import { play as playScene, playContext, type Beat, type PlayContext, type Scene } from './scene/index.js'

/** What a scene needs to know to be played without a server; all but the request has a default. */
export interface PlayAbout extends Partial<PlayContext> {
  /** The request that the response objects echo. */
  request: PivotRequest
  /** Name that the response gives its model; default the request's. */
  model?: string
  responseId?: string
  /** Unix seconds. */
  createdAt?: number
}

/**
 * Plays a scene in the process, as the demo does: the pivot events of one reply, each with the milliseconds that it comes after the one before.
 * Lazy, so a caller may wait, or stop, between two events.
 */
export function play(scene: Scene, about: PlayAbout): Iterable<Beat> {
  const { model, responseId, createdAt, request, ...overrides } = about
  const context = playContext(model === undefined ? request : { ...request, model }, overrides)
  return playScene(scene, {
    ...context,
    newId: (prefix) => (prefix === 'resp' && responseId !== undefined ? responseId : context.newId(prefix)),
    now: createdAt !== undefined && overrides.now === undefined ? () => createdAt * 1000 : context.now,
  })
}
