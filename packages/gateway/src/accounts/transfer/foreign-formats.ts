import type { UsageTotals } from '../../store/index.js'
import type { Quota } from '../quota/index.js'
import { statusThere, writeCachedQuota, writeCounters } from './codex-proxy-entry.js'
import type { AccountRecord } from '../../store/index.js'
import type { OwnAccount } from './own-format.js'

/** One account with everything, its tokens readable. */
export interface OpenAccount {
  record: AccountRecord
  own: OwnAccount
  quota?: Quota
  usage?: UsageTotals
  /** The pool's word for its state. */
  health?: string
}

/** Source of all forms here: spec parity 3.9. */
export function minimal(accounts: readonly OpenAccount[]): unknown {
  return {
    accounts: accounts.flatMap(({ own: { refreshToken, label } }) =>
      refreshToken === undefined ? [] : [{ refreshToken, ...(label === undefined ? {} : { label }) }],
    ),
  }
}

/** As codex-proxy keeps them, so that it can start on it. */
export function codexProxy(accounts: readonly OpenAccount[]): unknown {
  return {
    accounts: accounts.map(({ record, own, quota, usage, health }) => ({
      id: record.id.replace(/^acc_/, ''),
      token: own.token,
      refreshToken: own.refreshToken ?? null,
      email: own.email ?? null,
      accountId: own.accountId,
      userId: own.userId ?? null,
      label: own.label ?? null,
      codexFingerprintMode: record.converge ? 'session' : 'off',
      planType: own.planType ?? null,
      // Its own key of each account; a new one is made when there is none.
      proxyApiKey: null,
      status: statusThere(record, health),
      addedAt: new Date(record.createdAt).toISOString(),
      cachedQuota: quota === undefined ? null : writeCachedQuota(quota, own.planType),
      quotaFetchedAt: quota === undefined ? null : new Date(quota.at).toISOString(),
      quotaVerifyRequired: false,
      usage: writeCounters(usage),
    })),
  }
}

/** Of CLIProxyAPI and Cockpit Tools. */
export function authFile({ record, own }: OpenAccount): unknown {
  return {
    access_token: own.token,
    ...(own.refreshToken === undefined ? {} : { refresh_token: own.refreshToken }),
    account_id: own.accountId,
    last_refresh: new Date(record.lastRefreshAt).toISOString(),
    ...(own.email === undefined ? {} : { email: own.email }),
    type: 'codex',
    ...(record.expiresAt === undefined ? {} : { expired: new Date(record.expiresAt).toISOString() }),
  }
}

export function sub2api(accounts: readonly OpenAccount[], now: number): unknown {
  return {
    exported_at: withoutMs(now),
    proxies: [],
    accounts: accounts.map(({ record, own, quota }) => {
      const used = quota?.windows['codex/primary']?.usedPercent
      return {
        name: own.label ?? own.email ?? own.accountId,
        platform: 'openai',
        type: 'oauth',
        credentials: {
          access_token: own.token,
          ...(own.refreshToken === undefined ? {} : { refresh_token: own.refreshToken }),
          ...(own.email === undefined ? {} : { email: own.email }),
          chatgpt_account_id: own.accountId,
          ...(own.userId === undefined ? {} : { chatgpt_user_id: own.userId }),
          ...(own.planType === undefined ? {} : { plan_type: own.planType }),
          ...(record.expiresAt === undefined ? {} : { expires_at: withoutMs(record.expiresAt) }),
          ...(used === undefined ? {} : { quota_remaining_percent: Math.max(0, 100 - used) }),
        },
        concurrency: 0,
        priority: 0,
      }
    }),
    type: 'sub2api-data',
    version: 1,
  }
}

/** The Codex CLI's auth.json. Source: spec upstream-codex 1.7. */
export function codexAuth({ record, own }: OpenAccount): unknown {
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      // The CLI reads its owner from it; the access token says the same.
      id_token: own.idToken ?? own.token,
      access_token: own.token,
      refresh_token: own.refreshToken ?? '',
      account_id: own.accountId,
    },
    last_refresh: new Date(record.lastRefreshAt).toISOString(),
  }
}

function withoutMs(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}
