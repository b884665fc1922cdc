import type * as NodeHttp from 'node:http'
import { createRequire } from 'node:module'
import type { Http } from '../login/index.js'

/** One connection a request, of Node alone: a process that lives for one refresh has no use for more. */
export const plainHttp: Http = (out) => {
  // As a module, node:http would load half of Node: that is most of a short life.
  const { request } = createRequire(import.meta.url)('node:http') as typeof NodeHttp
  return new Promise((resolve, reject) => {
    const call = request(out.url, { method: out.method, headers: out.headers, agent: false }, (reply) => {
      let body = ''
      reply
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          body += chunk
        })
        .on('error', reject)
        .on('end', () => {
          resolve({ status: reply.statusCode ?? 0, headers: {}, body })
        })
    })
    call.on('error', reject).end(out.body)
  })
}
