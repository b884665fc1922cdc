import { openaiResponses, type Failure, type PivotEvent, type PivotRequest } from '@dragoman/protocol'
import type { ApiKeyRecord } from '../../store/index.js'
import type { EventSink, Provider } from '../types.js'
import { apiKeyOf } from './api-key.js'
import { createKeyPool } from './key-pool.js'
import { presetOf } from './presets.js'
import type { ApiKey, KeyChoice, KeyModel } from './types.js'

/** What a test of a key found. */
export interface KeyTest {
  ok: boolean
  /** The model that was asked, as clients name it. */
  model: string
  /** Until the last byte of the answer, or the failure. */
  ms: number
  failure?: Failure
  /** One line; of a failure with the way out. */
  message: string
}

export interface KeyTestOptions {
  /** The provider as it would be with such keys; asked for one attempt. */
  providerOf(keys: KeyChoice): Pick<Provider, 'candidates' | 'open'>
  /** Default: the first model of the key that is for conversations. */
  model?: string
  timeoutMs?: number
  /** Milliseconds of any clock. */
  now?: () => number
}

const TIMEOUT_MS = 30_000
/** The least that OpenAI's Responses API takes. */
const SHORTEST_ANSWER = 16

/**
 * Has a key answer one word, by the road that requests take, whether it rests or is disabled. Benches nobody: whoever asked for the test heals
 * the key when it went well.
 * @throws Error in one line when there is nothing that could be asked
 */
export async function testKey(record: ApiKeyRecord, options: KeyTestOptions): Promise<KeyTest> {
  const { now = () => performance.now() } = options
  const key = apiKeyOf(record)
  if (key === undefined) throw new Error('this key was written by another version and cannot be used by this one')
  if (record.unreadable === true) throw new Error('this key cannot be unsealed; give it again: dragoman providers edit')
  if (!key.capabilities.includes('chat')) {
    throw new Error(`only conversations are tested, and this key is for ${key.capabilities.join(', ')}`)
  }
  const entry = modelToAsk(key, options.model)
  const alone: ApiKeyRecord[] = [{ ...record, enabled: true, models: [{ ...entry, capabilities: ['chat'] }] }]
  const provider = options.providerOf(createKeyPool({ rows: { list: () => alone } }))
  const [candidate] = provider.candidates({
    model: entry.id,
    within: key.provider,
    conversation: 'a test of the key',
    tried: new Set(),
  }).ready
  if (candidate === undefined) throw new Error(`${key.provider} cannot be asked for ${entry.id}`)

  const began = now()
  const failure = await answered(
    (sink) =>
      provider.open(
        candidate,
        {
          exchangeId: 'key-test',
          request: shortRequest(entry),
          model: candidate.model ?? entry.upstream ?? entry.id,
          conversation: 'a test of the key',
          clientHeaders: {},
          keepFrames: false,
          whole: false,
          withoutReasoning: false,
        },
        sink,
      ),
    options.timeoutMs ?? TIMEOUT_MS,
  )
  const ms = Math.round(now() - began)
  const about = { model: entry.id, ms }
  if (failure === undefined) return { ok: true, ...about, message: `${entry.id} answered in ${ms} ms` }
  return { ok: false, ...about, failure, message: `${entry.id}: ${failure.message}${wayOut(failure)}` }
}

function modelToAsk(key: ApiKey, named: string | undefined): KeyModel {
  const listed = key.models === 'all' ? [] : key.models
  if (named !== undefined) return listed.find(({ id }) => id === named) ?? { id: named }
  const known = presetOf(key.provider)?.models ?? []
  const found = [...listed, ...(key.models === 'all' ? known : [])].find(
    ({ capabilities }) => capabilities === undefined || capabilities.includes('chat'),
  )
  if (found === undefined) throw new Error('this key takes every name: say which model to ask, --model')
  return found
}

function shortRequest({ id }: KeyModel): PivotRequest {
  return {
    model: id,
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Reply with the word OK.' }] }],
    max_output_tokens: SHORTEST_ANSWER,
    stream: true,
    store: false,
  }
}

/** Runs one attempt to its end. @returns why it failed */
function answered(open: (sink: EventSink) => { cancel(): void }, timeoutMs: number): Promise<Failure | undefined> {
  const { promise, resolve } = Promise.withResolvers<Failure | undefined>()
  let told: Failure | undefined
  let over = false
  const look = (event: PivotEvent): void => {
    told ??= openaiResponses.call.failureOf(event)
    if (event.type === 'response.completed' || event.type === 'response.incomplete') over = true
  }
  const nothing = (): void => undefined
  const stream = open({
    sent: nothing,
    head: nothing,
    notes: nothing,
    whole: nothing,
    events: (batch) => batch.forEach(look),
    end: () => resolve(told ?? (over ? undefined : broken('stream_cut', 'the answer broke off before its end'))),
    fail: resolve,
  })
  const timer = setTimeout(() => {
    stream.cancel()
    resolve(broken('timeout', `no answer within ${timeoutMs / 1000} s`))
  }, timeoutMs)
  return promise.finally(() => clearTimeout(timer))
}

function broken(kind: 'stream_cut' | 'timeout', message: string): Failure {
  return { kind, scope: 'provider', phase: 'sent', retry: 'other', message }
}

function wayOut({ kind, code }: Failure): string {
  switch (kind) {
    case 'unauthenticated':
    case 'credential_expired':
    case 'credential_revoked':
    case 'account_suspended':
      return '; look at the key at the provider, and give a new one: dragoman providers edit'
    case 'payment_required':
      return '; top up the credit at the provider'
    case 'quota_exhausted':
      return '; the quota comes back with time, or with a larger plan at the provider'
    case 'rate_limited':
    case 'overloaded':
      return '; the key is taken, try again in a moment'
    case 'not_found':
    case 'model_unavailable':
      return '; name another model with --model, or look at the list: dragoman providers models --refresh'
    case 'forbidden':
      return '; the key may not use this model, or not from here'
    case 'unreachable':
    case 'timeout':
    case 'stream_cut':
    case 'challenged':
      return code === 'egress_forbidden' ? '' : '; look at the base URL and at the way out: dragoman proxies'
    case 'invalid_request':
    case 'payload_too_large':
    case 'context_too_long':
    case 'refused':
    case 'cancelled':
    case 'internal':
      return '; is the wire the right one? dragoman providers edit --wire'
    default:
      return kind satisfies never
  }
}
