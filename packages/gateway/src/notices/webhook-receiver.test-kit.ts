import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** Whoever takes notices, over real HTTP. */
export interface Receiver {
  url: string
  received: Received[]
  /** Waits until so many requests came. */
  came(count: number): Promise<Received>
  /** What the next requests get; `hang` says nothing for ever. Default: 204. */
  answer: (res: ServerResponse, count: number) => void
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const woken = new Set<() => void>()
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      received.push({ path: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString('utf8') })
      receiver.answer(res, received.length)
      for (const wake of woken) wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=QUERYCANARY`,
    received,
    answer: (res) => res.writeHead(204).end(),
    async came(count) {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          woken.add(() => resolve())
        })
      }
      return received[count - 1] as Received
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}

/** Verifies as the page for users says, with nothing of ours. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  const mac = createHmac('sha256', secret)
    .update(`${String(headers['x-dragoman-timestamp'])}.${body}`)
    .digest('hex')
  return headers['x-dragoman-signature'] === `v1=${mac}`
}
