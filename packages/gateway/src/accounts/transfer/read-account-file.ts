import { openWithPassphrase, StoreError } from '../../store/index.js'
import { holdsToken, readBareToken, readEntry } from './foreign-entry.js'
import type { Entry, ReadEntry } from './foreign-entry.js'
import { fieldsOf } from './object-fields.js'
import type { Fields } from './object-fields.js'
import { isOwnFile, readOwnFile, sealedOf, tooMany } from './own-format.js'
import { isSqlite, readSqlite } from './read-sqlite.js'
import { MOST_BYTES, MOST_ENTRIES, OWN_TYPE, TransferError } from './types.js'
import type { AccountDraft, AccountFileFormat, FileProblem, ReadAccounts } from './types.js'

export interface ReadAccountFileOptions {
  /** Opens a sealed file of ours. */
  passphrase?: string
}

/**
 * Reads a file of accounts of any form that is known (spec parity 3.8), without network: our own, sealed or plain; the Codex CLI's
 * auth.json; codex-proxy's JSON and SQLite files; those of codex-proapi, CLIProxyAPI, sub2api, Cockpit Tools and opencode; arrays,
 * JSON lines, one token a line.
 * @throws TransferError when the whole file cannot be read; what is wrong with single entries is among the problems
 */
export async function readAccountFile(
  content: string | Uint8Array,
  options: ReadAccountFileOptions = {},
): Promise<ReadAccounts> {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength
  if (size > MOST_BYTES) throw new TransferError('too_large', 'this is too large to be a file of accounts (64 MB)')
  if (typeof content !== 'string' && isSqlite(content)) return readDatabase(content)
  return readText(typeof content === 'string' ? content : textOf(content), options)
}

/** Is it a file that only a passphrase opens? False for what is no file of ours. */
export function isSealedAccountFile(content: string | Uint8Array): boolean {
  try {
    const value = parsed(typeof content === 'string' ? content : textOf(content))
    return isOwnFile(value) && fieldsOf(value)?.['sealed'] !== undefined
  } catch {
    return false
  }
}

function readDatabase(content: Uint8Array): ReadAccounts {
  const entries = readSqlite(content)
  if (entries.length > 0) return gathered(entries.map(readEntry))
  const message = 'this SQLite database holds no accounts that are known: give the accounts.sqlite of codex-proxy'
  return { drafts: [], problems: [{ place: '', message }] }
}

/** Editors and shells of Windows write UTF-16 with a mark at the front. */
function textOf(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw notText(cause)
  }
}

function notText(cause?: unknown): TransferError {
  return new TransferError('not_text', 'this is neither text nor a database', { cause })
}

async function readText(written: string, { passphrase }: ReadAccountFileOptions): Promise<ReadAccounts> {
  const text = written.replace(/^\uFEFF/, '').trim()
  if (text.includes('\0')) throw notText()
  const value = parsed(text)
  if (value === undefined) return readLines(text)
  if (!isOwnFile(value)) return readForeign(value)
  const sealed = sealedOf(value)
  if (sealed === undefined) return readOwnFile(value)
  if (passphrase === undefined) throw new TransferError('sealed', 'this file is sealed: its passphrase is needed')
  const opened = parsed(await open(sealed, passphrase))
  if (isOwnFile(opened) && sealedOf(opened) === undefined) return readOwnFile(opened)
  return readForeign(opened)
}

async function open(sealed: unknown, passphrase: string): Promise<string> {
  try {
    return await openWithPassphrase(sealed, passphrase, OWN_TYPE)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    throw new TransferError('wrong_passphrase', error.message, { cause: error })
  }
}

/** Undefined for what is no JSON. The parser's own message would repeat a piece of the text, and that may be a token. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function readForeign(value: unknown): ReadAccounts {
  const entries = entriesOf(value)
  if (entries.length > MOST_ENTRIES) throw tooMany()
  if (entries.length > 0) return gathered(entries.map(readEntry))
  return { drafts: [], problems: [{ place: '', message: 'there is no account in it: its list is empty' }] }
}

/** Takes a whole file apart into its entries. */
function entriesOf(value: unknown, prefix = '', format: AccountFileFormat = 'tokens'): Entry[] {
  if (Array.isArray(value)) return value.map((one: unknown, at) => ({ place: `${prefix}[${at}]`, value: one, format }))
  const fields = fieldsOf(value)
  if (fields === undefined) return [{ place: prefix, value, format }]
  const { accounts, data } = fields
  if (Array.isArray(accounts)) return entriesOf(accounts, prefixed(prefix, 'accounts'), isSub2api(fields, accounts))
  if (holdsToken(fields)) return [{ place: prefix, value, format }]
  const named = fieldsOf(accounts)
  if (named !== undefined) return entriesByName(named, prefixed(prefix, 'accounts'), format)
  // A body as it is sent to sub2api has its file in `data`.
  if (prefix === '' && (Array.isArray(data) || fieldsOf(data) !== undefined)) return entriesOf(data, 'data')
  if (isOpencode(fields)) return entriesByName(fields, prefix, 'opencode')
  if (Object.values(fields).some((one) => holdsToken(fieldsOf(one) ?? {})) && !('tokens' in fields)) {
    return entriesByName(fields, prefix, format)
  }
  return [{ place: prefix, value, format }]
}

function prefixed(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`
}

function entriesByName(fields: Fields, prefix: string, format: AccountFileFormat): Entry[] {
  return Object.entries(fields).map(([name, value]) => {
    // opencode files what it knows of a provider under the provider's name.
    const named = format === 'opencode' ? { provider: name, ...fieldsOf(value) } : value
    return { place: prefixed(prefix, placeName(name)), value: named, format }
  })
}

/** A name in a file is the file's own: it could be long, or a token. */
function placeName(name: string): string {
  return /^[\w@.-]{1,64}$/.test(name) && !/^(?:eyJ|rt_|sk-)/.test(name) ? name : '…'
}

/** Source: spec parity 3.8. */
function isSub2api(file: Fields, accounts: readonly unknown[]): AccountFileFormat {
  const isOne =
    file['type'] === 'sub2api-data' ||
    'proxies' in file ||
    accounts.some((one) => fieldsOf(fieldsOf(one)?.['credentials']) !== undefined)
  return isOne ? 'sub2api' : 'codex-proxy'
}

function isOpencode(fields: Fields): boolean {
  const kinds = Object.values(fields).map((one) => fieldsOf(one)?.['type'])
  return kinds.length > 0 && kinds.every((kind) => kind === 'oauth' || kind === 'api' || kind === 'wellknown')
}

/** JSON lines, bare tokens, or both. Empty lines and remarks (#) are nothing. */
function readLines(text: string): ReadAccounts {
  if (text === '') {
    const message =
      'this is no JSON object: give the auth.json of the Codex CLI, or another file of accounts; it is empty'
    return { drafts: [], problems: [{ place: '', message }] }
  }
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line, at) => ({ place: `line ${at + 1}`, line: line.trim() }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
  if (lines.length > MOST_ENTRIES) throw tooMany()
  const [first] = lines
  // One damaged file, not as many mistakes as it has lines.
  if (first !== undefined && /^[[{]/.test(first.line) && parsed(first.line) === undefined) {
    const message = 'this is no JSON object and no list: the file is damaged or cut off; copy it again'
    return { drafts: [], problems: [{ place: '', message }] }
  }
  return gathered(lines.flatMap(({ place, line }) => readLine(place, line)))
}

function readLine(place: string, line: string): ReadEntry[] {
  const value = parsed(line)
  const fields = fieldsOf(value)
  if (fields !== undefined || typeof value === 'string') {
    const entries = entriesOf(value)
    return entries.map((entry) => readEntry({ ...entry, place: `${place} ${entry.place}`.trim() }))
  }
  return [readBareToken(place, line)]
}

function gathered(read: readonly ReadEntry[]): ReadAccounts {
  const drafts: AccountDraft[] = []
  const problems: FileProblem[] = []
  if (read.length > MOST_ENTRIES) throw tooMany()
  for (const one of read) {
    if ('draft' in one) drafts.push(one.draft)
    else problems.push(one.problem)
  }
  return { drafts, problems }
}
