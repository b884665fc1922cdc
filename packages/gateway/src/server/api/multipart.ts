import type { IncomingMessage } from 'node:http'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { readBody, type BodyBudget, type BodyLimits } from '../read-body.js'

/** More parts than any of these APIs has fields and files for; each one costs the parser far more than its bytes. */
const MAX_PARTS = 128
/** A part's headers hold a name and a type; the parser walks through them slowly, byte by byte. */
const MAX_HEADER_BYTES = 4096

export function isMultipart(req: IncomingMessage): boolean {
  return /^multipart\/form-data\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')
}

/**
 * Reads a `multipart/form-data` body, files included, within the limits of any other body.
 * @throws FailureError `invalid_request` when it is none; else as `readBody` does
 */
export function readForm(
  req: IncomingMessage,
  limits: Pick<BodyLimits, 'wireBytes' | 'decodedBytes'>,
  budget: BodyBudget,
): Promise<FormData> {
  return readBody(req, limits, budget, async (body) => {
    const type = req.headers['content-type'] ?? ''
    const boundary = boundaryOf(type)
    if (boundary === undefined) throw broken('its content-type names no boundary')
    const excess = excessOf(body, `--${boundary}`)
    if (excess !== undefined) throw broken(excess)
    try {
      return await new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } }).formData()
    } catch {
      throw broken('its parts do not end where they should')
    }
  })
}

function boundaryOf(type: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(type)
  return match?.[1] ?? match?.[2]
}

/** What of a form would keep the parser, and so everybody, busy for long. */
function excessOf(body: Buffer, delimiter: string): string | undefined {
  let parts = 0
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    const start = at + delimiter.length
    if (body.toString('latin1', start, start + 2) === '--') continue
    if (++parts > MAX_PARTS) return `it has more than ${MAX_PARTS} parts`
    const head = body.subarray(start, start + MAX_HEADER_BYTES)
    if (head.length === MAX_HEADER_BYTES && !head.includes('\r\n\r\n')) {
      return `a part has more than ${MAX_HEADER_BYTES} bytes of headers`
    }
  }
  return undefined
}

function broken(why: string): FailureError {
  return new FailureError(invalidRequest('', `the body is no proper multipart/form-data: ${why}`, 'invalid_multipart'))
}
