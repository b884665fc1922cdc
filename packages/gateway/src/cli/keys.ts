import type { Command } from 'commander'
import { CommandError, type Deps } from './deps.js'
import { inRoom } from './room.js'
import { table } from './table.js'

/** `keys list|create|revoke`: what clients show to be let in. */
export function keysCommand(program: Command, deps: Deps): void {
  const keys = program.command('keys').description('client keys: what your AI clients show to the gateway')

  keys
    .command('create')
    .description('make a key; it is shown once')
    .option('--name <name>', 'a name to recognise it by', 'client')
    .option('--expires <days>', 'let it end after so many days')
    .option('--models <names>', 'let it use only these models, comma separated')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman keys create --name laptop\n  dragoman keys create --name demo --models demo --expires 7',
    )
    .action(async (options: { name: string; expires?: string; models?: string; json?: boolean }) => {
      const days = options.expires === undefined ? undefined : Number(options.expires)
      if (days !== undefined && !(days > 0)) throw new CommandError('--expires takes a number of days, e.g. 30', 2)
      const { record, plaintext } = await inRoom(deps, ({ store }) =>
        store.clientKeys.create({
          name: options.name,
          ...(days === undefined ? {} : { expiresAt: Date.now() + days * 86_400_000 }),
          ...(options.models === undefined
            ? {}
            : { allowedModels: options.models.split(',').map((name) => name.trim()) }),
        }),
      )
      if (options.json) deps.out(`${JSON.stringify({ id: record.id, name: record.name, key: plaintext })}\n`)
      else
        deps.out(
          `${plaintext}\nKeep it now: it is not shown again. Revoke it with: dragoman keys revoke ${record.id}\n`,
        )
    })

  keys
    .command('list')
    .description('show all keys')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const list = await inRoom(deps, ({ store }) => store.clientKeys.list())
      if (options.json) return deps.out(`${JSON.stringify(list)}\n`)
      if (list.length === 0) return deps.out('No client key yet. Make one: dragoman keys create --name laptop\n')
      deps.out(
        table(
          ['id', 'name', 'begins with', 'made', 'state', 'models'],
          list.map((key) => [
            key.id,
            key.name,
            key.prefix,
            new Date(key.createdAt).toISOString().slice(0, 10),
            key.revokedAt !== undefined
              ? 'revoked'
              : key.expiresAt === undefined
                ? 'valid'
                : key.expiresAt < Date.now()
                  ? 'expired'
                  : `until ${new Date(key.expiresAt).toISOString().slice(0, 10)}`,
            key.allowedModels?.join(', ') ?? 'all',
          ]),
        ),
      )
    })

  keys
    .command('revoke <id>')
    .description('end a key; a running gateway refuses it at once')
    .action(async (id: string) => {
      const done = await inRoom(deps, ({ store }) => store.clientKeys.revoke(id))
      if (!done) throw new CommandError(`there is no valid key ${id}; dragoman keys list shows all`)
      deps.out(`Revoked ${id}.\n`)
    })
}
