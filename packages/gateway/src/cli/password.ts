import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { CommandError, type Deps } from './deps.js'
import { variable } from './providers-input.js'
import { inRoom } from './room.js'

/** `password set|clear`: the password of the dashboard. A running gateway goes by it at once. */
export function passwordCommand(program: Command, deps: Deps): void {
  const password = program.command('password').description('the password of the dashboard')

  password
    .command('set')
    .description('set or change it; everybody who is signed in is signed out')
    .option('--stdin', 'read it from standard input')
    .option('--env <name>', 'read it from this environment variable')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman password set --stdin < password.txt\n  dragoman password set --env NEW_PASSWORD',
    )
    .action(async (options: { stdin?: boolean; env?: string }) => {
      if ((options.stdin === true) === (options.env !== undefined)) {
        throw new CommandError('hand the password over with --stdin or --env', 2)
      }
      const [line = ''] =
        options.env === undefined ? (await text(deps.stdin)).split(/\r?\n/) : [variable(options.env, deps)]
      await change(deps, 'PUT', line)
      deps.out('The password is set. Everybody who was signed in is signed out.\n')
    })

  password
    .command('clear')
    .description('remove it: a link of `dragoman open` is the only way in then')
    .addHelpText('after', '\nExample:\n  dragoman password clear')
    .action(async () => {
      await change(deps, 'DELETE', undefined)
      deps.out('There is no password any more. The way in: dragoman open\n')
    })
}

async function change(deps: Deps, method: 'PUT' | 'DELETE', password: string | undefined): Promise<void> {
  const { openAccess, WeakPassword } = await import('../sessions/index.js')
  await inRoom(deps, async ({ store }) => {
    const access = await openAccess({ store, log: { warn: () => undefined } })
    try {
      if (password === undefined) await access.passwords.remove()
      else await access.passwords.set(password)
      await access.sessions.endAllBut(undefined)
      access.acts.note({ who: 'command line', address: '', method, route: '/admin/password', status: 200 })
    } catch (cause) {
      throw cause instanceof WeakPassword ? new CommandError(cause.message, 2, { cause }) : cause
    } finally {
      await access.close()
    }
  })
}
