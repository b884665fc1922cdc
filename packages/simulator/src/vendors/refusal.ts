/** What is wrong, whoever says it; each vendor has its own words for it. */
export type Complaint =
  | 'no_key'
  | 'unauthorized'
  | 'forbidden'
  | 'payment_required'
  | 'quota'
  | 'rate_limited'
  | 'model_not_found'
  | 'not_found'
  | 'context_too_long'
  | 'payload_too_large'
  | 'invalid_request'
  | 'unprocessable'
  | 'internal'
  | 'bad_gateway'
  | 'overloaded'

/** Details of a complaint; a vendor tells those that its form has room for. */
export interface ComplaintDetails {
  /** The field, as this wire names places: `messages[0].content`, `tools.0.name`. */
  param?: string | null
  code?: string | null
  /** The key that was refused. */
  key?: string
  /** What Google lists under `details`, or Mistral as the mistakes of a body. */
  details?: readonly object[]
  /** Another status than the vendor's usual one. */
  status?: number
}

/** A request that a vendor does not take. Without a message the vendor's usual one is told. */
export class VendorRefusal extends Error {
  constructor(
    readonly complaint: Complaint,
    message: string,
    readonly about: ComplaintDetails = {},
  ) {
    super(message)
    this.name = 'VendorRefusal'
  }
}

/** A mistake in the body. */
export function invalid(message: string, about: ComplaintDetails = {}): VendorRefusal {
  return new VendorRefusal('invalid_request', message, about)
}
