import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'

const DECODERS: Readonly<Record<string, (wire: Buffer) => Promise<Buffer>>> = {
  zstd: promisify(zstdDecompress),
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
  identity: (wire) => Promise.resolve(wire),
}

export interface ReadBody {
  wireBytes: number
  decodedBytes: number
  /** The decoded body; empty when it could not be decoded. */
  bytes: Buffer
  /** The body as text; undefined when it could not be decoded. */
  text: string | undefined
  /** JSON parsed, a form as an object of strings, otherwise the text. */
  value: unknown
  /** What is wrong with it, when something is. */
  problem?: 'encoding' | 'json'
}

/** Reads and decodes a whole request body. @throws Error when the client breaks off */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const wire = Buffer.concat(chunks)
  const decode = DECODERS[(request.headers['content-encoding'] ?? 'identity').toLowerCase()]
  let decoded: Buffer
  try {
    if (decode === undefined) throw new Error('unknown content encoding')
    decoded = await decode(wire)
  } catch {
    return {
      wireBytes: wire.length,
      decodedBytes: 0,
      bytes: Buffer.alloc(0),
      text: undefined,
      value: undefined,
      problem: 'encoding',
    }
  }
  const text = decoded.toString('utf8')
  const sizes = { wireBytes: wire.length, decodedBytes: decoded.length, bytes: decoded, text }
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return { ...sizes, value: Object.fromEntries(new URLSearchParams(text)) }
  }
  if (text === '' || !type.includes('json')) return { ...sizes, value: text === '' ? undefined : text }
  try {
    return { ...sizes, value: JSON.parse(text) as unknown }
  } catch {
    return { ...sizes, value: text, problem: 'json' }
  }
}
