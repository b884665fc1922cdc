import { samplingOf, type PivotRequest, type Sampling } from '../pivot/index.js'
import { isJson } from './json.js'
import type { Noting } from './refusing.js'

export type SamplingField = keyof Sampling

/** Values that choose nothing: what SDKs send in silence, and how local servers say "off". */
const NEUTRAL: Readonly<Record<SamplingField, (value: unknown) => boolean>> = {
  stop: isEmpty,
  seed: () => false,
  top_k: (value) => typeof value === 'number' && value <= 0,
  min_p: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  frequency_penalty: (value) => value === 0,
  repeat_penalty: (value) => value === 1,
  n: (value) => value === 1,
  logit_bias: isEmpty,
}

/**
 * Notes the sampling that was asked for and that the upstream cannot do. The pointer names the pivot's field (`/top_k`).
 * @param can the fields that the encoder writes
 */
export function noteSampling(
  request: PivotRequest,
  can: ReadonlySet<SamplingField>,
  why: (field: SamplingField) => string,
  note: Noting,
): void {
  for (const [name, value] of Object.entries(samplingOf(request))) {
    const field = name as SamplingField
    if (value === undefined || can.has(field) || NEUTRAL[field]?.(value) === true) continue
    note(`/${field}`, 'dropped', why(field))
  }
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isJson(value) && Object.keys(value).length === 0)
}
