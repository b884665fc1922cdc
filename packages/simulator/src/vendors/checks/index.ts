import type { CheckContext } from '../vendor.js'
import { isJson } from '../vendor.js'
import { invalid } from '../refusal.js'

/** Is this a request that the vendor would take? @throws VendorRefusal or Refusal in the vendor's words */
export function checkCall({ call, exchange }: CheckContext): void {
  if (exchange.record.method !== 'POST' || call.api === 'transcriptions') return
  const { body } = exchange
  if (body.problem !== undefined || !isJson(body.value))
    throw invalid('We could not parse the JSON body of your request.')
}
