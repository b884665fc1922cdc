import { Command, CommanderError } from 'commander'
import { scrub } from '../telemetry/index.js'
import { accountsCommand } from './accounts.js'
import { configCommand } from './config.js'
import { CommandError, type Deps } from './deps.js'
import { keysCommand } from './keys.js'
import { loginCommand } from './login.js'
import { modelsCommand } from './models.js'
import { serveCommands } from './serve.js'
import { statusCommand } from './status.js'

export { CommandError } from './deps.js'
export type { Deps } from './deps.js'

/**
 * Runs one command line.
 * @param argv what stands after the program's name
 * @returns the exit code: 0 good, 1 it did not work, 2 wrong usage
 */
export async function runCli(argv: readonly string[], deps: Deps): Promise<number> {
  const program = new Command('dragoman')
    .description('A local gateway: any AI client speaks its own API, Codex and other models answer.')
    .version(deps.version)
    .option('--debug', 'show where an error came from')
    .exitOverride()
    .configureOutput({ writeOut: deps.out, writeErr: deps.err })
    .showHelpAfterError('(dragoman --help shows what there is)')
  for (const add of [
    serveCommands,
    loginCommand,
    accountsCommand,
    keysCommand,
    modelsCommand,
    configCommand,
    statusCommand,
  ]) {
    add(program, deps)
  }
  for (const command of program.commands) inherit(command)

  try {
    await program.parseAsync([...argv], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const debug = argv.includes('--debug')
    deps.err(
      `${scrub(debug && error instanceof Error ? (error.stack ?? error.message) : messageOf(error)).replaceAll('\\u000a', '\n')}\n`,
    )
    return error instanceof CommandError ? error.exitCode : 1
  }
}

/** Commander's settings reach a command only when they are copied to it. */
function inherit(command: Command): void {
  command.copyInheritedSettings(command.parent ?? command)
  for (const inner of command.commands) inherit(inner)
}

function messageOf(error: unknown): string {
  return `dragoman: ${error instanceof Error ? error.message : String(error)}`
}
