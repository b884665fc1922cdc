import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CommandError, type Deps } from './deps.js'
import { contentOf, passphraseFrom, type PassphraseOptions } from './providers-input.js'
import { allowPrivate } from './proxies-allow-private.js'
import { inRoom } from './room.js'

/** `providers export|import`. */
export function providerFileCommands(providers: Command, deps: Deps): void {
  withPassphrase(providers.command('export'))
    .description('print all keys as a file that import reads, sealed with a passphrase')
    .option('--output <file>', 'write it there, for your eyes only, instead of printing it')
    .option('--plain', 'unsealed: whoever gets the file has your keys')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman providers export --passphrase-env PASS --output keys.json\n  dragoman providers export --plain > keys.json',
    )
    .action(async (options: PassphraseOptions & { output?: string; plain?: boolean }) => {
      const { writeKeyFile } = await import('../providers/keys/index.js')
      const passphrase = await passphraseFrom(options, deps)
      if ((passphrase === undefined) !== (options.plain === true)) {
        throw new CommandError(
          'the file holds your keys: name a passphrase with --passphrase-env or --passphrase-stdin, or say --plain',
          2,
        )
      }
      const { text, count } = await inRoom(deps, async ({ store }) => {
        const records = store.apiKeys.list()
        return { text: await writeKeyFile(records, passphrase), count: records.length }
      })
      if (options.plain)
        deps.err('remark: the keys stand in it for everybody to read; keep it safe and remove it soon\n')
      if (options.output === undefined) return deps.out(text)
      save(options.output, text)
      deps.out(`Wrote ${count} key${count === 1 ? '' : 's'} to ${options.output}.\n`)
    })

  withPassphrase(providers.command('import <file>'))
    .description('take in keys, - for standard input: our own files, or those of codex-proxy')
    .option(
      '--allow-private',
      'also those on this machine or in its network: adds them to upstream.allowed_private_hosts',
    )
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nGood entries are taken even when others are bad; a key that is there already is changed.\n' +
        '\nExamples:\n  dragoman providers import keys.json --passphrase-env PASS\n  dragoman providers import data/api-keys.json',
    )
    .action(async (file: string, options: PassphraseOptions & { allowPrivate?: boolean; json?: boolean }) => {
      const { isSealed, readKeyFile } = await import('../providers/keys/index.js')
      if (file === '-' && options.passphraseStdin) {
        throw new CommandError('standard input cannot be both: name the passphrase with --passphrase-env', 2)
      }
      const text = await contentOf(file, deps)
      const passphrase = await passphraseFrom(options, deps)
      if (passphrase === undefined && isSealed(text)) {
        throw new CommandError('the file is sealed: name its passphrase with --passphrase-env or --passphrase-stdin', 2)
      }
      await inRoom(deps, async (room) => {
        const allowed = room.config.upstream.allowed_private_hosts
        const { keys, problems } = await readKeyFile(text, {
          ...(passphrase === undefined ? {} : { passphrase }),
          allowed,
        })
        const told = problems.map(({ at, message }) => `${at}: ${message}`)
        const needing = keys.filter(({ baseUrl }) => baseUrl.refused !== undefined)
        if (options.allowPrivate)
          allowPrivate(
            room.home,
            needing.map(({ baseUrl }) => baseUrl),
            deps,
          )
        else told.push(...needing.map(({ baseUrl }) => `${baseUrl.text}: ${baseUrl.refused}; or say --allow-private`))
        const outcomes: ('added' | 'updated')[] = []
        for (const { draft, baseUrl } of keys) {
          if (baseUrl.refused !== undefined && !options.allowPrivate) continue
          outcomes.push((await room.store.apiKeys.add(draft)).outcome)
        }
        const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length
        const counts = { added: count('added'), updated: count('updated') }
        if (options.json) deps.out(`${JSON.stringify({ ...counts, problems: told })}\n`)
        else {
          for (const problem of told) deps.err(`${problem}\n`)
          deps.out(`${counts.added} added, ${counts.updated} updated.\n`)
        }
        if (told.length > 0) {
          throw new CommandError(
            `${told.length} could not be taken${options.json ? '' : ', see above'}; the others were`,
          )
        }
      })
    })
}

/** Ways to name the passphrase of a file. */
export function withPassphrase(command: Command): Command {
  return command
    .option('--passphrase-env <variable>', 'read the passphrase from an environment variable')
    .option('--passphrase-stdin', 'read the passphrase from standard input, its first line')
}

/** A file that is there stays as it is: it may be the only copy of other secrets. */
export function save(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    const why = code === 'EEXIST' ? 'is there already; name another file' : `cannot be written (${code})`
    throw new CommandError(`${file} ${why}`, 1, { cause })
  }
}
