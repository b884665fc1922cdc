import { Command, CommanderError } from 'commander'
import { accountsCommand } from './accounts.js'
import { backupCommands } from './backup.js'
import { configCommand } from './config.js'
import { CommandError, type Deps } from './deps.js'
import { eventsCommand } from './events.js'
import { explainCommand } from './explain.js'
import { keysCommand } from './keys.js'
import { loginCommand } from './login.js'
import { modelsCommand } from './models.js'
import { openCommand } from './open.js'
import { passwordCommand } from './password.js'
import { providersCommand } from './providers.js'
import { proxiesCommand } from './proxies.js'
import { sayWhatIsWrong } from './say-what-is-wrong.js'
import { serveCommands } from './serve.js'
import { statusCommand } from './status.js'
import { webhookCommand } from './webhook.js'
import { poolCommand } from './pool.js'
import { usageCommand } from './usage.js'

export { CommandError } from './deps.js'
export type { Deps } from './deps.js'
export { openBrowser } from './open-browser.js'
export { sayWhatIsWrong } from './say-what-is-wrong.js'

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
    // What commander has to complain about is told below, in one line like every other mistake.
    .configureOutput({ writeOut: deps.out, writeErr: deps.err, outputError: () => undefined })
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman                 start the gateway, with a first key and a line to try\n  dragoman login           sign in to ChatGPT\n  dragoman keys create     make a key for a client\n\nExit codes: 0 good, 1 it did not work, 2 wrong usage',
    )
  for (const add of [
    serveCommands,
    openCommand,
    passwordCommand,
    loginCommand,
    accountsCommand,
    keysCommand,
    modelsCommand,
    providersCommand,
    proxiesCommand,
    configCommand,
    statusCommand,
    poolCommand,
    usageCommand,
    explainCommand,
    eventsCommand,
    webhookCommand,
    backupCommands,
  ]) {
    add(program, deps)
  }

  try {
    await program.parseAsync([...argv], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      // A group without its command: the help is already told.
      if (error.code !== 'commander.help') {
        deps.err(`dragoman: ${usageMistake(error.message)}; see ${pathOf(program, argv)} --help\n`)
      }
      return 2
    }
    deps.err(sayWhatIsWrong(error, argv.includes('--debug')))
    return error instanceof CommandError ? error.exitCode : 1
  }
}

function usageMistake(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replace(/\n\(Did you mean (.*)\?\)$/s, ' (did you mean $1?)')
    .replace(/\s+/g, ' ')
}

/** The command that was meant, as far as it can be followed: `dragoman accounts list`. */
function pathOf(program: Command, argv: readonly string[]): string {
  const path = [program.name()]
  let at = program
  for (const word of argv) {
    const next = at.commands.find((command) => command.name() === word || command.aliases().includes(word))
    if (next === undefined) continue
    path.push(next.name())
    at = next
  }
  return path.join(' ')
}
