import { sealWithPassphrase } from '../../store/index.js'
import type { Store } from '../../store/index.js'
import type { Quota } from '../quota/index.js'
import { carriedProxy } from './carried-proxy.js'
import { hasUsed } from './codex-proxy-entry.js'
import { authFile, codexAuth, codexProxy, minimal, sub2api } from './foreign-formats.js'
import type { OpenAccount } from './foreign-formats.js'
import type { OwnAccount } from './own-format.js'
import { OWN_TYPE, OWN_VERSION, TransferError } from './types.js'
import type { FileProblem } from './types.js'

export const EXPORT_FORMATS = ['full', 'minimal', 'codex_proxy', 'cockpit_tools', 'cpa', 'sub2api', 'codex'] as const
/** `full` is our own and loses nothing; the others are for other programs. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export function isExportFormat(text: string): text is ExportFormat {
  return EXPORT_FORMATS.some((one) => one === text)
}

/** Only we open what is sealed: the files of other programs are of use in the open alone. */
export function canBeSealed(format: ExportFormat): boolean {
  return format === 'full' || format === 'minimal'
}

export interface ExportOrder {
  /** Which accounts, ours; in this order. */
  ids: readonly string[]
  format: ExportFormat
  /**
   * How whoever asks has shown that they may have the tokens: by holding the data folder and its key, or by having signed in again for
   * this very export. Nobody else may be given one.
   */
  authorisedBy: 'data_folder' | 'fresh_sign_in'
  /** What opens the file, or `plain`: whoever gets it has the accounts. */
  protection: { passphrase: string } | 'plain'
}

export interface ExportRoom {
  store: Store
  now?: () => number
}

export interface ExportedAccounts {
  /** The file, with a line end. */
  text: string
  /** How many accounts it holds. */
  count: number
  /** What it does not hold, and why. The place is the account's id. */
  problems: readonly FileProblem[]
}

/**
 * Accounts as a file: everything that is known of them, so that `readAccountFile` and `importAccounts` make the same ones elsewhere, or
 * what another program reads.
 * @throws TransferError when there is no such account, or the form is not for it
 */
export async function exportAccounts(order: ExportOrder, room: ExportRoom): Promise<ExportedAccounts> {
  const { ids, format, protection } = order
  if (protection !== 'plain' && !canBeSealed(format)) {
    const why = `a file of the form ${format} cannot be sealed, since only Dragoman could open it`
    throw new TransferError('not_possible', `${why}: export it in the open, or in the form full`)
  }
  const problems: FileProblem[] = []
  const states = await room.store.accounts.states()
  const accounts: OpenAccount[] = []
  for (const id of ids) accounts.push(await openAccount(room.store, id, states.get(id), problems))
  const now = (room.now ?? Date.now)()
  const written = inForm(accounts, format, now, problems)
  const about = { type: OWN_TYPE, version: OWN_VERSION }
  const file =
    protection === 'plain'
      ? written
      : { ...about, sealed: await sealWithPassphrase(JSON.stringify(written), protection.passphrase, OWN_TYPE) }
  const without = format === 'minimal' ? accounts.filter(({ own }) => own.refreshToken === undefined) : []
  return { text: `${JSON.stringify(file, null, 2)}\n`, count: accounts.length - without.length, problems }
}

function inForm(accounts: readonly OpenAccount[], format: ExportFormat, now: number, problems: FileProblem[]): unknown {
  switch (format) {
    case 'full':
      return { type: OWN_TYPE, version: OWN_VERSION, accounts: accounts.map(({ own }) => own) }
    case 'minimal':
      for (const { record, own } of accounts) {
        if (own.refreshToken !== undefined) continue
        problems.push({ place: record.id, message: 'it has no refresh token: this form cannot hold it' })
      }
      return minimal(accounts)
    case 'codex_proxy':
      return codexProxy(accounts)
    case 'cockpit_tools':
      return accounts.map(authFile)
    case 'cpa': {
      const [only, second] = accounts
      return only !== undefined && second === undefined ? authFile(only) : accounts.map(authFile)
    }
    case 'sub2api':
      return sub2api(accounts, now)
    case 'codex': {
      const [only, second] = accounts
      if (only === undefined || second !== undefined) {
        throw new TransferError('not_possible', 'an auth.json of the Codex CLI holds one account: name one')
      }
      if (only.own.refreshToken === undefined) {
        problems.push({
          place: only.record.id,
          message: 'it has no refresh token: it serves until its access token ends',
        })
      }
      return codexAuth(only)
    }
    default:
      return format satisfies never
  }
}

async function openAccount(
  store: Store,
  id: string,
  state: { health: string; quota?: string } | undefined,
  problems: FileProblem[],
): Promise<OpenAccount> {
  const found = await store.accounts.read(id)
  if (found === undefined) throw new TransferError('not_possible', `there is no account ${id}`)
  const { record, tokens } = found
  const quota = state?.quota === undefined ? undefined : (JSON.parse(state.quota) as Quota)
  const health = state === undefined ? undefined : (JSON.parse(state.health) as { status: string }).status
  const totals = await store.usage.totals({ accountId: id })
  const usage = hasUsed(totals) ? totals : undefined
  const cookies = record.hasCookies ? await store.accounts.cookies(id) : undefined
  const choice = store.proxies.pins().get(id)
  const way = choice === undefined ? undefined : carriedProxy(choice, store.proxies.list())
  if (way !== undefined && 'problem' in way) problems.push({ place: id, message: way.problem })
  const proxy = way !== undefined && 'proxy' in way ? way.proxy : undefined
  const own: OwnAccount = {
    token: tokens.accessToken.reveal(),
    refreshToken: tokens.refreshToken?.reveal(),
    idToken: tokens.idToken?.reveal(),
    accountId: record.chatgptAccountId,
    userId: record.userId,
    email: record.email,
    planType: record.plan,
    fedramp: record.fedramp,
    label: record.label,
    note: record.note,
    groups: [...record.groups],
    weight: record.weight,
    maxConcurrent: record.maxConcurrent,
    converge: record.converge,
    enabled: record.enabled,
    cookies: cookies === undefined ? undefined : { ...cookies },
    linkedTo: record.linked ? record.sourcePath : undefined,
    addedAt: record.createdAt,
    lastRefreshAt: record.lastRefreshAt,
    quota,
    usage,
    proxy: proxy?.way === 'proxy' ? { ...proxy, url: proxy.url?.reveal() } : proxy,
  }
  return {
    record,
    own,
    ...(quota === undefined ? {} : { quota }),
    ...(usage === undefined ? {} : { usage }),
    ...(health === undefined ? {} : { health }),
  }
}
