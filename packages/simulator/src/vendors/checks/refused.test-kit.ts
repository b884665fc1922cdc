import { ask } from '../../ask.js'
import type { Simulator } from '../../simulator.js'
import type { Vendor } from '../vendor.js'

/** The status and the message of what a vendor said to a body; nothing but the status when it took it. */
export async function refusal(
  simulator: Simulator,
  vendor: Vendor,
  path: string,
  body: object,
): Promise<[number, string]> {
  const { key } = simulator.addVendorKey({ vendor })
  const reply = await ask(`${simulator.vendors[vendor].baseUrl}${path}`, {
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(vendor === 'gemini' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  })
  return [reply.status, reply.status === 200 ? '' : reply.text]
}

/** A change of a good body, and why it is refused. */
export type Refused = readonly [what: string, changes: object, why: RegExp]

export const user = (content: unknown) => ({ role: 'user', content })
