import { realpathSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startSimulator } from './simulator.js'

const HELP = `Plays the Codex backend and its login server on this machine.

  --port N           port to listen on (default: any free one)
  --host ADDRESS     address to listen on (default 127.0.0.1)
  --accounts N       accounts to begin with (default 1); their auth.json is printed with --show-accounts
  --account FILE     write the first account's auth.json into FILE (mode 0600)
  --show-accounts    print the made-up accounts' tokens in the ready line
  --auto-approve     logins in the browser succeed without a click
  --unchecked        take every token and every body; compare no prompts (for measurements)

Prints one line of JSON when it is ready and runs until SIGINT or SIGTERM.
`

/** Where the command speaks, and how long it runs. */
export interface CommandRoom {
  out(text: string): void
  err(text: string): void
  untilStopped(): Promise<void>
}

/**
 * The simulator as a command. Prints `{"event":"ready","url","backend","issuer"}` on one line.
 * @returns the exit code: 0 after a signal, 2 for wrong usage
 */
export async function runCommand(argv: readonly string[], room: CommandRoom = processRoom()): Promise<number> {
  let values
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        account: { type: 'string' },
        accounts: { type: 'string' },
        'show-accounts': { type: 'boolean' },
        'auto-approve': { type: 'boolean' },
        unchecked: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (problem) {
    room.err(`${problem instanceof Error ? problem.message : String(problem)}\n`)
    return 2
  }
  if (values.help === true) {
    room.out(HELP)
    return 0
  }
  const port = Number(values.port ?? 0)
  const count = Number(values.accounts ?? 1)
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || !Number.isInteger(count) || count < 0) {
    room.err('--port and --accounts want a whole number\n')
    return 2
  }
  const unchecked = values.unchecked === true
  const simulator = await startSimulator({
    port,
    autoApprove: values['auto-approve'] === true,
    unchecked,
    promptCache: !unchecked,
    keepRequests: 0,
    ...(values.host === undefined ? {} : { host: values.host }),
  })
  const accounts = Array.from({ length: count }, () => simulator.addAccount())
  if (values.account !== undefined) {
    const { authJson } = accounts[0] ?? simulator.addAccount()
    await writeFile(values.account, `${JSON.stringify(authJson, null, 2)}\n`, { mode: 0o600 })
  }
  const { url, backendUrl: backend, issuer } = simulator
  const ready = { event: 'ready', url, backend, issuer, ...(values['show-accounts'] === true ? { accounts } : {}) }
  room.out(`${JSON.stringify(ready)}\n`)
  await room.untilStopped()
  await simulator.close()
  return 0
}

function processRoom(): CommandRoom {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    untilStopped: () =>
      new Promise((resolve) => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      }),
  }
}

const entry = process.argv[1]
if (entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url)) {
  process.exitCode = await runCommand(process.argv.slice(2))
}
