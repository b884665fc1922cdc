import { createHmac, randomBytes } from 'node:crypto'
import { FailureError, safeText } from '@dragoman/protocol'
import { Secret } from '../telemetry/index.js'
import type { SealedSettings } from '../store/index.js'
import type { Transport } from '../transport/index.js'
import { withoutIdentities } from './decent.js'
import type { Notice } from './notice.js'
import { sentenceOf } from './sentences.js'

const SECRET_SETTING = 'webhook_secret'
const PREFIX = 'dgw-'
const TIMEOUT_MS = 10_000

/** What signs the webhook's requests. Undefined: nothing is sent. */
export function readWebhookSecret(settings: SealedSettings): Promise<Secret | undefined> {
  return settings.get(SECRET_SETTING)
}

/** Makes a new one, 32 random bytes. The one before signs nothing any more. */
export async function makeWebhookSecret(settings: SealedSettings): Promise<Secret> {
  const secret = new Secret(PREFIX + randomBytes(32).toString('base64url'))
  await settings.set(SECRET_SETTING, secret)
  return secret
}

/**
 * `v1=` and the HMAC-SHA256, in hex, of `timestamp.body`; its key is the secret as it is shown, in UTF-8.
 * @param timestamp unix seconds, as in the header
 */
export function webhookSignature(secret: Secret, timestamp: number, body: string): string {
  return `v1=${createHmac('sha256', secret.reveal()).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`
}

/** What a receiver is told of a notice. `text` is what chat programs show. */
export function webhookBody(notice: Notice, options: { identities: boolean }): string {
  const told = options.identities ? notice : withoutIdentities(notice)
  return JSON.stringify({ text: sentenceOf(told, 'en'), textZh: sentenceOf(told, 'zh-CN'), ...told })
}

/** So that its owner sees that the receiver takes what we send. No notice: nothing happened. */
export function testBody(id: string, now: number): string {
  const text = 'This is a test of the webhook of Dragoman: nothing has happened.'
  const textZh = '这是 Dragoman webhook 的测试，没有发生任何事情。'
  return JSON.stringify({ text, textZh, id, at: now, level: 'info', type: 'test' })
}

export interface WebhookPost {
  url: string
  secret: Secret
  event: string
  delivery: string
  body: string
  now: number
  signal?: AbortSignal
  timeoutMs?: number
}

/**
 * One POST. Redirects are not followed, as nowhere.
 * @returns undefined when the receiver took it; else why not, in words that hold neither the path nor the query, which may be secrets
 * @throws the signal's reason
 */
export async function postToWebhook(
  request: Transport['request'],
  { url, secret, event, delivery, body, now, signal, timeoutMs = TIMEOUT_MS }: WebhookPost,
): Promise<string | undefined> {
  const timestamp = Math.floor(now / 1000)
  try {
    const { status } = await request({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'dragoman-webhook',
        'x-dragoman-event': event,
        'x-dragoman-delivery': delivery,
        'x-dragoman-timestamp': String(timestamp),
        'x-dragoman-signature': webhookSignature(secret, timestamp, body),
      },
      body,
      timeoutMs,
      owner: 'webhook',
      ...(signal === undefined ? {} : { signal }),
    })
    if (status >= 200 && status < 300) return undefined
    if (status >= 300 && status < 400) return `it redirects (${status}), which is not followed: name the address itself`
    return `it answered ${status}`
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof FailureError) return error.failure.message
    return safeText(error instanceof Error ? error.message : 'the network failed')
  }
}
