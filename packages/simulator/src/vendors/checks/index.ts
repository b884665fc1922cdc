import { invalid, VendorRefusal } from '../refusal.js'
import { isJson, type CheckContext, type Json } from '../vendor.js'
import { checkChat } from './chat.js'
import { checkGenerate } from './generate.js'
import { checkMessages } from './messages.js'
import { checkResponses } from './responses.js'

/** Is this a request that the vendor would take? @throws VendorRefusal or Refusal in the vendor's words */
export function checkCall(context: CheckContext): void {
  const { call, exchange } = context
  const { record, body } = exchange
  if (record.method !== 'POST' || call.api === 'transcriptions') return
  if (body.problem === 'encoding')
    throw new VendorRefusal('unprocessable', 'Unsupported content encoding', { status: 415 })
  if (body.problem === 'json' || !isJson(body.value)) throw invalid(noJson(context))
  checkBody(body.value, context)
}

function checkBody(body: Json, context: CheckContext): void {
  switch (context.call.api) {
    case 'chat':
      return checkChat(body, context)
    case 'responses':
      return checkResponses(body, context)
    case 'messages':
      return checkMessages(body, context)
    case 'generate':
      return checkGenerate(body, context)
    case 'count':
      if (context.call.vendor === 'anthropic') checkMessages(body, context)
  }
}

function noJson({ call }: CheckContext): string {
  switch (call.vendor) {
    case 'anthropic':
      return 'The request body is not valid JSON'
    case 'gemini':
      return 'Invalid JSON payload received. Unexpected token.'
    default:
      return "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly.)"
  }
}
