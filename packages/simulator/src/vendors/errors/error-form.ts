import type { PlainReply } from '../../faults/status-replies.js'
import type { Complaint, ComplaintDetails } from '../refusal.js'
import type { VendorCall } from '../vendor.js'

/** What an error reply may tell. */
export interface Told extends ComplaintDetails {
  call: VendorCall
  /** Empty: the vendor's usual words. */
  message: string
  /** Seconds that a limit still lasts. */
  retryAfter: number
  /** Unix ms. */
  now: number
  requestId: string
}

/** One vendor's way to say no. */
export type ErrorForm = (complaint: Complaint, told: Told) => PlainReply

/** Usual words of one vendor; what is not listed has none of its own. */
export type Words = Readonly<Record<Complaint, string>>

/** The message of a test or of a check, else the usual one with `{model}`, `{key}` and `{seconds}` filled in. */
export function worded(complaint: Complaint, told: Told, words: Words): string {
  if (told.message !== '') return told.message
  return words[complaint]
    .replaceAll('{model}', told.call.model)
    .replaceAll('{key}', masked(told.key ?? ''))
    .replaceAll('{seconds}', String(told.retryAfter))
}

/** As the vendors show a key that they refuse: never whole. */
function masked(key: string): string {
  return key.length < 12 ? '****' : `${key.slice(0, 4)}****${key.slice(-4)}`
}
