import { readFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { WrittenProxy } from '../transport/proxies/index.js'
import { CommandError, type Deps } from './deps.js'
import { allowPrivate, privateRefusal } from './proxies-allow-private.js'
import { protocolFrom } from './proxies-protocol.js'
import { inRoom } from './room.js'

/** Far more than a list of proxies needs; a wrong file should not be read whole. */
const MOST_BYTES = 4 * 1024 * 1024

/** `proxies import|export`. */
export function proxyFileCommands(proxies: Command, deps: Deps): void {
  proxies
    .command('import <file>')
    .description('take in a list, - for standard input: URLs, host:port:user:password lines, or YAML')
    .option('--protocol <protocol>', 'of lines that name none: http, https, socks5, socks5h', 'http')
    .option(
      '--allow-private',
      'also those on this machine or in its network: adds them to upstream.allowed_private_hosts',
    )
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nGood lines are taken even when others are bad. YAML is a list of lines or of objects with protocol (or type), host (or\n' +
        'server), port, and if need be name, username and password; it may stand under the key proxies.\n' +
        '\nExamples:\n  dragoman proxies import proxies.txt --protocol socks5h\n  dragoman proxies import - < proxies.yaml',
    )
    .action(async (file: string, options: ImportOptions) => {
      const { needsAllowing, parseProxyList } = await import('../transport/proxies/index.js')
      const list = parseProxyList(await contentOf(file, deps), { protocol: await protocolFrom(options.protocol) })
      const problems = list.problems.map(({ line, message }) => `line ${line}: ${message}`)
      await inRoom(deps, async (room) => {
        const needing = list.proxies.filter((proxy) => needsAllowing(proxy, room.config.upstream.allowed_private_hosts))
        if (options.allowPrivate) allowPrivate(room.home, needing, deps)
        const refused = new Set<WrittenProxy>(options.allowPrivate ? [] : needing)
        const added = await room.proxies.add(list.proxies.filter((proxy) => !refused.has(proxy)))
        problems.push(...[...refused].map(privateRefusal))
        const count = (outcome: string): number => added.filter((one) => one.outcome === outcome).length
        const counts = { added: count('added'), updated: count('updated'), unchanged: count('unchanged') }
        const { duplicates } = list
        if (options.json) {
          const about = added.map(({ proxy, outcome }) => ({ outcome, proxy }))
          deps.out(`${JSON.stringify({ ...counts, duplicates, problems, proxies: about })}\n`)
        } else {
          for (const problem of problems) deps.err(`${problem}\n`)
          deps.out(
            `${counts.added} added, ${counts.updated} updated, ${counts.unchanged} unchanged` +
              `${duplicates === 0 ? '' : `, ${duplicates} said twice`}.\n`,
          )
        }
      })
      if (problems.length > 0)
        throw new CommandError(`${problems.length} could not be taken, see above; the others were`)
    })

  proxies
    .command('export')
    .description('print all proxies as YAML that import reads')
    .option('--with-passwords', 'with their passwords, readable by whoever gets the file')
    .addHelpText('after', '\nExample:\n  dragoman proxies export --with-passwords > proxies.yaml')
    .action(async (options: { withPasswords?: boolean }) => {
      await inRoom(deps, async (room) => {
        deps.out(room.proxies.exportYaml({ passwords: options.withPasswords === true }))
      })
    })
}

interface ImportOptions {
  protocol: string
  allowPrivate?: boolean
  json?: boolean
}

async function contentOf(file: string, deps: Deps): Promise<string> {
  if (file === '-') return text(deps.stdin)
  try {
    const stats = statSync(file)
    if (stats.isDirectory() || stats.size > MOST_BYTES) throw new CommandError(`${file} is no list of proxies`)
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (code === 'ENOENT') throw new CommandError(`there is no file ${file}`, 1, { cause })
    throw new CommandError(`${file} cannot be read (${code}); check whose it is`, 1, { cause })
  }
}
