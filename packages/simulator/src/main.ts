import { parseArgs } from 'node:util'
import { startSimulator } from './simulator.js'

const HELP = `Plays the Codex backend and its login server on this machine.

  --port N           port to listen on (default: any free one)
  --host ADDRESS     address to listen on (default 127.0.0.1)
  --accounts N       accounts to begin with (default 1); their auth.json is printed with --show-accounts
  --show-accounts    print the made-up accounts' tokens in the ready line
  --auto-approve     logins in the browser succeed without a click
  --unchecked        take every token and every body; compare no prompts (for measurements)

Prints one line of JSON when it is ready and runs until SIGINT or SIGTERM.
`

/**
 * The simulator as a command. Prints `{"event":"ready","url","backend","issuer"}` on one line.
 * @returns the exit code: 0 after a signal, 2 for wrong usage
 */
export async function runCommand(argv: readonly string[]): Promise<number> {
  let values
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        accounts: { type: 'string' },
        'show-accounts': { type: 'boolean' },
        'auto-approve': { type: 'boolean' },
        unchecked: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (problem) {
    process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n`)
    return 2
  }
  if (values.help === true) {
    process.stdout.write(HELP)
    return 0
  }
  const port = Number(values.port ?? 0)
  const count = Number(values.accounts ?? 1)
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || !Number.isInteger(count) || count < 0) {
    process.stderr.write('--port and --accounts want a whole number\n')
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
  const { url, backendUrl: backend, issuer } = simulator
  const ready = { event: 'ready', url, backend, issuer, ...(values['show-accounts'] === true ? { accounts } : {}) }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await simulator.close()
  return 0
}
