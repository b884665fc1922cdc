import type { Config } from '../config/index.js'
import type { Log, NoticeRows, SealedSettings } from '../store/index.js'
import type { Transport } from '../transport/index.js'
import { decent, decentName, withoutIdentities } from './decent.js'
import { noticeIds } from './notice-ids.js'
import { idsIn, levelOf, type Name, type News, type Notice } from './notice.js'
import { readNotices, recordOf, type NoticeFilter } from './records.js'
import { sentenceOf } from './sentences.js'
import { createWebhook } from './webhook.js'
import { readWebhookSecret } from './webhook-request.js'

export interface NoticesOptions {
  rows: NoticeRows
  /** Where the webhook's secret lies. */
  settings: SealedSettings
  transport: Pick<Transport, 'request'>
  /** Read whenever it is needed. */
  config(): Pick<Config, 'notices'>
  log: Log
  /** How an account, an API key or a client key is called. Default: by its id. */
  nameOf?(id: string): Name | undefined
  now?(): number
  /** From 0 up to 1. */
  random?(): number
  /** For one request of the webhook. Default 10 s. */
  webhookTimeoutMs?: number
}

/** What the gateway tells its owner: kept, logged, shown live, and brought to a webhook. */
export interface Notices {
  /** Never throws, never waits: it is kept a moment later. */
  tell(news: News): Notice
  /** The newest first, those included that were told a moment ago. */
  list(filter?: NoticeFilter): Promise<Notice[]>
  /** @returns how many there were */
  clear(): Promise<number>
  /** Told every notice of this process. @returns how to listen no more */
  onNotice(listener: (notice: Notice) => void): () => void
  /** Begins to bring notices to the webhook; for the server, not for commands. */
  start(): void
  /** Keeps what was told; what the webhook has not taken waits for the next start. */
  close(): Promise<void>
}

const WRITE_AFTER_MS = 200
/** A disk that fails is tried again, and meanwhile only so many wait. */
const RETRY_AFTER_MS = 5_000
const MOST_WAITING = 2000
const MOST_DELIVERIES = 1000
const DAY_MS = 86_400_000

/**
 * @example
 * const notices = createNotices({ rows: store.notices, settings: store.sealedSettings, transport, config, log })
 * notices.tell({ type: 'login_needed', accountId, data: {} })
 */
export function createNotices(options: NoticesOptions): Notices {
  const { rows, settings, config, log, now = Date.now, random = Math.random } = options
  const idAt = noticeIds(random)
  const listeners = new Set<(notice: Notice) => void>()
  const webhook = createWebhook({
    rows,
    settings,
    request: (out) => options.transport.request(out),
    config,
    now,
    random,
    log,
    ...(options.webhookTimeoutMs === undefined ? {} : { timeoutMs: options.webhookTimeoutMs }),
  })
  let waiting: { notice: Notice; forWebhook: boolean }[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let troubled = false
  let secretMissed = false

  function arm(ms: number): void {
    timer ??= setTimeout(() => void write(), ms).unref()
  }

  /** One after the other; each takes all that waits. */
  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeWaiting)
    return writing
  }

  async function writeWaiting(): Promise<void> {
    const batch = waiting
    if (batch.length === 0) return
    waiting = []
    try {
      const hooked = batch.some(({ forWebhook }) => forWebhook) && (await hasSecret())
      const { keep, keep_days: days } = config().notices
      const dropped = await rows.add(
        batch.map(({ notice }) => recordOf(notice)),
        batch
          .filter(({ forWebhook }) => hooked && forWebhook)
          .map(({ notice }) => ({ id: deliveryOf(notice), notice: recordOf(notice), nextAt: notice.at })),
        { keep, since: now() - days * DAY_MS, deliveries: MOST_DELIVERIES },
      )
      if (dropped > 0) webhook.overflowed(dropped)
      if (hooked) webhook.wake()
      troubled = false
    } catch (error) {
      if (!troubled) log.warn({ err: error }, 'notices cannot be kept; it is tried again')
      troubled = true
      waiting = [...batch, ...waiting].slice(-MOST_WAITING)
      arm(RETRY_AFTER_MS)
    }
  }

  /** An address without a secret is a feature that is off: what is not signed, anybody could have sent. */
  async function hasSecret(): Promise<boolean> {
    const missing = (await readWebhookSecret(settings)) === undefined
    if (missing && !secretMissed) {
      log.warn(
        {},
        'notices.webhook_url is set but nothing is sent: make the secret that signs it: dragoman webhook secret',
      )
    }
    secretMissed = missing
    return !missing
  }

  return {
    tell(news) {
      const at = now()
      const safe = decent(news)
      const names: Record<string, Name> = {}
      for (const id of idsIn(safe)) {
        const name = options.nameOf?.(id)
        if (name !== undefined) names[id] = decentName(name)
      }
      const notice = { ...safe, id: idAt(at), at, level: safe.level ?? levelOf(safe), names } as Notice
      const { webhook_url: url, webhook_events: events } = config().notices
      waiting.push({ notice, forWebhook: url !== '' && events.includes(notice.type) })
      if (waiting.length > MOST_WAITING) waiting.shift()
      arm(WRITE_AFTER_MS)
      logNotice(log, notice)
      for (const listener of [...listeners]) {
        try {
          listener(notice)
        } catch (error) {
          log.error({ err: error }, 'a listener to notices failed')
        }
      }
      return notice
    },
    async list(filter) {
      await write()
      return readNotices(rows, filter)
    },
    async clear() {
      await write()
      return rows.clear()
    },
    onNotice(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      webhook.start()
      const { webhook_url: url } = config().notices
      if (url !== '')
        hasSecret().catch((error: unknown) => log.warn({ err: error }, 'the webhook has no readable secret'))
    },
    async close() {
      listeners.clear()
      await webhook.close()
      await write()
      clearTimeout(timer)
    },
  }
}

/** One delivery a notice, so that a receiver knows it when it comes twice. */
function deliveryOf({ id }: Notice): string {
  return id.replace(/^ntc_/, 'dlv_')
}

/** The log may be shown to others: without e-mail addresses. */
function logNotice(log: Log, notice: Notice): void {
  const { id, type, accountId, apiKeyId, clientKeyId } = notice
  const fields = { notice: id, type, accountId, apiKeyId, clientKeyId }
  log[notice.level === 'info' ? 'info' : 'warn'](fields, sentenceOf(withoutIdentities(notice), 'en'))
}
