import { randomUUID } from 'node:crypto'
import { request as httpRequest, type Agent } from 'node:http'
import type { Simulator } from './simulator.js'

/** What came back, as far as it came. */
export interface Asked {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
  /** Did the body end as HTTP says it must? A reset or a close in the middle gives false. */
  whole: boolean
}

/** Asks as a client on a socket of its own, and keeps what arrived when the connection breaks. For this package's tests. */
export function ask(
  url: string,
  options: {
    method?: string
    headers?: Readonly<Record<string, string>>
    body?: string | Buffer
    agent?: Agent | false
    signal?: AbortSignal
    onChunk?: (chunk: Buffer) => void
  } = {},
): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const { method = options.body === undefined ? 'GET' : 'POST', headers = {}, agent = false, signal } = options
    const request = httpRequest(url, { method, headers, agent, ...(signal === undefined ? {} : { signal }) })
    // Once an answer has begun, what matters is how far it came.
    request.on('error', reject)
    request.on('response', (response) => {
      request.off('error', reject).on('error', () => undefined)
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        options.onChunk?.(chunk)
      })
      response.on('error', () => undefined)
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
          whole: response.complete,
        }),
      )
    })
    request.end(options.body)
  })
}

/** A body that the backend takes. */
export function codexBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'gpt-5.5',
    stream: true,
    store: false,
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Good morning' }] }],
    ...changes,
  }
}

/** `POST /codex/responses` with the headers that belong to it. */
export function askCodex(
  simulator: Simulator,
  account: { accessToken: string; accountId: string },
  changes: Record<string, unknown> = {},
  options: Parameters<typeof ask>[1] = {},
): Promise<Asked> {
  return ask(`${simulator.backendUrl}/codex/responses`, {
    body: JSON.stringify(codexBody(changes)),
    ...options,
    headers: { ...codexHeaders(account), ...options.headers },
  })
}

/** Headers of an authorised JSON request. */
export function codexHeaders(account: { accessToken: string; accountId: string }): Record<string, string> {
  return {
    authorization: `Bearer ${account.accessToken}`,
    'chatgpt-account-id': account.accountId,
    'content-type': 'application/json',
    'session-id': randomUUID(),
  }
}

/** The JSON of every whole frame of an event stream. */
export function framesOf(text: string): { type: string; [field: string]: unknown }[] {
  return text
    .split(/\r?\n\r?\n/)
    .slice(0, -1)
    .map((frame) => /^data: (.*)$/m.exec(frame)?.[1] ?? '')
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data) as { type: string })
}
