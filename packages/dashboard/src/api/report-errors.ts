import { api } from './client.js'
import { session } from './session.js'

/** What breaks in a loop is told only so often. */
const MOST = 10

/** Tells the gateway what breaks in these pages, so that somebody sees it: it stands among the errors. */
export function reportErrors(): void {
  let told = 0
  const tell = (error: unknown): void => {
    if (session.signedIn() !== true || told >= MOST || !(error instanceof Error)) return
    told += 1
    const { name, message, stack } = error
    api
      .POST('/admin/error-logs/report', {
        body: {
          source: 'renderer',
          error: {
            name: name.slice(0, 200),
            message: message.slice(0, 4_000),
            ...(stack === undefined ? {} : { stack: stack.slice(0, 10_000) }),
          },
          context: { page: location.hash.split('?')[0] ?? '' },
        },
      })
      // It stands in the browser's own log as well.
      .catch(() => undefined)
  }
  window.addEventListener('error', ({ error }) => tell(error))
}
