import type { Command } from 'commander'
import type { Pin } from '../transport/proxies/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { inRoom, type Room } from './room.js'
import { table } from './table.js'

/** `proxies pin|unpin|pins|spread`. */
export function proxyPinCommands(proxies: Command, deps: Deps): void {
  proxies
    .command('pin <owner> <choice>')
    .description('say which way an account or an API key goes: global, direct, auto, or a proxy')
    .addHelpText(
      'after',
      `${WHO}\nglobal is what proxy.default says; auto is any proxy that works, always the same one while it does.` +
        '\nWhoever is pinned to a proxy that does not work has no way out meanwhile, and does not go direct.\n' +
        '\nExamples:\n  dragoman proxies pin me@example.com proxy.example.com:1080\n  dragoman proxies pin login direct',
    )
    .action(async (named: string, choice: string) => {
      await inRoom(deps, async (room) => {
        const owner = ownerFrom(room, named)
        const pin = await room.proxies.pin(owner.id, choice)
        deps.out(`${owner.name} goes ${wayOf(pin)}.\n`)
      })
    })

  proxies
    .command('unpin <owner>')
    .description('let it go the way of proxy.default again')
    .addHelpText('after', WHO)
    .action(async (named: string) => {
      await inRoom(deps, async (room) => {
        // A pin may have outlived its owner.
        const owner = room.proxies.pins().some((pin) => pin.owner === named)
          ? { id: named, name: named }
          : ownerFrom(room, named)
        if (!(await room.proxies.unpin(owner.id))) throw new CommandError(`${owner.name} is not pinned`)
        deps.out(`${owner.name} goes the way of proxy.default (${room.config.proxy.default}).\n`)
      })
    })

  proxies
    .command('pins')
    .description('show who is pinned to what')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      await inRoom(deps, async (room) => {
        const pins = room.proxies.pins()
        if (options.json) return deps.out(`${JSON.stringify(pins)}\n`)
        const byDefault = `Everybody else goes the way of proxy.default: ${room.config.proxy.default}.\n`
        if (pins.length === 0) return deps.out(`Nobody is pinned. Pin an account: dragoman proxies pin\n${byDefault}`)
        const names = new Map(ownersIn(room).map(({ id, name }) => [id, name]))
        deps.out(
          table(
            ['owner', 'name', 'way'],
            pins.map((pin) => [pin.owner, names.get(pin.owner) ?? '', wayOf(pin)]),
          ),
        )
        deps.out(byDefault)
      })
    })

  proxies
    .command('spread <proxy...>')
    .description('pin every account to one of these proxies, in turn')
    .addHelpText('after', '\nExample:\n  dragoman proxies spread hk-1 hk-2')
    .action(async (named: string[]) => {
      await inRoom(deps, async (room) => {
        const accounts = room.accounts.list()
        if (accounts.length === 0) throw new CommandError('there is no account yet; sign in: dragoman login')
        const pins = await room.proxies.assignRoundRobin(
          accounts.map(({ id }) => id),
          named,
        )
        const names = new Map(accounts.map((account) => [account.id, nameOf(account)]))
        for (const pin of pins) deps.out(`${names.get(pin.owner) ?? pin.owner} goes ${wayOf(pin)}.\n`)
      })
    })
}

const WHO =
  '\nAn owner is named by the id, label or e-mail address of an account, by the id or label of an API key, or is login, for signing' +
  '\nin a new account.'

interface Owner {
  id: string
  name: string
  called: readonly (string | undefined)[]
}

function ownersIn({ accounts, store }: Room): Owner[] {
  return [
    ...accounts.list().map((account) => ({
      id: account.id,
      name: nameOf(account),
      called: [account.label, account.email],
    })),
    ...store.apiKeys.list().map(({ id, label, provider }) => ({
      id,
      name: plainText(label ?? `${provider} ${id}`),
      called: [label],
    })),
    { id: 'login', name: 'login', called: [] },
  ]
}

/** Only when the name means one. */
function ownerFrom(room: Room, named: string): Owner {
  const owners = ownersIn(room)
  const exact = owners.find(({ id }) => id === named)
  if (exact !== undefined) return exact
  const isBeginning = (id: string): boolean => /^(?:acc|key)_./.test(named) && id.startsWith(named)
  const found = owners.filter(({ id, called }) => called.includes(named) || isBeginning(id))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw new CommandError(
    only === undefined
      ? `there is no account or API key ${plainText(named)}; dragoman accounts list shows the accounts`
      : `${plainText(named)} means ${found.length} owners; name one by its id: ${found.map(({ id }) => id).join(', ')}`,
  )
}

function wayOf({ choice, proxyName }: Pin): string {
  switch (choice) {
    case 'global':
      return 'the way of proxy.default'
    case 'direct':
      return 'direct'
    case 'auto':
      return 'through any proxy that works'
    default:
      return proxyName === undefined ? `nowhere: its proxy (${choice}) was removed` : `through ${plainText(proxyName)}`
  }
}
