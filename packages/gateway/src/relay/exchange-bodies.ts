import type { ExchangeBodies } from '../request-log/index.js'
import type { Exchange } from './exchange.js'

/** What an exchange was asked; what is said after is added as it is said. Copies nothing. */
export function exchangeBodies({ body, request, task, headers }: Exchange): ExchangeBodies {
  return {
    // Without a body of its own it was pieced together: a form, or a turn that goes on.
    request: body ?? request,
    own: body !== undefined && task === undefined,
    headers,
    upstream: [],
    reply: () => undefined,
  }
}
