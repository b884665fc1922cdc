import { authorizeUrl } from './authorize-url.js'
import { DEFAULT_CALLBACK, loopbackUri } from './callback-address.js'
import type { CallbackAddress } from './callback-address.js'
import { openCallbackListener } from './callback-listener.js'
import type { CallbackListener } from './callback-listener.js'
import { exchangeCode } from './exchange-code.js'
import { LoginError } from './login.js'
import type { AuthSettings, Login } from './login.js'
import { asOwner, type Http } from './login-server.js'
import { createPkce, createState } from './pkce.js'
import { readCallback, readPastedUrl } from './pasted-url.js'

export interface BrowserLoginOptions {
  auth: AuthSettings
  http: Http
  /** False when the browser runs elsewhere: the address is pasted. Default true. */
  listen?: boolean
  /** Where the browser comes back to, see `callbackAddress`. Default: 127.0.0.1 and the ports that the login server knows. */
  callback?: CallbackAddress
  /** Other ports than those of the callback address. */
  ports?: readonly number[]
  /** Default ten minutes. */
  timeoutMs?: number
}

/** A login under way. */
export interface BrowserLogin {
  /** Where the person signs in. */
  authorizeUrl: string
  /** False when no port was free or wanted: only pasting ends this login. */
  listening: boolean
  /** Where the browser comes back to. */
  redirectUri: string
  /**
   * Takes what the person pasted.
   * @throws LoginError; a text that does not fit leaves the login waiting
   */
  submit(pasted: string): Promise<Login>
  cancel(): void
  /** The tokens, or a {@link LoginError}. */
  done: Promise<Login>
}

const TIMEOUT_MS = 10 * 60_000

/**
 * Begins a login with PKCE in the browser. It ends by the browser's return to the listener or by pasting, whichever comes
 * first; its code is exchanged once.
 */
export async function startBrowserLogin(options: BrowserLoginOptions): Promise<BrowserLogin> {
  const { auth, http, callback = DEFAULT_CALLBACK, timeoutMs = TIMEOUT_MS } = options
  const ports = options.ports ?? callback.listen.ports
  const named = callback.setting === 'auth.redirect_uri' ? callback.uri : undefined
  const pkce = createPkce()
  const state = createState()
  const { promise: done, resolve, reject } = Promise.withResolvers<Login>()
  // Whoever only pastes does not look at `done`.
  done.catch(() => undefined)
  let listener: CallbackListener | undefined
  let exchange: Promise<Login> | undefined
  let over = false

  function finish(settle: () => void): void {
    if (over) return
    over = true
    clearTimeout(timer)
    listener?.close()
    settle()
  }

  function fail(error: unknown): void {
    finish(() => {
      reject(error as Error)
    })
  }

  function exchangeOnce(code: string): Promise<Login> {
    if (over || exchange !== undefined) throw new LoginError('bad_url', 'this login is over already: begin again')
    exchange = exchangeCode(asOwner(http, 'login'), auth, { code, redirectUri, verifier: pkce.verifier })
    exchange.then((login) => {
      finish(() => {
        resolve(login)
      })
    }, fail)
    return exchange
  }

  const timer = setTimeout(() => {
    fail(new LoginError('timed_out', 'nobody signed in in time: begin again'))
  }, timeoutMs)
  timer.unref()

  if (options.listen !== false) {
    listener = await openCallbackListener({
      host: callback.listen.host,
      ports,
      ...(named === undefined ? {} : { redirectUri: named }),
      async onCallback(query) {
        let code: string
        try {
          code = readCallback(query, state)
        } catch (error) {
          if (error instanceof LoginError && error.code === 'refused') {
            setImmediate(fail, error)
            return { ok: false, message: error.message }
          }
          throw error
        }
        return exchangeOnce(code).then(
          () => ({ ok: true, message: 'You can close this window and go back to Dragoman.' }),
          (error: unknown) => ({ ok: false, message: error instanceof Error ? error.message : 'Begin again.' }),
        )
      },
      onCancel() {
        fail(new LoginError('cancelled', 'another program took over the login port: begin again'))
      },
    })
  }
  const redirectUri = named ?? listener?.redirectUri ?? loopbackUri(...ports)

  return {
    authorizeUrl: authorizeUrl(auth, { challenge: pkce.challenge, state, redirectUri }),
    listening: listener !== undefined,
    redirectUri,
    async submit(pasted) {
      return exchangeOnce(readPastedUrl(pasted, state, redirectUri))
    },
    cancel() {
      fail(new LoginError('cancelled', 'the login was cancelled'))
    },
    done,
  }
}
