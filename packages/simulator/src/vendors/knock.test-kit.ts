import { anthropicMessages, gemini, openaiChat, openaiResponses, type Dialect } from '@dragoman/protocol'
import { ask, type Asked } from '../ask.js'
import type { Simulator } from '../simulator.js'
import { PERSONAS, type Persona, type Vendor } from './vendor.js'

/** One API of one vendor, and a body that it takes. */
export interface Door {
  vendor: Vendor
  path: string
  dialect: Dialect
  model: string
  body: object
  plays?: Persona
}
const messages = [{ role: 'user', content: 'Hello' }]
export const chat = (vendor: Vendor, model: string, plays?: Persona): Door => ({
  vendor,
  path: '/chat/completions',
  dialect: openaiChat,
  model,
  body: { model, messages },
  ...(plays === undefined ? {} : { plays }),
})
export const OPENAI = chat('openai', 'gpt-4o')
export const RESPONSES: Door = {
  ...OPENAI,
  path: '/responses',
  dialect: openaiResponses,
  body: { model: 'gpt-4o', input: 'Hello' },
}
export const ANTHROPIC: Door = {
  vendor: 'anthropic',
  path: '/messages',
  dialect: anthropicMessages,
  model: 'claude-haiku-4-5',
  body: { model: 'claude-haiku-4-5', max_tokens: 100, messages },
}
export const GEMINI: Door = {
  vendor: 'gemini',
  path: '/models/gemini-2.5-flash',
  dialect: gemini,
  model: 'gemini-2.5-flash',
  body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
}
export const OPENROUTER = chat('openrouter', 'openai/gpt-4o')
const DOORS: readonly Door[] = [
  OPENAI,
  RESPONSES,
  ANTHROPIC,
  GEMINI,
  OPENROUTER,
  ...PERSONAS.map((one) => chat('compatible', 'some-model', one)),
]
/** Every API of every vendor, by a name for a test. */
export const named = DOORS.map((door) => [`${door.plays ?? door.vendor} ${door.dialect.id}`, door] as const)

/** Asks a vendor; without a key with a fresh one. */
export function knock(
  simulator: Simulator,
  door: Door,
  about: { stream?: boolean; key?: string; query?: string; body?: object } = {},
): Promise<Asked> {
  const { vendor, path, body } = door
  const { stream = false, query = stream ? '?alt=sse' : '' } = about
  const key =
    about.key ?? simulator.addVendorKey({ vendor, ...(door.plays === undefined ? {} : { plays: door.plays }) }).key
  const isGemini = vendor === 'gemini'
  const action = isGemini ? `:${stream ? 'streamGenerateContent' : 'generateContent'}${query}` : ''
  return ask(`${simulator.vendors[vendor].baseUrl}${path}${action}`, {
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(isGemini
        ? { 'x-goog-api-key': key }
        : vendor === 'anthropic'
          ? { 'x-api-key': key }
          : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ ...body, ...(isGemini ? {} : { stream }), ...about.body }),
  })
}
/** What a client of this vendor understands of an error. */
export function failureOf(door: Door, reply: Asked) {
  const headers = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]))
  return door.dialect.call.decodeError(reply.status, headers, Buffer.from(reply.text))
}
/** What a client of this vendor understands of a stream. */
export function eventsOf(door: Door, reply: Asked) {
  const decoder = door.dialect.call.streamDecoder()
  return [...decoder.push(Buffer.from(reply.text)), ...decoder.end()]
}
