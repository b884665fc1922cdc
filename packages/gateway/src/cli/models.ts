import type { Command } from 'commander'
import { CommandError, type Deps } from './deps.js'
import { inRoom } from './room.js'
import { table } from './table.js'

/** `models`: what can be asked for. */
export function modelsCommand(program: Command, deps: Deps): void {
  program
    .command('models')
    .description('the models that can be asked for')
    .option('--refresh', 'ask the backend for its list, with the first account that works')
    .option('--json', 'one line of JSON')
    .action(async (options: { refresh?: boolean; json?: boolean }) => {
      const [{ fetchCodexModels }, { createCatalog }] = await Promise.all([
        import('../providers/index.js'),
        import('../routing/index.js'),
      ])
      await inRoom(deps, async ({ accounts, config }) => {
        const catalog = createCatalog()
        if (options.refresh) {
          const account = accounts.list().find(({ status }) => status === 'active')
          if (account === undefined) throw new CommandError('no account can ask for the list; sign in: dragoman login')
          const credential = await accounts.credential(account.id)
          const profile = { ...config.client, dragomanVersion: deps.version }
          const { models, etag } = await fetchCodexModels(
            config.codex.base_url.replace(/\/+$/, ''),
            profile,
            credential,
          )
          catalog.learn(models, etag)
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
