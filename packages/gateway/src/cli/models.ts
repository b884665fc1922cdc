import type { Command } from 'commander'
import { CommandError, type Deps } from './deps.js'
import { inRoom, type Room } from './room.js'
import { table } from './table.js'

/** `models`: what can be asked for. */
export function modelsCommand(program: Command, deps: Deps): void {
  program
    .command('models')
    .description('the models that can be asked for')
    .option('--refresh', 'ask the backend for its list, with the first account that works')
    .option('--json', 'one line of JSON')
    .action(async (options: { refresh?: boolean; json?: boolean }) => {
      const { createCatalog } = await import('../routing/index.js')
      await inRoom(deps, async (room) => {
        const { config } = room
        const catalog = createCatalog()
        if (options.refresh) {
          await catalog.learn('unknown', await fromBackend(room, deps.version))
        }
        const aliases = Object.entries(config.model.aliases)
        if (options.json) {
          const models = catalog.list().map((model) => ({ ...model, raw: undefined }))
          deps.out(`${JSON.stringify({ models, aliases: config.model.aliases, default: config.model.default })}\n`)
          return
        }
        deps.out(
          table(
            ['model', 'context', 'efforts', 'from'],
            [
              ...catalog
                .list()
                .filter(({ listed }) => listed)
                .map((model) => [
                  model.slug,
                  model.contextWindow === undefined ? '' : String(model.contextWindow),
                  model.efforts.join(' '),
                  model.source,
                ]),
              ...aliases.map(([name, target]) => [name, '', '', `alias of ${target}`]),
              ...(config.demo.enabled ? [['demo', '', '', 'built in, needs no account']] : []),
            ],
          ),
        )
        deps.out(
          `\nA name takes suffixes: gpt-5.5-high, gpt-5.5-fast, gpt-5.5-high-fast. Default: ${config.model.default}.\n`,
        )
      })
    })
}

/** The backend's list, asked with one account after the other until one gets it. */
async function fromBackend({ accounts, config, transport }: Room, version: string) {
  const { fetchCodexModels } = await import('../providers/index.js')
  let problem: unknown
  for (const { id } of accounts.list().filter(({ status }) => status === 'active')) {
    try {
      const credential = await accounts.credential(id)
      const profile = { ...config.client, dragomanVersion: version }
      return await fetchCodexModels(config.codex.base_url.replace(/\/+$/, ''), profile, credential, (out) =>
        transport.request({ ...out, owner: id }),
      )
    } catch (error) {
      problem = error
    }
  }
  if (problem === undefined) throw new CommandError('no account can ask for the list; sign in: dragoman login')
  const why = problem instanceof Error ? problem.message : String(problem)
  throw new CommandError(`${why}; without --refresh the bundled list is shown`, 1, { cause: problem })
}
