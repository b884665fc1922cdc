import type { FailFault } from '../../faults/fault.js'
import { errorReply, type Told } from '../errors/index.js'
import type { Complaint } from '../refusal.js'
import { isJson, type Json } from '../vendor.js'
import type { WireFrame } from './wire-frame.js'

const COMPLAINTS: ReadonlySet<string> = new Set<Complaint>([
  'unauthorized',
  'forbidden',
  'payment_required',
  'quota',
  'rate_limited',
  'model_not_found',
  'context_too_long',
  'payload_too_large',
  'invalid_request',
  'internal',
  'overloaded',
])

/** What a fault's code means: one of our complaints by name, else trouble inside with the vendor's own code. */
export function complaintOf(code: string): Complaint {
  return COMPLAINTS.has(code) ? (code as Complaint) : 'internal'
}

/** The error that a fault tells, as the body of the vendor's error reply has it. */
export function faultBody(fault: FailFault, told: Told): Json {
  const complaint = complaintOf(fault.code)
  const parsed: unknown = JSON.parse(errorReply(complaint, { ...told, message: fault.message ?? told.message }).body)
  const body = (Array.isArray(parsed) ? (parsed[0] as unknown) : parsed) as Json
  const own = complaint === fault.code ? {} : ownCode(fault.code, told)
  const { error } = body
  return isJson(error) ? { ...body, error: { ...error, ...own, ...fault.more } } : { ...body, ...own, ...fault.more }
}

function ownCode(code: string, { call }: Told): Json {
  if (call.api === 'messages') return { type: code }
  if (call.vendor === 'gemini') return { status: code }
  if (call.vendor === 'openrouter') return { code: Number.isNaN(Number(code)) ? code : Number(code) }
  return { code }
}

/** What the stream is where the error comes. */
export interface Broken {
  /** Frames told before. */
  frames: number
  /** The id of the response that has begun. */
  responseId: string
  /** Unix seconds. */
  createdAt: number
}

/**
 * An error in the middle of a stream, in the vendor's form.
 * Sources: upstream notes 7; OpenRouter, errors during streaming; Groq's streams name the event.
 */
export function errorFrames(fault: FailFault, told: Told, broken: Broken): WireFrame[] {
  const { call } = told
  const body = faultBody(fault, told)
  const frame = (text: string): WireFrame[] => [{ text, ends: true }]
  switch (call.api) {
    case 'messages':
      return frame(`event: error\ndata: ${JSON.stringify(body)}\n\n`)
    case 'generate':
      if (call.alt === 'sse') return frame(`data: ${JSON.stringify(body)}\n\n`)
      return frame(`${broken.frames === 0 ? '[' : ',\r\n'}${JSON.stringify(body)}]`)
    case 'responses':
      return frame(responsesError(fault, told, broken))
    default: {
      if (call.vendor === 'openrouter') {
        const choice = { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'error' }
        const chunk = {
          id: broken.responseId,
          object: 'chat.completion.chunk',
          created: broken.createdAt,
          model: call.model,
          provider: 'Simulated',
          error: body['error'],
          choices: [{ ...choice, native_finish_reason: 'error' }],
        }
        return frame(`data: ${JSON.stringify(chunk)}\n\n`)
      }
      return frame(`${call.persona === 'groq' ? 'event: error\n' : ''}data: ${JSON.stringify(body)}\n\n`)
    }
  }
}

function responsesError(fault: FailFault, told: Told, { frames, responseId, createdAt }: Broken): string {
  const message = fault.message ?? 'An error occurred while processing your request.'
  const error = { code: fault.code, message, ...fault.more }
  const sequence_number = frames
  switch (fault.form) {
    case 'error-flat':
      return sse('error', { sequence_number, ...error, param: null })
    case 'error-nested':
      return sse('error', { sequence_number, error: { type: 'server_error', ...error, param: null } })
    default: {
      const response = {
        id: responseId,
        object: 'response',
        created_at: createdAt,
        status: 'failed',
        model: told.call.model,
        output: [],
        usage: null,
        error,
        incomplete_details: null,
      }
      return sse('response.failed', { sequence_number, response })
    }
  }
}

function sse(type: string, data: Json): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
