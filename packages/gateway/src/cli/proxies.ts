import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { CheckedProxy, ProxyView, WrittenProxy } from '../transport/proxies/index.js'
import { CommandError, type Deps } from './deps.js'
import { allowPrivate, privateRefusal } from './proxies-allow-private.js'
import { proxyFileCommands } from './proxies-files.js'
import { proxyPinCommands } from './proxies-pins.js'
import { protocolFrom } from './proxies-protocol.js'
import { inRoom, type Room } from './room.js'
import { table } from './table.js'

/** `proxies …`: the outbound proxies, and who goes through which. */
export function proxiesCommand(program: Command, deps: Deps): void {
  const proxies = program
    .command('proxies')
    .description('ways out: outbound proxies, and which account or API key goes through which')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman proxies add socks5h://user@proxy.example.com:1080 --password-stdin < password.txt' +
        '\n  dragoman proxies check --all\n  dragoman proxies pin me@example.com proxy.example.com:1080',
    )

  proxies
    .command('list')
    .description('show all proxies and what is known of them')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const list = await inRoom(deps, async (room) => room.proxies.list())
      if (options.json) return deps.out(`${JSON.stringify(list)}\n`)
      if (list.length === 0) return deps.out(NONE)
      deps.out(
        table(
          ['id', 'name', 'address', 'state', 'exit address', 'ms', 'pinned', 'what is wrong'],
          list.map((proxy) => [
            proxy.id,
            proxy.name,
            proxy.url,
            proxy.state,
            proxy.exitAddress ?? '',
            proxy.latencyMs === undefined ? '' : String(proxy.latencyMs),
            proxy.owners.length === 0 ? '' : String(proxy.owners.length),
            proxy.error ?? '',
          ]),
        ),
      )
    })

  proxies
    .command('add <url>')
    .description('take a proxy in, or give one that is known a new password or name; its password is never shown')
    .option('--name <name>', 'a name to call it by; without it, its address')
    .option('--protocol <protocol>', 'where the address names none: http, https, socks5, socks5h', 'http')
    .option('--password-stdin', 'read its password from standard input')
    .option(
      '--allow-private',
      'let it lie on this machine or in its network: adds it to upstream.allowed_private_hosts',
    )
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nWith socks5 names are resolved on this machine, with socks5h, http and https by the proxy.\n' +
        '\nExamples:\n  dragoman proxies add http://proxy.example.com:8080 --name office' +
        '\n  dragoman proxies add socks5h://user@proxy.example.com:1080 --password-stdin < password.txt' +
        '\n  dragoman proxies add proxy.example.com:8080:user:password' +
        '\n  dragoman proxies add socks5h://127.0.0.1:1080 --allow-private',
    )
    .action(async (url: string, options: AddOptions) => {
      const wanted = await proxyFrom(url, options, deps)
      await inRoom(deps, async (room) => {
        await allow(room, wanted, options, deps)
        const [added] = await room.proxies.add([wanted], { exactNames: true })
        if (added === undefined) return
        const { proxy, outcome } = added
        if (options.json) return deps.out(`${JSON.stringify({ outcome, proxy })}\n`)
        deps.out(`${SAID[outcome]} ${called(proxy)}: ${proxy.url}\nCheck it: dragoman proxies check ${proxy.id}\n`)
      })
    })

  proxies
    .command('remove <proxy>')
    .description('forget a proxy; one that somebody is pinned to only with --force')
    .option('--force', 'also when it is pinned: its owners have no way out then, and do not go direct')
    .addHelpText('after', BY)
    .action(async (named: string, options: { force?: boolean }) => {
      await inRoom(deps, async (room) => {
        const { proxy, owners } = await room.proxies.remove(named, { evenIfPinned: options.force === true })
        deps.out(`Removed ${called(proxy)}.\n`)
        if (owners.length === 0) return
        deps.out(
          `Still pinned to it, so without any way out: ${owners.join(', ')}. They do not go direct.` +
            ' Give them another: dragoman proxies pin\n',
        )
      })
    })

  for (const [verb, enabled, what, said] of [
    ['enable', true, 'let it be used again', 'Enabled'],
    ['disable', false, 'use it no more; who is pinned to it has no way out meanwhile', 'Disabled'],
  ] as const) {
    proxies
      .command(`${verb} <proxy>`)
      .description(what)
      .addHelpText('after', BY)
      .action(async (named: string) => {
        await inRoom(deps, async (room) => {
          deps.out(`${said} ${called(await room.proxies.setEnabled(named, enabled))}.\n`)
        })
      })
  }

  proxies
    .command('check [proxy]')
    .description('ask through one proxy, or all that are enabled, where the world sees it; exit code 1 when one fails')
    .option('--all', 'all that are enabled; the default')
    .option('--json', 'one line of JSON')
    .addHelpText('after', `${BY}\nAsked is proxy.check_url.`)
    .action(async (named: string | undefined, options: { all?: boolean; json?: boolean }) => {
      if (named !== undefined && options.all) throw new CommandError('name one proxy, or say --all', 2)
      await inRoom(deps, async (room) => {
        const found = named === undefined ? await room.proxies.checkAll() : [await room.proxies.check(named)]
        if (options.json) deps.out(`${JSON.stringify(found)}\n`)
        else if (found.length === 0) deps.out(room.proxies.list().length === 0 ? NONE : 'All proxies are disabled.\n')
        else deps.out(found.map(lineOf).join(''))
        const bad = found.filter(({ ok }) => !ok)
        if (bad.length > 0) {
          const who = bad.map(({ name }) => name).join(', ')
          throw new CommandError(`${bad.length} of ${found.length} checks went wrong: ${who}`)
        }
      })
    })

  proxies
    .command('detect')
    .description('look for a proxy on this machine, at the usual ports')
    .option('--json', 'one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const { detectLocalProxies, USUAL_PORTS } = await import('../transport/proxies/index.js')
      const found = await detectLocalProxies()
      if (options.json) return deps.out(`${JSON.stringify(found)}\n`)
      const ports = USUAL_PORTS.map(({ port }) => port).join(', ')
      if (found.length === 0) return deps.out(`Nothing listens on 127.0.0.1 at ${ports}.\n`)
      for (const { protocol, port } of found) {
        deps.out(
          `127.0.0.1:${port} looks like a proxy (${protocol}). To send everything through it:\n` +
            `  dragoman proxies add ${protocol}://127.0.0.1:${port} --name local-${port} --allow-private\n` +
            `  dragoman config set proxy.default local-${port}\n`,
        )
      }
    })

  proxyFileCommands(proxies, deps)
  proxyPinCommands(proxies, deps)
}

const BY = '\nA proxy is named by its id or the beginning of it, or by its name.'
const NONE = 'No proxy yet. Add one: dragoman proxies add socks5h://user:password@host:port\n'
const SAID = { added: 'Added', updated: 'Updated', unchanged: 'Already up to date:' } as const

interface AddOptions {
  name?: string
  protocol: string
  passwordStdin?: boolean
  allowPrivate?: boolean
  json?: boolean
}

async function proxyFrom(url: string, options: AddOptions, deps: Deps): Promise<WrittenProxy> {
  const { readProxy, nameFrom, withPassword } = await import('../transport/proxies/index.js')
  const first = readProxy(url, await protocolFrom(options.protocol))
  if ('problem' in first) throw new CommandError(`this is no proxy: ${first.problem}`, 2)
  const read = options.passwordStdin ? withPassword(first.proxy, await passwordFrom(deps)) : first
  if ('problem' in read) throw new CommandError(`this is no proxy: ${read.problem}`, 2)
  if (options.name === undefined) return read.proxy
  const name = nameFrom(options.name)
  if (name === '') throw new CommandError('--name takes a name to call the proxy by, e.g. office', 2)
  return { ...read.proxy, name }
}

async function passwordFrom(deps: Deps): Promise<string> {
  const password = (await text(deps.stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new CommandError('standard input holds no password', 2)
  return password
}

async function allow(room: Room, proxy: WrittenProxy, options: AddOptions, deps: Deps): Promise<void> {
  const { needsAllowing } = await import('../transport/proxies/index.js')
  if (!needsAllowing(proxy, room.config.upstream.allowed_private_hosts)) return
  if (!options.allowPrivate) throw new CommandError(privateRefusal(proxy))
  allowPrivate(room.home, [proxy], deps)
}

function called({ id, name }: ProxyView): string {
  return `${name} (${id})`
}

function lineOf({ ok, name, exitAddress, latencyMs, error }: CheckedProxy): string {
  const took = latencyMs === undefined ? '' : ` (${Math.round(latencyMs)} ms)`
  return `${ok ? 'good' : 'bad '}  ${name}: ${exitAddress ?? error ?? ''}${took}\n`
}
