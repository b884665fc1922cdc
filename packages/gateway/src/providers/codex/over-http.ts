import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { openaiResponses, type Failure } from '@dragoman/protocol'
import { joined, networkFailure, type Cookies, type Flow, type Sink, type Transport } from '../../transport/index.js'
import { failureOf, type AttemptNews } from './attempt-news.js'
import { responsesHeaders } from './headers.js'
import type { PreparedCall } from './prepare-call.js'

export interface HttpParts {
  transport: Pick<Transport, 'open'>
  cookies: Cookies
  compress: boolean
  onModelsEtag(etag: string, accountId: string): void
  isCancelled(): boolean
}

/** Bodies smaller than this gain nothing from compression; larger than the upper bound they are pictures, which do not shrink. */
const COMPRESS_FROM = 16 * 1024
const COMPRESS_UP_TO = 4 * 1024 * 1024
const MAX_ERROR_BODY = 64 * 1024
const BUFFER_FROM = 64 * 1024

const zstd = promisify(zstdCompress)

/** Asks over HTTP. Undefined when it was cancelled before it was sent. */
export async function askOverHttp(
  parts: HttpParts,
  prepared: PreparedCall,
  news: AttemptNews,
): Promise<Flow | undefined> {
  const { endpoint, credential, url, facts } = prepared
  const text = JSON.stringify(prepared.body)
  // A string would be copied into three times its size on its way to the socket.
  let body: string | Buffer = text.length > BUFFER_FROM ? Buffer.from(text) : text
  const compress = parts.compress && text.length >= COMPRESS_FROM && text.length <= COMPRESS_UP_TO
  if (compress) {
    body = await zstd(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
    if (parts.isCancelled()) return undefined
  }
  return parts.transport.open(
    {
      origin: url.origin,
      path: url.pathname,
      method: 'POST',
      owner: credential.accountId,
      body,
      headers: responsesHeaders({
        ...facts,
        accept: endpoint.accept,
        lite: prepared.lite,
        contentEncoding: compress ? 'zstd' : undefined,
        cookie: parts.cookies.header(credential.accountId, url.href),
      }),
    },
    replySink(parts, prepared, news),
  )
}

function replySink({ cookies, onModelsEtag }: HttpParts, prepared: PreparedCall, news: AttemptNews): Sink {
  const { endpoint, call, credential, url, restore } = prepared
  // Frames hold the values of the converted schema, which the client never saw.
  const decoder = endpoint.decoder({ keepFrames: call.keepFrames && restore === undefined })
  let status = 0
  let headers: Record<string, string> = {}
  let phase: Failure['phase'] = 'unsent'
  let errorBody: Buffer[] = []
  let errorBytes = 0

  return {
    sent() {
      phase = 'sent'
      news.sent()
    },
    head(code, raw) {
      status = code
      void cookies.learn(credential.accountId, url.href, raw['set-cookie'])
      headers = joined(raw)
      const etag = headers['x-models-etag']
      if (etag !== undefined) onModelsEtag(etag, credential.accountId)
      if (code === 200) {
        news.head(headers)
        news.worked()
      }
    },
    data(chunk) {
      if (news.over) return
      if (status !== 200) {
        if (errorBytes < MAX_ERROR_BODY) errorBody.push(chunk)
        errorBytes += chunk.length
        return
      }
      try {
        news.events(decoder.push(chunk))
      } catch (error) {
        news.fail(failureOf(error), headers)
      }
    },
    end() {
      if (news.over) return
      if (status !== 200) {
        const failure = openaiResponses.call.decodeError(status, headers, Buffer.concat(errorBody))
        errorBody = []
        news.fail(failure, headers)
        return
      }
      try {
        news.events(decoder.end())
      } catch (error) {
        news.fail(failureOf(error), headers)
        return
      }
      news.end()
    },
    error(error) {
      news.fail(networkFailure(error, url.origin, phase), headers)
    },
  }
}
