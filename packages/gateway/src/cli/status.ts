import type { Command } from 'commander'
import { configPath } from '../config/index.js'
import { plainText } from '../telemetry/index.js'
import type { Deps } from './deps.js'
import { inRoom } from './room.js'
import { readRunFile } from './run-file.js'

/** `status`: does it run, and who can serve? */
export function statusCommand(program: Command, deps: Deps): void {
  program
    .command('status')
    .description('does the gateway run, and which accounts can serve')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      await inRoom(deps, async ({ home, accounts, store }) => {
        const run = readRunFile(home)
        const health = run === undefined ? undefined : await healthOf(run.url)
        const list = accounts.list()
        const keys = (await store.clientKeys.list()).filter(({ revokedAt }) => revokedAt === undefined)
        if (options.json) {
          deps.out(
            `${JSON.stringify({ running: health !== undefined, url: health === undefined ? null : run?.url, health: health ?? null, home, accounts: list, clientKeys: keys.length })}\n`,
          )
          return
        }
        deps.out(
          health === undefined
            ? 'The gateway does not run. Start it: dragoman serve\n'
            : `The gateway runs at ${run?.url} (${String(health['status'])}).\n`,
        )
        deps.out(`Data folder: ${home}\nConfiguration: ${configPath(home)}\nClient keys: ${keys.length}\n`)
        if (list.length === 0) deps.out('Accounts: none; sign in: dragoman login\n')
        for (const account of list) {
          deps.out(
            `Account ${plainText(account.label ?? account.email ?? account.id)}: ${account.status}${account.reason === undefined ? '' : ` – ${account.reason}`}\n`,
          )
        }
      })
    })
}

async function healthOf(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { simpleRequest } = await import('../transport/index.js')
    const reply = await simpleRequest({ url: `${url}/health`, method: 'GET', headers: {}, timeoutMs: 1_000 })
    return JSON.parse(reply.body) as Record<string, unknown>
  } catch {
    return undefined
  }
}
