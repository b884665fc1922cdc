import { readFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { AccountDraft, FileProblem, ImportedAccount, ReadAccounts } from '../accounts/transfer/index.js'
import { plainText } from '../telemetry/index.js'
import { chosenAccounts } from './accounts-find.js'
import { authFilePath } from './auth-file.js'
import { CommandError, type Deps } from './deps.js'
import { nameOf } from './name-of.js'
import { save, withPassphrase } from './providers-files.js'
import { passphraseFrom, variable, type PassphraseOptions } from './providers-input.js'
import { authOf, inRoom, type Room } from './room.js'

/** `accounts import|add|export`. */
export function accountFileCommands(accounts: Command, deps: Deps): void {
  withPassphrase(accounts.command('import [file]'))
    .alias('add')
    .description(
      "take accounts over: the Codex CLI's auth.json, our own files, those of codex-proxy (JSON and SQLite), CLIProxyAPI, sub2api, Cockpit Tools, opencode, or one token a line; - for standard input, nothing for the Codex CLI's login on this machine",
    )
    .option('--link', 'follow the auth.json instead of copying it: the CLI goes on to refresh it')
    .option('--label <name>', 'a name to recognise it by, when it is one account')
    .option('--dry-run', 'say what would happen, change nothing and use no refresh token')
    .option('--token-env <variable>', 'an access token from an environment variable, instead of a file')
    .option('--token-stdin', 'an access token from standard input')
    .option('--refresh-token-env <variable>', 'a refresh token from an environment variable')
    .option('--refresh-token-stdin', 'a refresh token from standard input')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nAccounts that are known get what is newer; good entries are taken even when others are bad. An access token that has ended is' +
        '\nrenewed with its refresh token. A refresh token works once: use these accounts here and nowhere else from now on.\n' +
        '\nExamples:\n  dragoman accounts import\n  dragoman accounts import --link ~/.codex/auth.json' +
        '\n  ssh other cat .codex/auth.json | dragoman accounts import - --label other' +
        '\n  dragoman accounts import data/accounts.sqlite --dry-run\n  dragoman accounts add --refresh-token-env TOKEN',
    )
    .action(async (file: string | undefined, options: ImportOptions) => {
      if (options.link) return link(file, options, deps)
      const read = await readWhatWasNamed(file, options, deps)
      const drafts = labelled(read.drafts, options.label)
      const [only] = read.problems
      if (drafts.length === 0 && only !== undefined && read.problems.length === 1 && !options.json) {
        throw new CommandError(lineOf(only))
      }
      await importDrafts(drafts, read.problems, options, deps)
    })

  withPassphrase(accounts.command('export [account...]'))
    .description('print accounts as a file, all or those named: sealed with a passphrase, all that is known of them')
    .option(
      '--format <format>',
      'full, minimal, or for others, with --plain: codex_proxy, cockpit_tools, cpa, sub2api, codex',
      'full',
    )
    .option('--group <name>', 'only those of a group')
    .option('--output <file>', 'write it there, for your eyes only, instead of printing it')
    .option('--plain', 'unsealed: whoever gets the file has your accounts')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman accounts export --passphrase-env PASS --output accounts.json' +
        '\n  dragoman accounts export work --format codex --plain --output auth.json',
    )
    .action(async (named: string[], options: ExportOptions) => exportTo(named, options, deps))
}

interface ImportOptions extends PassphraseOptions {
  link?: boolean
  label?: string
  dryRun?: boolean
  tokenEnv?: string
  tokenStdin?: boolean
  refreshTokenEnv?: string
  refreshTokenStdin?: boolean
  json?: boolean
}

const SAID = { added: 'Added', updated: 'Updated', unchanged: 'Already up to date:' } as const

async function link(file: string | undefined, { label, json, dryRun }: ImportOptions, deps: Deps): Promise<void> {
  if (file === '-') throw new CommandError('--link needs a file to follow', 2)
  if (dryRun) throw new CommandError('say --link or --dry-run, not both', 2)
  const path = authFilePath(file, deps)
  await inRoom(deps, async (room) => {
    const { account, outcome } = await room.accounts.importFile(path, {
      link: true,
      ...(label === undefined ? {} : { label }),
    })
    if (json) deps.out(`${JSON.stringify({ outcome, account })}\n`)
    else deps.out(`${SAID[outcome]} ${nameOf(account)} (${account.id}).\n`)
  })
}

async function readWhatWasNamed(file: string | undefined, options: ImportOptions, deps: Deps): Promise<ReadAccounts> {
  const { readAccountFile, isSealedAccountFile, TransferError } = await import('../accounts/transfer/index.js')
  const bare = await bareToken(file, options, deps)
  if (bare !== undefined) return bare
  if (file === '-' && options.passphraseStdin) {
    throw new CommandError('standard input cannot be both: name the passphrase with --passphrase-env', 2)
  }
  const path = file === '-' ? file : authFilePath(file, deps)
  const content = await contentOf(path, deps)
  const passphrase = await passphraseFrom(options, deps)
  if (passphrase === undefined && isSealedAccountFile(content)) {
    throw new CommandError('the file is sealed: name its passphrase with --passphrase-env or --passphrase-stdin', 2)
  }
  try {
    return await readAccountFile(content, passphrase === undefined ? {} : { passphrase })
  } catch (cause) {
    if (!(cause instanceof TransferError)) throw cause
    const what = cause.code === 'not_text' ? 'is no auth.json and no other file of accounts' : `: ${cause.message}`
    throw new CommandError(`${path === '-' ? 'standard input' : path}${what.startsWith(':') ? '' : ' '}${what}`, 1, {
      cause,
    })
  }
}

/** Never an argument: those stand in the history of the shell and in the list of processes. */
async function bareToken(
  file: string | undefined,
  { tokenEnv, tokenStdin, refreshTokenEnv, refreshTokenStdin }: ImportOptions,
  deps: Deps,
): Promise<ReadAccounts | undefined> {
  const forAccess = [tokenEnv, tokenStdin].filter((way) => way !== undefined).length
  const forRefresh = [refreshTokenEnv, refreshTokenStdin].filter((way) => way !== undefined).length
  if (forAccess + forRefresh === 0) return undefined
  if (file !== undefined) throw new CommandError('name a file or a token, not both', 2)
  if (forAccess > 1 || forRefresh > 1 || (tokenStdin && refreshTokenStdin)) {
    throw new CommandError('name each token in one way, and at most one of them on standard input', 2)
  }
  const written = async (env: string | undefined, stdin: boolean | undefined): Promise<string | undefined> =>
    env !== undefined ? variable(env, deps) : stdin ? (await text(deps.stdin)).trim() : undefined
  const token = await written(tokenEnv, tokenStdin)
  const refreshToken = await written(refreshTokenEnv, refreshTokenStdin)
  const { readAccountFile } = await import('../accounts/transfer/index.js')
  return readAccountFile(JSON.stringify({ token, refreshToken }))
}

async function contentOf(path: string, deps: Deps): Promise<Uint8Array> {
  const { isSqlite, MOST_BYTES, withItsLog } = await import('../accounts/transfer/index.js')
  if (path === '-') {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of deps.stdin as AsyncIterable<Buffer | string>) {
      const bytes = Buffer.from(chunk)
      chunks.push(bytes)
      size += bytes.length
      if (size > MOST_BYTES)
        throw new CommandError('what comes on standard input is too large to be a file of accounts')
    }
    return Buffer.concat(chunks)
  }
  const content = readFileSync(path)
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return isSqlite(content) && (log?.size ?? 0) > 0 ? withItsLog(path) : content
}

function labelled(drafts: readonly AccountDraft[], label: string | undefined): readonly AccountDraft[] {
  if (label === undefined) return drafts
  if (drafts.length > 1) throw new CommandError(`--label names one account; there are ${drafts.length}`, 2)
  return drafts.map((draft) => ({ ...draft, label }))
}

function lineOf({ place, message }: FileProblem): string {
  return plainText(place === '' ? message : `${place}: ${message}`)
}

async function importDrafts(
  drafts: readonly AccountDraft[],
  problems: readonly FileProblem[],
  options: ImportOptions,
  deps: Deps,
): Promise<void> {
  const dryRun = options.dryRun === true
  const isOne = drafts.length === 1 && problems.length === 0
  if (!options.json) for (const problem of problems) deps.err(`${lineOf(problem)}\n`)
  const entries = await inRoom(deps, (room) =>
    importIn(room, drafts, dryRun, (entry) => {
      if (!options.json && !isOne) deps.out(`${wordOf(entry, dryRun).padEnd(12)}  ${entryText(entry)}\n`)
    }),
  )
  const count = (outcome: ImportedAccount['outcome']): number =>
    entries.filter((entry) => entry.outcome === outcome).length
  const counts = {
    added: count('added'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    unknown: count('unknown'),
    failed: count('failed') + problems.length,
  }
  const [one] = entries
  if (options.json) {
    const single = isOne && one !== undefined ? { outcome: one.outcome, account: await viewOf(one.id, deps) } : {}
    deps.out(`${JSON.stringify({ ...single, dryRun, ...counts, entries, problems })}\n`)
  } else if (isOne && one !== undefined) tellOne(one, dryRun, deps)
  else deps.out(`${sumOf(counts, dryRun)}\n`)
  if (counts.failed === 0) return
  const rest = drafts.length > count('failed') && !dryRun ? '; the others were' : ''
  throw new CommandError(`${counts.failed} could not be taken${options.json ? '' : ', see above'}${rest}`)
}

async function importIn(
  room: Room,
  drafts: readonly AccountDraft[],
  dryRun: boolean,
  tell: (entry: ImportedAccount) => void,
): Promise<ImportedAccount[]> {
  const { importAccounts } = await import('../accounts/transfer/index.js')
  // Nobody asks this pool: it need not read all accounts again after each.
  await room.accounts.close()
  return importAccounts(
    drafts,
    {
      store: room.store,
      http: room.transport.request,
      auth: authOf(room.config),
      allowedPrivateHosts: room.config.upstream.allowed_private_hosts,
    },
    { dryRun, onProgress: ({ entry }) => tell(entry) },
  )
}

/** As it is when the pool has read it. */
function viewOf(id: string | undefined, deps: Deps): Promise<unknown> {
  return inRoom(deps, (room) => Promise.resolve(id === undefined ? undefined : room.accounts.get(id)))
}

function tellOne(entry: ImportedAccount, dryRun: boolean, deps: Deps): void {
  const { outcome, message } = entry
  const remark = message === undefined ? '' : plainText(message)
  if (outcome === 'failed')
    throw new CommandError(`${entry.name === undefined ? '' : `${plainText(entry.name)}: `}${remark}`)
  if (dryRun || outcome === 'unknown') return deps.out(`${wordOf(entry, dryRun)}  ${entryText(entry)}\n`)
  deps.out(`${SAID[outcome]} ${plainText(entry.name ?? '')} (${entry.id ?? ''}).\n`)
  if (remark !== '') deps.err(`remark: ${remark}\n`)
}

function wordOf({ outcome }: ImportedAccount, dryRun: boolean): string {
  switch (outcome) {
    case 'added':
      return dryRun ? 'would add' : 'added'
    case 'updated':
      return dryRun ? 'would update' : 'updated'
    case 'unchanged':
      return 'unchanged'
    case 'failed':
      return dryRun ? 'cannot' : 'failed'
    case 'unknown':
      return 'not known'
    default:
      return outcome satisfies never
  }
}

function entryText({ place, name, id, message }: ImportedAccount): string {
  const who = [name, id === undefined ? undefined : `(${id})`].filter((word) => word !== undefined).join(' ')
  return plainText([place, who, message].filter((word) => word !== undefined && word !== '').join(': '))
}

interface Counts {
  added: number
  updated: number
  unchanged: number
  unknown: number
}

function sumOf({ added, updated, unchanged, unknown }: Counts, dryRun: boolean): string {
  const sum = `${added} added, ${updated} updated, ${unchanged} unchanged`
  return dryRun ? `Would be: ${sum}${unknown === 0 ? '' : `, ${unknown} not known`}.` : `${sum}.`
}

interface ExportOptions extends PassphraseOptions {
  format: string
  group?: string
  output?: string
  plain?: boolean
}

async function exportTo(named: readonly string[], options: ExportOptions, deps: Deps): Promise<void> {
  const { canBeSealed, exportAccounts, EXPORT_FORMATS, isExportFormat, TransferError } =
    await import('../accounts/transfer/index.js')
  const { format } = options
  if (!isExportFormat(format)) throw new CommandError(`--format is one of ${EXPORT_FORMATS.join(', ')}`, 2)
  const passphrase = await passphraseFrom(options, deps)
  if ((passphrase === undefined) !== (options.plain === true)) {
    const how = canBeSealed(format)
      ? 'name a passphrase with --passphrase-env or --passphrase-stdin, or say --plain'
      : `a file of the form ${format} cannot be sealed, so say --plain alone`
    throw new CommandError(`the file holds your logins: ${how}`, 2)
  }
  const { text, count, problems } = await inRoom(deps, async (room) => {
    const all = named.length === 0 && options.group === undefined
    const choice = { ...(all ? { all } : {}), ...(options.group === undefined ? {} : { group: options.group }) }
    const ids = chosenAccounts(room.accounts, named, choice).map(({ id }) => id)
    if (ids.length === 0) throw new CommandError('there is no account yet; sign in: dragoman login')
    try {
      const protection = passphrase === undefined ? 'plain' : { passphrase }
      // Whoever runs this holds the data folder and its key.
      return await exportAccounts({ ids, format, authorisedBy: 'data_folder', protection }, { store: room.store })
    } catch (cause) {
      if (cause instanceof TransferError) throw new CommandError(cause.message, 1, { cause })
      throw cause
    }
  })
  if (options.output === undefined) deps.out(text)
  else save(options.output, text)
  for (const problem of problems) deps.err(`remark: ${lineOf(problem)}\n`)
  if (options.plain) {
    deps.err('remark: the logins stand in it for everybody to read; keep it safe and remove it soon\n')
  }
  if (options.output !== undefined) deps.out(`Wrote ${count} account${count === 1 ? '' : 's'} to ${options.output}.\n`)
}
