import type { Extra } from './items.js'
import type { PivotRequest } from './request.js'

/**
 * How to choose the next token, where Open Responses has no field for it. Several dialects say the same things under their own
 * names, so they stand once, here, in `extra.sampling` of the request. `temperature` and `top_p` are fields of the request itself.
 * A decoder fills it without a note; what the upstream cannot do is noted by the call encoder, see {@link SAMPLING}.
 */
export interface Sampling {
  stop?: readonly string[]
  seed?: number
  top_k?: number
  min_p?: number
  presence_penalty?: number
  frequency_penalty?: number
  repeat_penalty?: number
  /** How many answers; 1 is left out. */
  n?: number
  logit_bias?: Readonly<Record<string, number>>
}

export const SAMPLING = 'sampling'

export function samplingOf(request: Pick<PivotRequest, 'extra'>): Sampling {
  return (request.extra?.[SAMPLING] ?? {}) as Sampling
}

/** `extra` with the sampling that is not empty, to be spread into a request's `extra`. */
export function samplingExtra(sampling: Sampling): Extra {
  const told = Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined))
  return Object.keys(told).length === 0 ? {} : { [SAMPLING]: told }
}
