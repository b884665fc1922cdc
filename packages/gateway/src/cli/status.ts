import type { Command } from 'commander'
import { configPath } from '../config/index.js'
import type { Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom } from './room.js'
import { runningGateway } from './run-file.js'
import { plainText } from '../telemetry/index.js'

/** `status`: does it run, and who can serve? */
export function statusCommand(program: Command, deps: Deps): void {
  program
    .command('status')
    .description('does the gateway run, and which accounts and API keys can serve')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      await inRoom(deps, async ({ home, accounts, store }) => {
        const found = await runningGateway(home)
        const list = accounts.list()
        const keys = (await store.clientKeys.list()).filter(
          ({ revokedAt, expiresAt }) => revokedAt === undefined && (expiresAt ?? Infinity) > Date.now(),
        )
        if (options.json) {
          const { run, health } = found ?? {}
          deps.out(
            `${JSON.stringify({ running: found !== undefined, url: run?.url ?? null, pid: run?.pid ?? null, startedAt: run?.startedAt ?? null, health: health ?? null, home, accounts: list, clientKeys: keys.length, apiKeys: store.apiKeys.list().map(({ id, provider, label, enabled }) => ({ id, provider, label, enabled })) })}\n`,
          )
          return
        }
        deps.out(
          found === undefined
            ? 'The gateway does not run. Start it: dragoman serve\n'
            : `The gateway runs at ${found.run.url} (${found.health.status}, version ${found.health.version}, pid ${found.run.pid}).\n`,
        )
        deps.out(`Data folder: ${home}\nConfiguration: ${configPath(home)}\n`)
        deps.out(
          keys.length === 0 ? 'Client keys: none; make one: dragoman keys create\n' : `Client keys: ${keys.length}\n`,
        )
        if (list.length === 0) deps.out('Accounts: none; sign in: dragoman login\n')
        for (const account of list) {
          const why = account.reason ?? account.attention
          deps.out(`Account ${nameOf(account)}: ${account.status}${why === undefined ? '' : ` – ${plainText(why)}`}\n`)
        }
        for (const { provider, label, id, enabled } of store.apiKeys.list()) {
          deps.out(`API key ${plainText(label ?? id)} of ${plainText(provider)}: ${enabled ? 'enabled' : 'disabled'}\n`)
        }
      })
    })
}
