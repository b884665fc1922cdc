import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib'
import { FailureError, invalidRequest, type Failure } from '@dragoman/protocol'
import { tooComplex } from './json-limits.js'

export interface BodyLimits {
  wireBytes: number
  decodedBytes: number
  depth: number
  nodes: number
}

/** Bytes of bodies being read or answered, over all requests; a shared budget keeps many large ones from filling the memory. */
export interface BodyBudget {
  take(bytes: number): boolean
  give(bytes: number): void
}

export function bodyBudget(limit: () => number): BodyBudget {
  let used = 0
  return {
    take(bytes) {
      if (used + bytes > limit()) return false
      used += bytes
      return true
    },
    give(bytes) {
      used -= bytes
    },
  }
}

/** More than a hundredfold after the first MiB is no text, it is a bomb. */
const MAX_RATIO = 100
const RATIO_FREE = 1024 * 1024

const decoders: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}

/**
 * Reads and decompresses a body of any kind.
 * @param use what its bytes say; they count against the budget until it is done
 * @throws FailureError `payload_too_large`, `overloaded` (budget), or `invalid_request`; `cancelled` when the client left
 */
export async function readBody<T>(
  req: IncomingMessage,
  limits: Pick<BodyLimits, 'wireBytes' | 'decodedBytes'>,
  budget: BodyBudget,
  use: (body: Buffer) => T | Promise<T>,
): Promise<T> {
  const decode = decoderOf(req.headers['content-encoding'])
  const wire = await collect(req, limits.wireBytes, budget)
  const reserved = wire.length
  try {
    return await use(decode === undefined ? wire : await decompress(decode, wire, limits.decodedBytes))
  } finally {
    budget.give(reserved)
  }
}

/** Reads a body and parses it as JSON. @throws FailureError as {@link readBody} does */
export function readJson(
  req: IncomingMessage,
  limits: BodyLimits,
  budget: BodyBudget,
): Promise<{ value: unknown; bytes: number }> {
  return readBody(req, limits, budget, (body) => {
    return { value: parseJson(body.toString('utf8'), limits), bytes: body.length }
  })
}

/** Measures a text and parses it as JSON. @throws FailureError `invalid_request` */
export function parseJson(text: string, limits: Pick<BodyLimits, 'depth' | 'nodes'>): unknown {
  if (text.trim() === '') throw new FailureError(invalidRequest('', 'the request has no body; send JSON'))
  const complex = tooComplex(text, limits)
  if (complex === 'depth') {
    throw new FailureError(invalidRequest('', `the JSON is nested deeper than ${limits.depth} levels`, 'json_too_deep'))
  }
  if (complex === 'nodes') {
    throw new FailureError(invalidRequest('', `the JSON has more than ${limits.nodes} values`, 'json_too_large'))
  }
  return parse(text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const place = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined
    throw new FailureError(
      invalidRequest(
        '',
        `the body is not valid JSON${place === undefined ? '' : `, see character ${place}`}`,
        'invalid_json',
      ),
    )
  }
}

function decoderOf(
  header: string | undefined,
): ((body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>) | undefined {
  const encoding = header?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity') return undefined
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
  if (decode === undefined) {
    throw new FailureError({
      ...invalidRequest(
        '',
        'content-encoding must be one of gzip, br, zstd, identity, and only one',
        'unsupported_content_encoding',
      ),
      upstream: { status: 415 },
    })
  }
  return decode
}

async function decompress(
  decode: (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>,
  wire: Buffer,
  decodedBytes: number,
): Promise<Buffer> {
  const maxOutputLength = Math.min(decodedBytes, RATIO_FREE + wire.length * MAX_RATIO)
  try {
    return await decode(wire, { maxOutputLength })
  } catch (error) {
    if (
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
    ) {
      throw new FailureError(tooLarge(`the body is larger than ${maxOutputLength} bytes when decompressed`))
    }
    throw new FailureError(
      invalidRequest('', 'the body does not decompress as its content-encoding says', 'invalid_encoding'),
    )
  }
}

function collect(req: IncomingMessage, wireBytes: number, budget: BodyBudget): Promise<Buffer> {
  const declared = Number(req.headers['content-length'])
  if (declared > wireBytes)
    return Promise.reject(new FailureError(tooLarge(`the body is larger than ${wireBytes} bytes`)))
  return new Promise((resolve, reject) => {
    // A declared length is filled in place; only a body of unknown length is kept in pieces.
    const whole = declared > 0 ? Buffer.allocUnsafe(declared) : undefined
    const chunks: Buffer[] = []
    let bytes = 0
    let over = false
    const fail = (failure: Failure): void => {
      if (over) return
      over = true
      budget.give(bytes)
      req.pause()
      reject(new FailureError(failure))
    }
    req.on('data', (chunk: Buffer) => {
      if (over) return
      if (bytes + chunk.length > wireBytes) return fail(tooLarge(`the body is larger than ${wireBytes} bytes`))
      if (!budget.take(chunk.length)) return fail(TOO_BUSY)
      if (whole === undefined) chunks.push(chunk)
      else chunk.copy(whole, bytes)
      bytes += chunk.length
    })
    req.on('end', () => {
      if (over) return
      over = true
      resolve(whole ?? Buffer.concat(chunks, bytes))
    })
    req.on('error', () => fail(LEFT))
    req.on('close', () => fail(LEFT))
  })
}

export const TOO_BUSY: Failure = {
  kind: 'overloaded',
  scope: 'gateway',
  phase: 'unsent',
  retry: 'never',
  message: 'the gateway is reading as many large requests as its memory allows; ask again in a second',
}

const LEFT: Failure = {
  kind: 'cancelled',
  scope: 'request',
  phase: 'unsent',
  retry: 'never',
  message: 'the client left before its request was complete',
}

export function tooLarge(message: string): Failure {
  return {
    kind: 'payload_too_large',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    message,
    code: 'request_too_large',
  }
}
