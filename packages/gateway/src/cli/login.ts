import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { Login } from '../accounts/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { authOf, inRoom } from './room.js'

/** `login`: sign in to ChatGPT in the browser, by a pasted address, or by a code on another device. */
export function loginCommand(program: Command, deps: Deps): void {
  program
    .command('login')
    .description('sign in to ChatGPT')
    .option('--device', 'show a code to type on any device')
    .option('--paste', 'wait for the pasted address only; for a browser on another machine')
    .option('--label <name>', 'a name to recognise the account by')
    .addHelpText('after', '\nExamples:\n  dragoman login\n  dragoman login --device')
    .action(async (options: { device?: boolean; paste?: boolean; label?: string }) => {
      if (options.device && options.paste) throw new CommandError('--device and --paste are two ways; choose one', 2)
      await inRoom(deps, async ({ accounts, config }) => {
        const auth = authOf(config)
        const login = options.device
          ? await byDevice(deps, auth)
          : await byBrowser(deps, auth, options.paste !== true, [config.auth.callback_port, 1457])
        const { account, outcome } = await accounts.signIn(
          login,
          options.label === undefined ? {} : { label: options.label },
        )
        deps.out(
          `${outcome === 'added' ? 'Signed in' : 'Signed in again'}: ${plainText(account.label ?? account.email ?? account.id)}${account.plan === undefined ? '' : `, plan ${plainText(account.plan)}`}.\n`,
        )
      })
    })
}

async function rooms() {
  const [accounts, transport] = await Promise.all([import('../accounts/index.js'), import('../transport/index.js')])
  return { ...accounts, ...transport }
}

async function byDevice(deps: Deps, auth: { issuer: string; client_id: string }): Promise<Login> {
  const { startDeviceLogin, simpleRequest } = await rooms()
  const pending = await startDeviceLogin({ auth, http: simpleRequest })
  deps.out(`Open ${pending.verificationUrl} and type this code: ${pending.userCode}\nWaiting …\n`)
  const stop = deps.onSignal(() => pending.cancel())
  try {
    return await pending.done
  } finally {
    stop()
  }
}

async function byBrowser(
  deps: Deps,
  auth: { issuer: string; client_id: string },
  listen: boolean,
  ports: readonly number[],
): Promise<Login> {
  const { LoginError, startBrowserLogin, simpleRequest } = await rooms()
  const pending = await startBrowserLogin({ auth, http: simpleRequest, listen, ports: [...new Set(ports)] })
  deps.out(`Open this address and sign in:\n\n${pending.authorizeUrl}\n\n`)
  deps.out(
    pending.listening
      ? 'Waiting for the browser … (or paste the address that it ends on, and press Enter)\n'
      : 'Then paste the address that the browser ends on, and press Enter:\n',
  )
  const stop = deps.onSignal(() => pending.cancel())
  const lines = createInterface({ input: deps.stdin })
  lines.on('line', (line) => {
    if (line.trim() === '') return
    pending.submit(line.trim()).catch((error: unknown) => {
      deps.err(`${error instanceof LoginError ? error.message : 'that did not work'}\n`)
    })
  })
  // Nobody can paste any more, and nobody listens: the login could only time out.
  lines.on('close', () => {
    if (!pending.listening) setTimeout(() => pending.cancel(), 1_000).unref()
  })
  try {
    return await pending.done
  } finally {
    stop()
    lines.close()
    deps.stdin.destroy()
  }
}
