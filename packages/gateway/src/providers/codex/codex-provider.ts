import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import {
  FailureError,
  openaiResponses,
  safeText,
  structuredFor,
  type Failure,
  type PivotEvent,
  type PivotRequest,
  type Structured,
} from '@dragoman/protocol'
import type { AccountPool, Credential } from '../../accounts/index.js'
import type { Log } from '../../telemetry/index.js'
import { networkFailure, type Cookies, type Flow, type Transport } from '../../transport/index.js'
import type { Candidate, EventSink, Provider, Stream, UpstreamCall } from '../types.js'
import { ANSWERS, COMPACTIONS, type Endpoint } from './endpoints.js'
import { responsesHeaders, type ProfileOptions } from './headers.js'
import { identityOf } from './identity.js'
import { replyHeaders } from './reply-headers.js'

export interface CodexOptions {
  accounts: AccountPool
  transport: Transport
  cookies: Cookies
  log: Log
  /** Secret of this installation; upstream ids are derived from it. */
  identitySecret: string
  /** Read at every request, so that a changed configuration is in force at the next one. */
  settings(): {
    /** Without a trailing slash; `/codex/responses` is appended. */
    baseUrl: string
    profile: ProfileOptions
    compressRequests: boolean
  }
  /** The backend told which model list is in force for an account. */
  onModelsEtag(etag: string, accountId: string): void
}

/** Bodies smaller than this gain nothing from compression; larger than the upper bound they are pictures, which do not shrink. */
const COMPRESS_FROM = 16 * 1024
const COMPRESS_UP_TO = 4 * 1024 * 1024
const MAX_ERROR_BODY = 64 * 1024
const BUFFER_FROM = 64 * 1024

const zstd = promisify(zstdCompress)

/** The Codex backend of ChatGPT over HTTP, paid by the accounts of the pool. */
export function createCodexProvider(options: CodexOptions): Provider {
  const { accounts, transport, cookies } = options
  // The generation of tokens that a candidate was last asked with: one that was renewed meanwhile needs no second refresh.
  const generations = new WeakMap<Candidate, number>()

  return {
    id: 'codex',
    dialect: 'openai-responses',

    candidates({ model, conversation, tried }) {
      const found = accounts.candidates({ model, conversation, tried })
      return {
        ready: found.ready.map((account) => ({
          id: account.id,
          label: account.label ?? account.email ?? account.id,
          why: account.plan === undefined ? 'account' : `account on plan ${account.plan}`,
        })),
        skipped: found.skipped.map(({ account, reason }) => ({
          label: account.label ?? account.email ?? account.id,
          reason,
        })),
      }
    },

    whyNobody: (model) => accounts.whyNobody(model),

    async mend(candidate, failure) {
      if (failure.kind !== 'credential_expired') return false
      const generation = generations.get(candidate)
      if (generation === undefined) return false
      try {
        await accounts.recover(candidate.id, generation)
        return true
      } catch (error) {
        if (!(error instanceof FailureError)) throw error
        return false
      }
    },

    open: (candidate, call, sink) => start(ANSWERS, candidate, call, sink),
    compact: (candidate, call, sink) => start(COMPACTIONS, candidate, call, sink),
  }

  function start(endpoint: Endpoint, candidate: Candidate, call: UpstreamCall, sink: EventSink): Stream {
    let flow: Flow | undefined
    let cancelled = false
    let paused = false
    send(endpoint, candidate, call, sink, () => cancelled)
      .then((opened) => {
        if (opened === undefined) return
        flow = opened
        if (cancelled) opened.abort()
        else if (paused) opened.pause()
      })
      .catch((error: unknown) => {
        if (cancelled) return
        const failure = failureOf(error)
        if (endpoint.benches) accounts.learn(candidate.id, { model: call.model, failure })
        sink.fail(failure)
      })
    return {
      pause() {
        paused = true
        flow?.pause()
      },
      resume() {
        paused = false
        flow?.resume()
      },
      cancel() {
        cancelled = true
        flow?.abort()
      },
    }
  }

  async function send(
    endpoint: Endpoint,
    candidate: Candidate,
    call: UpstreamCall,
    sink: EventSink,
    isCancelled: () => boolean,
  ): Promise<Flow | undefined> {
    const { baseUrl, profile, compressRequests } = options.settings()
    const accountId = candidate.id
    const credential = await accounts.credential(accountId)
    if (isCancelled()) return undefined
    generations.set(candidate, credential.generation)
    const identity = identityOf(options.identitySecret, call.conversation, accountId)
    const structured = structuredFor(call.withoutReasoning ? withoutReasoning(call.request) : call.request, 'codex')
    const { value, receipt } = openaiResponses.call.encodeRequest(structured.request, {
      model: call.model,
      rules: 'codex',
    })
    value['prompt_cache_key'] ??= identity.sessionId
    sink.notes([...structured.notes, ...receipt])
    // Whoever wants nothing lost may have read enough.
    if (isCancelled()) return undefined

    const text = JSON.stringify(endpoint.body(value))
    // A string would be copied into three times its size on its way to the socket.
    let body: string | Buffer = text.length > BUFFER_FROM ? Buffer.from(text) : text
    const compress = compressRequests && text.length >= COMPRESS_FROM && text.length <= COMPRESS_UP_TO
    if (compress) {
      body = await zstd(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
      if (isCancelled()) return undefined
    }
    const url = new URL(`${baseUrl}${endpoint.path}`)
    const tier = value['service_tier']
    return transport.open(
      {
        origin: url.origin,
        path: url.pathname,
        method: 'POST',
        owner: accountId,
        body,
        headers: responsesHeaders({
          profile,
          credential,
          identity,
          accept: endpoint.accept,
          model: call.model,
          serviceTier: typeof tier === 'string' ? tier : undefined,
          contentEncoding: compress ? 'zstd' : undefined,
          cookie: cookies.header(accountId, url.href),
          clientHeaders: call.clientHeaders,
        }),
      },
      replySink(endpoint, accountId, credential, url, call, sink, structured.restore),
    )
  }

  function replySink(
    endpoint: Endpoint,
    accountId: string,
    credential: Credential,
    url: URL,
    call: UpstreamCall,
    sink: EventSink,
    restore: Structured['restore'],
  ) {
    // Frames hold the values of the converted schema, which the client never saw.
    const decoder = endpoint.decoder({ keepFrames: call.keepFrames && restore === undefined })
    let status = 0
    let headers: Record<string, string> = {}
    let phase: Failure['phase'] = 'unsent'
    let errorBody: Buffer[] = []
    let errorBytes = 0
    let over = false

    function tell(events: PivotEvent[]): void {
      const told = restore === undefined ? events : restore(events)
      if (told.length > 0) sink.events(told)
    }

    function fail(failure: Failure): void {
      if (over) return
      over = true
      if (endpoint.benches) {
        accounts.learn(accountId, { model: call.model, headers, failure, generation: credential.generation })
      }
      sink.fail(failure)
    }

    return {
      sent() {
        phase = 'sent'
        sink.sent()
      },
      head(code: number, raw: Record<string, string | string[] | undefined>) {
        status = code
        void cookies.learn(accountId, url.href, raw['set-cookie'])
        headers = flat(raw)
        const etag = headers['x-models-etag']
        if (etag !== undefined) options.onModelsEtag(etag, accountId)
        if (code === 200) {
          accounts.learn(accountId, { model: call.model, headers, generation: credential.generation })
          sink.head(replyHeaders(headers))
        }
      },
      data(chunk: Buffer) {
        if (over) return
        if (status !== 200) {
          if (errorBytes < MAX_ERROR_BODY) errorBody.push(chunk)
          errorBytes += chunk.length
          return
        }
        try {
          tell(decoder.push(chunk))
        } catch (error) {
          fail(failureOf(error))
        }
      },
      end() {
        if (over) return
        if (status !== 200) {
          const failure = openaiResponses.call.decodeError(status, headers, Buffer.concat(errorBody))
          errorBody = []
          fail(failure)
          return
        }
        try {
          tell(decoder.end())
        } catch (error) {
          fail(failureOf(error))
          return
        }
        over = true
        sink.end()
      },
      error(error: Error) {
        fail(networkFailure(error, url.origin, phase))
      },
    }
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  return {
    kind: 'internal',
    scope: 'gateway',
    phase: 'sent',
    retry: 'never',
    message: safeText(`the gateway failed while talking to the Codex backend: ${String(error)}`),
  }
}

function withoutReasoning(request: PivotRequest): PivotRequest {
  return {
    ...request,
    input: request.input.filter((item) => item.type !== 'reasoning'),
  }
}

function flat(raw: Record<string, string | string[] | undefined>): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name in raw) {
    const value = raw[name]
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return out
}
