import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type {
  BrowserLogin,
  BrowserLoginOptions,
  CallbackAddress,
  DeviceLoginOptions,
  Login,
} from '../accounts/index.js'
import type { Config } from '../config/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { authOf, inRoom } from './room.js'

/** `login`: sign in to ChatGPT in the browser, by a pasted address, or by a code on another device. */
export function loginCommand(program: Command, deps: Deps): void {
  program
    .command('login')
    .description('sign in to ChatGPT')
    .option('--device', 'show a code to type on any device')
    .option('--paste', 'wait for the pasted address only; for a browser on another machine')
    .option('--no-browser', 'print the address, open nothing')
    .option('--label <name>', 'a name to recognise the account by')
    .option('--json', 'one line of JSON when it is done; what to do is told on standard error')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman login\n  dragoman login --device --label work\n  dragoman login --paste        on a machine without a browser',
    )
    .action(
      async (options: { device?: boolean; paste?: boolean; browser: boolean; label?: string; json?: boolean }) => {
        if (options.device && options.paste) throw new CommandError('--device and --paste are two ways; choose one', 2)
        const tell = options.json ? deps.err : deps.out
        await inRoom(deps, async ({ accounts, config, transport }) => {
          const auth = authOf(config)
          const login = options.device
            ? await byDevice(deps, tell, { auth, http: transport.request })
            : await byBrowser(deps, tell, {
                auth,
                http: transport.request,
                listen: options.paste !== true,
                open: options.browser && options.paste !== true,
                callback: await callbackOf(config),
              })
          const { account, outcome } = await accounts.signIn(
            login,
            options.label === undefined ? {} : { label: options.label },
          )
          if (options.json) return deps.out(`${JSON.stringify({ outcome, account })}\n`)
          deps.out(
            `${outcome === 'added' ? 'Signed in' : 'Signed in again'}: ${nameOf(account)}${account.plan === undefined ? '' : `, plan ${plainText(account.plan)}`}.\n`,
          )
        })
      },
    )
}

async function callbackOf(config: Config): Promise<CallbackAddress> {
  const { callbackAddress } = await import('../accounts/index.js')
  return callbackAddress(config)
}

type Tell = (text: string) => void

async function byDevice(deps: Deps, tell: Tell, options: DeviceLoginOptions): Promise<Login> {
  const { startDeviceLogin } = await import('../accounts/index.js')
  const pending = await startDeviceLogin(options)
  tell(`Open ${pending.verificationUrl} and type this code: ${pending.userCode}\nWaiting …\n`)
  const stop = deps.onSignal(() => pending.cancel())
  try {
    return await pending.done
  } finally {
    stop()
  }
}

async function byBrowser(deps: Deps, tell: Tell, options: BrowserLoginOptions & { open: boolean }): Promise<Login> {
  const { LoginError, startBrowserLogin } = await import('../accounts/index.js')
  const pending = await startBrowserLogin(options)
  tell(`Open this address and sign in:\n\n${pending.authorizeUrl}\n\n`)
  if (options.callback?.setting === 'auth.redirect_uri') {
    tell(`The browser comes back to ${pending.redirectUri} (auth.redirect_uri).\n`)
  }
  tell(
    pending.listening
      ? 'Waiting for the browser … (or paste the address that it ends on, and press Enter)\n'
      : 'Then paste the address that the browser ends on, and press Enter:\n',
  )
  if (options.open && deps.tty) deps.openBrowser?.(pending.authorizeUrl)
  const stop = deps.onSignal(() => pending.cancel())
  const stopReading = readPasted(deps, pending, (error) =>
    error instanceof LoginError ? error.message : 'that did not work',
  )
  try {
    return await pending.done
  } finally {
    stop()
    stopReading()
  }
}

/** Every line of standard input may be the address; one that is not leaves the login waiting. */
function readPasted(deps: Deps, pending: BrowserLogin, why: (error: unknown) => string): () => void {
  const lines = createInterface({ input: deps.stdin })
  let submitted: Promise<unknown> = Promise.resolve()
  lines.on('line', (line) => {
    if (line.trim() === '') return
    const attempt = pending.submit(line).catch((error: unknown) => {
      deps.err(`${why(error)}\n`)
    })
    submitted = Promise.all([submitted, attempt])
  })
  lines.on('close', () => {
    // Nobody can paste any more, and nobody listens: after the last attempt the login could only time out.
    if (!pending.listening) void submitted.finally(() => pending.cancel())
  })
  return () => {
    lines.close()
    // An open standard input would keep the program from ending.
    deps.stdin.destroy()
  }
}
