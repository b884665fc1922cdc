import type { Accounts } from './accounts/index.js'
import type { Config } from './config/index.js'
import { createAccountWatch, newsOfRequest, type Notices } from './notices/index.js'
import type { RequestRecord, RequestRecords } from './telemetry/index.js'
import type { ProxyPool } from './transport/proxies/index.js'

export interface NewsHouse {
  config(): Config
  accounts: Pick<Accounts, 'onState' | 'onRefreshFailed' | 'cache'>
  proxies: Pick<ProxyPool, 'onTurn'>
  records: Pick<RequestRecords, 'onAdd'>
  notices: Notices
}

/** Tells the owner what becomes of accounts, of proxies and of conversations, and books what prompt caches saved. */
export function tellNews({ config, accounts, proxies, records, notices }: NewsHouse): void {
  const watch = createAccountWatch({
    thresholds: () => config().quota.warning_thresholds,
    tell: (news) => void notices.tell(news),
    now: Date.now,
  })
  accounts.onState(({ entry, before, after }) => watch.changed(entry.record.id, before, after))
  accounts.onRefreshFailed(({ accountId, reason, retryAt }) => {
    notices.tell({ type: 'refresh_failed', accountId, data: { reason: asSentence(reason), retryAt } })
  })
  proxies.onTurn((turn) => {
    if (turn.state === 'good') return
    notices.tell({ type: 'proxy_down', data: { proxy: turn.name, reason: asSentence(turn.reason) } })
  })
  records.onAdd((record) => {
    const cost = bookCache(accounts, record)
    for (const news of newsOfRequest(record)) {
      void notices.tell(
        news.type === 'conversation_moved' && cost !== undefined
          ? { ...news, data: { ...news.data, cachedTokensBefore: cost.before.cachedTokens } }
          : news,
      )
    }
  })
}

function asSentence(words: string): string {
  const end = /[.!?]$/.test(words) ? '' : '.'
  return words.slice(0, 1).toUpperCase() + words.slice(1) + end
}

function bookCache({ cache }: Pick<Accounts, 'cache'>, record: RequestRecord): ReturnType<Accounts['cache']['book']> {
  const { provider, chain, candidateId, usage, move } = record
  if (provider !== 'codex' || chain === undefined || candidateId === undefined || usage === undefined) return undefined
  return cache.book({
    chain,
    accountId: candidateId,
    inputTokens: usage.inputTokens,
    cachedTokens: usage.cachedTokens,
    ...(move === undefined ? {} : { movedFrom: { id: move.from, why: move.why } }),
  })
}
