import { FailureError, safeText, type Failure, type PivotEvent, type Structured } from '@dragoman/protocol'
import type { AccountPool } from '../../accounts/index.js'
import type { EventSink } from '../types.js'
import { replyHeaders } from './reply-headers.js'

export interface NewsAbout {
  accounts: AccountPool
  accountId: string
  /** Of the credential that was used. */
  generation: number
  model: string
  /** The endpoint's failures count against the account. */
  benches: boolean
  restore: Structured['restore']
}

/** What one attempt tells, over whichever transport: the relay what was answered, the pool how the account is. */
export class AttemptNews {
  #headers: Readonly<Record<string, string>> = {}
  #over = false
  #sentAt: number | undefined

  constructor(
    private readonly about: NewsAbout,
    private readonly sink: EventSink,
  ) {}

  /** Nothing more may be told. */
  get over(): boolean {
    return this.#over
  }

  sent(): void {
    this.#sentAt = Date.now()
    this.sink.sent()
  }

  /** Headers of a good answer; told again with more when more is known. */
  head(headers: Readonly<Record<string, string>>): void {
    this.#headers = headers
    this.sink.head(replyHeaders(headers))
  }

  /** The account has answered; its limits stand in the headers. */
  worked(headers: Readonly<Record<string, string>> = this.#headers): void {
    const { accounts, accountId, model, generation } = this.about
    accounts.learn(accountId, { model, headers, generation, ...this.#sent() })
  }

  events(events: PivotEvent[]): void {
    const { restore } = this.about
    const told = restore === undefined ? events : restore(events)
    if (told.length > 0) this.sink.events(told)
  }

  /** The upstream has said something that is not for the client. */
  alive(): void {
    this.sink.events([])
  }

  fail(failure: Failure, headers: Readonly<Record<string, string>> = this.#headers): void {
    if (this.#over) return
    this.#over = true
    const { accounts, accountId, model, generation, benches } = this.about
    if (benches) accounts.learn(accountId, { model, headers, failure, generation, ...this.#sent() })
    this.sink.fail(failure)
  }

  #sent(): { sentAt?: number } {
    return this.#sentAt === undefined ? {} : { sentAt: this.#sentAt }
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    this.sink.end()
  }
}

/** What an exception means for the attempt that it ended. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  return {
    kind: 'internal',
    scope: 'gateway',
    phase: 'sent',
    retry: 'never',
    message: safeText(`the gateway failed while talking to the Codex backend: ${String(error)}`),
  }
}
