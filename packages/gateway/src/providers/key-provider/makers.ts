import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Note } from '@dragoman/protocol'
import type { ApiKey } from '../keys/index.js'

/** How one maker of the chat API differs from the others. Only what makes it refuse a request stands here. */
interface Maker {
  /** Of its address, or the name that its key's owner gave it. */
  hosts: RegExp
  names: RegExp
  /** Models that the rest is about. Default: all. */
  models?: RegExp
  /** Refuses the thoughts of earlier turns. */
  takesNoThoughts?: true
  /** Call ids of exactly nine letters and digits. */
  nineLetterCalls?: true
  /** The only fields of a body that it knows; it refuses every other. */
  knows?: ReadonlySet<string>
  /** The same of messages, by role. */
  knowsOfMessages?: Readonly<Record<string, ReadonlySet<string>>>
  /** Fields that it refuses. */
  refuses?: readonly string[]
  /** Fields that it knows by another name. */
  renames?: Readonly<Record<string, string>>
}

const fields = (names: string): ReadonlySet<string> => new Set(names.split(' '))

/** OpenAI's models that think before they answer, and the one case in which they sample like others. Source: OpenAI, reasoning models. */
const THINKS = /^(?:o\d|gpt-5(?!.*chat)|gpt-[6-9]|codex-)/
const SAMPLES = [
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'stop',
]

/**
 * The makers that are stricter than the rest. Sources: their API references (chat completion), and their refusals as public bug
 * reports quote them.
 */
const MAKERS: readonly Maker[] = [
  {
    hosts: /(?:^|\.)mistral\.ai$/,
    names: /^mistral/,
    takesNoThoughts: true,
    nineLetterCalls: true,
    renames: { seed: 'random_seed', max_completion_tokens: 'max_tokens' },
    knowsOfMessages: {
      system: fields('role content'),
      user: fields('role content'),
      assistant: fields('role content tool_calls prefix'),
      tool: fields('role content tool_call_id name'),
    },
    knows: fields(
      'model messages temperature top_p max_tokens stream stream_options stop random_seed metadata response_format tools tool_choice presence_penalty frequency_penalty n prediction parallel_tool_calls prompt_mode reasoning_effort guardrails safe_prompt prompt_cache_key',
    ),
  },
  {
    hosts: /(?:^|\.)groq\.com$/,
    names: /^groq/,
    takesNoThoughts: true,
    refuses: ['logprobs', 'logit_bias', 'top_logprobs'],
  },
  {
    hosts: /(?:^|\.)x\.ai$/,
    names: /^(?:xai|grok)/,
    models: /^grok-(?:3-mini|4)/,
    refuses: ['presence_penalty', 'frequency_penalty', 'stop'],
  },
  {
    hosts: /(?:^|\.)x\.ai$/,
    names: /^(?:xai|grok)/,
    models: /^grok-4(?!.*(?:mini|fast))/,
    refuses: ['reasoning_effort'],
  },
  {
    hosts: /(?:^|\.)openai\.com$/,
    names: /^openai/,
    models: new RegExp(`^(?!${THINKS.source.slice(1)})`),
    refuses: ['reasoning_effort'],
  },
  {
    hosts: /(?:^|\.)openai\.com$/,
    names: /^openai/,
    models: THINKS,
    refuses: SAMPLES,
    renames: { max_tokens: 'max_completion_tokens' },
  },
]

/** Which of them an API key's requests go to. */
function makersOf({ provider, baseUrl }: Pick<ApiKey, 'provider' | 'baseUrl'>, model: string): Maker[] {
  const { hostname } = new URL(baseUrl)
  return MAKERS.filter(
    ({ hosts, names, models }) => (hosts.test(hostname) || names.test(provider)) && (models?.test(model) ?? true),
  )
}

type Json = Record<string, unknown>

/**
 * A body of an OpenAI API as its maker takes it. What is lost is noted, by the names of the pivot where those differ.
 * @param body the client's own or what the call encoder wrote; not changed
 * @returns `changed`: something of it goes upstream otherwise than it stood there
 */
export function fitForMaker(
  key: Pick<ApiKey, 'provider' | 'baseUrl' | 'wire'>,
  model: string,
  body: Json,
): { body: Json; notes: Note[]; changed: boolean } {
  const notes: Note[] = []
  if (key.wire !== 'chat' && key.wire !== 'responses') return { body, notes, changed: false }
  let fit = body
  for (const maker of makersOf(key, model)) fit = fitted(maker, key.provider, fit, notes)
  return { body: fit, notes, changed: !isDeepStrictEqual(fit, body) }
}

/** Names of the pivot for fields of chat. */
const PIVOT: Readonly<Record<string, string>> = {
  reasoning_effort: 'reasoning/effort',
  max_tokens: 'max_output_tokens',
  max_completion_tokens: 'max_output_tokens',
  response_format: 'text/format',
  verbosity: 'text/verbosity',
}

function fitted(maker: Maker, provider: string, body: Json, notes: Note[]): Json {
  const out: Json = {}
  for (const [field, value] of Object.entries(body)) {
    const name = maker.renames?.[field] ?? field
    const refused = maker.refuses?.includes(name) === true || maker.knows?.has(name) === false
    if (!refused) out[name] = value
    else if (!saysNothing(name, value)) {
      notes.push({
        pointer: `/${PIVOT[field] ?? field}`,
        what: 'dropped',
        why: `${provider} refuses it for this model`,
      })
    }
  }
  const { messages } = out
  if (!Array.isArray(messages)) return out
  let told: unknown[] = messages
  if (maker.takesNoThoughts === true) {
    const silent = told.map(withoutThoughts)
    if (silent.some((message, at) => message !== told[at])) {
      notes.push({ pointer: '/input', what: 'dropped', why: `${provider} takes no reasoning of earlier turns` })
    }
    told = silent
  }
  if (maker.nineLetterCalls === true) told = told.map(withNineLetterCalls)
  const known = maker.knowsOfMessages
  if (known !== undefined) told = told.map((message, at) => withKnownFields(message, known, at, provider, notes))
  return { ...out, messages: told }
}

/** The default says nothing. */
function saysNothing(field: string, value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    (field === 'temperature' && value === 1) ||
    (field === 'top_p' && value === 1)
  )
}

function withKnownFields(
  message: unknown,
  known: Readonly<Record<string, ReadonlySet<string>>>,
  at: number,
  provider: string,
  notes: Note[],
): unknown {
  if (!isJson(message)) return message
  // Where the others have developer it knows system only.
  const role = message['role'] === 'developer' ? 'system' : message['role']
  const fields = known[String(role)]
  if (fields === undefined) return message
  const out: Json = {}
  for (const [field, value] of Object.entries({ ...message, role })) {
    if (fields.has(field)) out[field] = value
    else if (value !== null && !(Array.isArray(value) && value.length === 0)) {
      notes.push({ pointer: `/messages/${at}/${field}`, what: 'dropped', why: `${provider} knows no such field` })
    }
  }
  return out
}

const THOUGHTS = ['reasoning_content', 'reasoning', 'reasoning_details']

function withoutThoughts(message: unknown): unknown {
  if (!isJson(message) || !THOUGHTS.some((field) => field in message)) return message
  return Object.fromEntries(Object.entries(message).filter(([field]) => !THOUGHTS.includes(field)))
}

function withNineLetterCalls(message: unknown): unknown {
  if (!isJson(message)) return message
  const { tool_calls: calls, tool_call_id: id } = message
  return {
    ...message,
    ...(Array.isArray(calls) ? { tool_calls: calls.map((call: unknown) => withId(call)) } : {}),
    ...(typeof id === 'string' ? { tool_call_id: nineLetters(id) } : {}),
  }
}

function withId(call: unknown): unknown {
  return isJson(call) && typeof call['id'] === 'string' ? { ...call, id: nineLetters(call['id']) } : call
}

/** The same id always becomes the same; its own ids stay what they are. */
function nineLetters(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : hash('sha256', id).slice(0, 9)
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
