import type { Config } from '../config/index.js'
import type { Delivery, Log, NoticeRows, SealedSettings } from '../store/index.js'
import type { Transport } from '../transport/index.js'
import { noticeOf } from './records.js'
import { postToWebhook, readWebhookSecret, webhookBody } from './webhook-request.js'

/** Brings notices to the webhook, oldest first, from the rows that are kept: so also those of before a restart. */
export interface Webhook {
  start(): void
  /** There may be something to bring. */
  wake(): void
  /** So many had to go unread, because too many wait. */
  overflowed(count: number): void
  /** Cuts off the request under way; it is sent again after the next start. */
  close(): Promise<void>
}

export interface WebhookOptions {
  rows: NoticeRows
  settings: SealedSettings
  request: Transport['request']
  config(): Pick<Config, 'notices'>
  now(): number
  /** From 0 up to 1. */
  random(): number
  log: Log
  timeoutMs?: number
}

/** The pauses between the tries, give or take a quarter. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000] as const
const JITTER = 0.25
/** Longer than any try: a delivery that was taken by a process that died is free again then. */
const HELD_MS = 60_000
/** What other processes left behind, and a changed setting, are noticed within this time. */
const LONGEST_NAP_MS = 15_000

/**
 * A receiver that does not take anything is told of once in the log, and once more when it does again: never as a notice, which would
 * have to be brought to it too.
 */
export function createWebhook(options: WebhookOptions): Webhook {
  const { rows, settings, config, now, random, log } = options
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let started = false
  let again = false
  /** What the log knows to be wrong. */
  let told: 'nothing' | 'no secret' | 'not taken' | 'not readable' = 'nothing'

  function arm(ms: number): void {
    clearTimeout(timer)
    if (started && !stop.signal.aborted) timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST_NAP_MS)).unref()
  }

  function wake(): void {
    if (!started || stop.signal.aborted) return
    again = true
    running ??= run().finally(() => {
      running = undefined
      // It came while the next pause was measured.
      if (again) wake()
    })
  }

  async function run(): Promise<void> {
    try {
      while (again && !stop.signal.aborted) {
        again = false
        await bringAll()
      }
      const next = await rows.nextDelivery()
      arm(next === undefined ? LONGEST_NAP_MS : next - now())
    } catch (error) {
      if (!stop.signal.aborted) complain('not readable', { err: error }, 'the deliveries of the webhook cannot be read')
      arm(LONGEST_NAP_MS)
    }
  }

  async function bringAll(): Promise<void> {
    for (;;) {
      const { webhook_url: url } = config().notices
      if ((await rows.nextDelivery()) === undefined) return
      if (url === '') {
        await rows.clearDeliveries()
        return
      }
      const secret = await readWebhookSecret(settings)
      if (secret === undefined) return
      const delivery = await rows.takeDelivery(now(), now() + HELD_MS)
      if (delivery === undefined || stop.signal.aborted) {
        if (delivery !== undefined) await rows.putOff(delivery.id, delivery.tries - 1, now())
        return
      }
      await bring(delivery, url, secret)
    }
  }

  async function bring(delivery: Delivery, url: string, secret: Parameters<typeof postToWebhook>[1]['secret']) {
    const { id, tries } = delivery
    const notice = noticeOf(delivery.notice)
    let why: string | undefined
    try {
      why = await postToWebhook(options.request, {
        url,
        secret,
        event: notice.type,
        delivery: id,
        body: webhookBody(notice, { identities: config().notices.webhook_identities }),
        now: now(),
        signal: stop.signal,
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      })
    } catch {
      await rows.putOff(id, tries - 1, now())
      return
    }
    const { host } = new URL(url)
    if (why === undefined) {
      await rows.removeDelivery(id)
      if (told === 'not taken') log.info({ host }, 'the webhook takes notices again')
      told = 'nothing'
      return
    }
    const pause = PAUSES_MS[tries - 1]
    if (pause === undefined) {
      await rows.removeDelivery(id)
      complain('not taken', { host, why, tries }, 'the webhook does not take notices; they stand in: dragoman events')
    } else await rows.putOff(id, tries, now() + pause * (1 - JITTER + 2 * JITTER * random()))
  }

  /** Once, until it is well again or something else is wrong. */
  function complain(what: typeof told, fields: object, sentence: string): void {
    if (told === what) return
    told = what
    log.warn(fields, sentence)
  }

  return {
    start() {
      started = true
      wake()
    },
    wake,
    overflowed(count) {
      const { webhook_url: url } = config().notices
      const host = URL.canParse(url) ? new URL(url).host : ''
      complain(
        'not taken',
        { host, dropped: count },
        'the webhook does not take notices as fast as they come: the oldest are dropped',
      )
    },
    async close() {
      stop.abort(new Error('the gateway stops'))
      clearTimeout(timer)
      await running
    },
  }
}
