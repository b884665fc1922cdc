import { randomBytes, randomUUID } from 'node:crypto'
import { isTerminal, type PivotRequest } from '@dragoman/protocol'
import { sceneFor } from '../brain/index.js'
import { isStreamFault } from '../faults/fault.js'
import type { Endpoint, FoundRule } from '../faults/rules.js'
import { json, statusReply } from '../faults/status-replies.js'
import type { Gates } from '../http/gates.js'
import type { Exchange, RecordedRequest } from '../http/recorded-request.js'
import { sendPlain } from '../http/send.js'
import { sendStream } from '../http/send-stream.js'
import type { Account, Accounts } from '../login/accounts.js'
import { estimateTokens, play, playContext, type Beat, type PlayContext, type Scene } from '../scene/index.js'
import { bookUsage, limitRefusal } from './account-limits.js'
import { accountsCheckReply, quotaHeaders, usageReply } from './account-replies.js'
import { checkLite, LITE_HEADER } from './check-lite.js'
import { checkCompaction, checkRequest, type CheckedAgainst } from './check-request.js'
import { limitIdOf, OWN_LIMIT } from './limits.js'
import { bundledModels, modelsEtag, visibleTo, type ModelInfo } from './models.js'
import type { PromptCache } from './prompt-cache.js'
import { badValue, detail, Refusal } from './refusal.js'
import { consumeCredit, creditsReply } from './reset-credits.js'
import type { Seals } from './seal.js'
import { checkRouting, ownerOf, whoMayAsk } from './who-may-ask.js'

export interface BackendOptions {
  /** `response.completed` carries `output: []`, as the real backend's does. Default true. */
  emptyOutputInCompleted?: boolean
  /** Refuse the classic shape of a request for models whose catalog entry says `use_responses_lite`. Default false: either shape passes. */
  requireLite?: boolean
  /** The model of prompt caching; off for measurements, where comparing prompts would cost time. Default true. */
  promptCache?: boolean
  /** Take every token, known or not, and every body. For measurements and first experiments. Default false. */
  unchecked?: boolean
  /**
   * Rate-limit headers as others have measured them (2026): the family `x-codex-…` carries the limit that the request counted
   * against, whichever that is, with the account's own called `premium` in `x-codex-active-limit`, and a window that a plan does not
   * have is told as zeros. Default false: each family carries its own limit and is called by its id.
   */
  measuredLimitHeaders?: boolean
}

export interface BackendParts {
  options: BackendOptions
  accounts: Accounts
  seals: Seals
  cache: PromptCache
  gates: Gates
  /** Unix ms. */
  now(): number
  /** The simulator's own origin. */
  origin(): string
  /** Told when an event stream begins; the answer must be called when it is over. */
  streamOpens(): () => void
}

/** One request for a response. */
export interface Asking {
  record: RecordedRequest
  /** The body, or a frame's whole request. */
  value: unknown
  account: Account
  rule: FoundRule | undefined
  /** Was the request marked as of the lite shape? */
  saysLite: boolean
}

/** A request that the backend answers. */
export interface Taken {
  account: Account
  request: PivotRequest
  scene: Scene
  context: PlayContext
}

/** The Codex backend: what stands behind `/backend-api`. */
export class CodexBackend {
  #models: readonly ModelInfo[] = bundledModels()
  #etag = modelsEtag(this.#models)

  constructor(private readonly parts: BackendParts) {}

  get models(): readonly ModelInfo[] {
    return this.#models
  }

  setModels(models: readonly ModelInfo[]): void {
    this.#models = models
    this.#etag = modelsEtag(models)
  }

  restoreModels(): void {
    this.setModels(bundledModels())
  }

  /** Answers one request whose rule, if any, is no fault in place of an answer. @throws Refusal */
  async answer(at: Endpoint, exchange: Exchange, rule: FoundRule | undefined): Promise<void> {
    const account = this.authenticate(exchange.record, rule)
    if (at === 'responses' || at === 'compact') checkRouting(exchange.record, account)
    if (at !== 'responses') rule?.use()
    switch (at) {
      case 'responses':
        return this.#respond(exchange, account, rule)
      case 'compact':
        return this.#compact(exchange, account)
      case 'models':
        return this.#listModels(exchange)
      case 'usage':
        return sendPlain(exchange, json(200, usageReply(account, this.parts.now())))
      case 'reset-credits':
        return this.#resetCredits(exchange, account)
      case 'accounts-check':
        return sendPlain(exchange, json(200, accountsCheckReply(account, this.parts.origin())))
      default:
        throw detail('Not Found', 404)
    }
  }

  /** What every reply of the backend says. */
  replyHeaders(account: Account | undefined, model?: string): Record<string, string> {
    const { options, now } = this.parts
    const limits = account?.limits
    const told = {
      active: limits === undefined || model === undefined ? OWN_LIMIT : limitIdOf(limits, model),
      asMeasured: options.measuredLimitHeaders === true,
    }
    return {
      'x-request-id': randomUUID(),
      'cf-ray': `${randomBytes(8).toString('hex')}-FRA`,
      'x-models-etag': this.#etag,
      ...(account === undefined ? {} : quotaHeaders(account, now(), told)),
    }
  }

  async #respond(exchange: Exchange, account: Account, rule: FoundRule | undefined): Promise<void> {
    const { record, body, response } = exchange
    if (!this.#unchecked(rule)) this.#checkBody(exchange)
    const saysLite = record.headers[LITE_HEADER] === 'true'
    const taken = this.take({ record, value: body.value, account, rule, saysLite })
    rule?.use()
    response.once('close', this.parts.streamOpens())
    await sendStream(exchange, {
      beats: this.play(taken),
      headers: {
        ...this.replyHeaders(account, taken.request.model),
        'openai-model': taken.request.model,
        'x-codex-turn-state': turnState(record.headers['x-codex-turn-state'], account),
        'x-reasoning-included': 'true',
      },
      delivery: rule?.delivery ?? {},
      gates: this.parts.gates,
      context: taken.context,
      ...(rule?.fault !== undefined && isStreamFault(rule.fault) ? { fault: rule.fault } : {}),
    })
  }

  /** Looks at one request for a response, whatever road it came on. @throws Refusal */
  take({ record, value, account, rule, saysLite }: Asking): Taken {
    const { options, seals, cache, now } = this.parts
    const session = record.headers['session-id'] ?? record.headers['session_id'] ?? ''
    const request = this.#unchecked(rule) ? lenient(value) : checkRequest(value, this.#against(account))
    if (!this.#unchecked(rule) && this.#isLite(request.model)) {
      checkLite(request, { saysLite, required: options.requireLite === true })
    }
    this.#refuseBeyondLimits(account, request.model)
    const context = playContext(request, {
      now,
      seal: (kind) => seals.make(kind, account.accountId, session),
      emptyOutputInCompleted: options.emptyOutputInCompleted !== false,
      ...(options.promptCache === false
        ? {}
        : { cachedTokens: cache.use({ accountId: account.accountId, session }, request) }),
    })
    return { account, request, context, scene: this.#scene(request, record, rule) }
  }

  /** Plays an answer. What it used is booked when it has come to its end, heard or not; an answer that broke off before used nothing. */
  play({ account, request, scene, context }: Taken): Iterable<Beat> {
    const beats = play(scene, context)
    if (account.limits === undefined && this.parts.options.promptCache === false) return beats
    return this.#metered(beats, account, request.model)
  }

  *#metered(beats: Iterable<Beat>, account: Account, model: string): Generator<Beat> {
    const { cache, now } = this.parts
    for (const beat of beats) {
      const { event } = beat
      const usage = isTerminal(event) && 'response' in event ? event.response.usage : undefined
      if (usage !== undefined && usage !== null) {
        const told = {
          inputTokens: usage.input_tokens,
          cachedTokens: usage.input_tokens_details?.cached_tokens ?? 0,
          outputTokens: usage.output_tokens,
        }
        bookUsage(account, model, told, now())
        cache.count(account.accountId, told)
      }
      yield beat
    }
  }

  #unchecked(rule: FoundRule | undefined): boolean {
    return this.parts.options.unchecked === true || rule?.unchecked === true
  }

  #isLite(model: string): boolean {
    return this.#models.find(({ slug }) => slug === model)?.use_responses_lite === true
  }

  #scene(request: PivotRequest, record: RecordedRequest, rule: FoundRule | undefined): Scene {
    const scene = rule?.scene
    if (scene === undefined) return sceneFor(request)
    return typeof scene === 'function' ? scene(request, record) : scene
  }

  #against(account: Account): CheckedAgainst {
    return {
      models: new Set(this.#models.map(({ slug }) => slug)),
      isOwnSeal: (encrypted) => this.parts.seals.read(encrypted)?.accountId === account.accountId,
    }
  }

  /** @throws Refusal 429 */
  #refuseBeyondLimits(account: Account, model: string): void {
    const { now } = this.parts
    const refusal = limitRefusal(account, model, now())
    if (refusal === undefined) return
    const { resetsAt } = refusal
    const fault = {
      type: 'status',
      name: 'usage_limit_reached',
      ...(resetsAt === undefined ? {} : { resetsAt }),
    } as const
    const reply = statusReply(fault, now(), account.plan)
    const told = this.replyHeaders(account, model)
    // What `setQuota` says need not look full; limits that live tell the truth themselves.
    const headers = account.limits === undefined ? { ...told, ...reply.headers } : { ...reply.headers, ...told }
    throw new Refusal({ ...reply, headers })
  }

  #checkBody({ body }: Exchange): void {
    if (body.problem === 'encoding') throw detail('Unsupported or broken content-encoding', 415)
    if (body.problem === 'json' || typeof body.value !== 'object') {
      throw badValue('We could not parse the JSON body of your request.', null, null)
    }
  }

  /** The legacy endpoint; newer clients send `compaction_trigger` instead. Source: upstream notes 5.4. */
  #compact(exchange: Exchange, account: Account): void {
    this.#checkBody(exchange)
    const model = (exchange.body.value as { model?: unknown } | null)?.model
    const asked = typeof model === 'string' ? model : ''
    this.#refuseBeyondLimits(account, asked)
    if (this.parts.options.unchecked !== true) checkCompaction(exchange.body.value, this.#against(account))
    // The reply tells no usage; that the backend counts what it has read is a guess.
    const inputTokens = estimateTokens(JSON.stringify(exchange.body.value))
    bookUsage(account, asked, { inputTokens, cachedTokens: 0, outputTokens: 0 }, this.parts.now())
    const session = exchange.record.headers['session-id'] ?? ''
    const encrypted_content = this.parts.seals.make('compaction', account.accountId, session)
    const item = { id: `cmp_${randomBytes(25).toString('hex')}`, type: 'compaction', encrypted_content }
    sendPlain(exchange, json(200, { output: [item] }), this.replyHeaders(account, asked))
  }

  #resetCredits(exchange: Exchange, account: Account): void {
    const now = this.parts.now()
    if (exchange.record.method === 'GET') return sendPlain(exchange, json(200, creditsReply(account, now)))
    this.#checkBody(exchange)
    sendPlain(exchange, consumeCredit(account, exchange.body.value, now))
  }

  #listModels(exchange: Exchange): void {
    const { headers, query } = exchange.record
    const etag = { etag: this.#etag }
    if (headers['if-none-match'] === this.#etag) {
      return sendPlain(exchange, { status: 304, headers: etag, body: '' })
    }
    const version = query.get('client_version')
    if (version === null) throw detail('client_version is required')
    sendPlain(exchange, json(200, { models: visibleTo(this.#models, version) }), etag)
  }

  /** Whose token is this, good or not? */
  accountOf(authorization: string | undefined): Account | undefined {
    return ownerOf(this.parts.accounts, authorization)
  }

  /** Whose request is this? @throws Refusal 401 or 403 */
  authenticate(record: RecordedRequest, rule: FoundRule | undefined): Account {
    const { accounts, now } = this.parts
    if (!this.#unchecked(rule)) return whoMayAsk(accounts, record, now())
    return this.accountOf(record.headers['authorization']) ?? accounts.all()[0] ?? accounts.add()
  }
}

function lenient(body: unknown): PivotRequest {
  const request = (typeof body === 'object' && body !== null ? body : {}) as Partial<PivotRequest>
  return { ...request, model: request.model ?? 'gpt-5.5', input: Array.isArray(request.input) ? request.input : [] }
}

/** The state of a turn: the client echoes it until the turn ends, so an echo is answered with itself. */
export function turnState(told: string | undefined, account: Account): string {
  return told ?? `ts_${account.accountId}_${randomBytes(12).toString('base64url')}`
}
