import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { obey } from './orders.js'

export interface PipeOrders {
  listen: { ask: { upstreamPort: number }; reply: { port: number } }
}

/** The yardstick: what Node's own `http` costs when nothing is looked at. */
obey<PipeOrders>({
  listen: ({ upstreamPort }) =>
    new Promise((resolve) => {
      const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 4096 })
      const server = createServer((req, res) => {
        const up = request(
          { agent, host: '127.0.0.1', port: upstreamPort, method: req.method, path: req.url, headers: req.headers },
          (reply) => {
            res.writeHead(reply.statusCode ?? 502, reply.headers)
            reply.pipe(res)
          },
        )
        up.on('error', () => res.destroy())
        res.on('close', () => up.destroy())
        req.pipe(up)
      })
      server.listen(0, '127.0.0.1', 4096, () => resolve({ port: (server.address() as AddressInfo).port }))
    }),
})
