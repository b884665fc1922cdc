import type { Accounts } from './accounts/index.js'
import type { ErrorLog } from './error-log/index.js'
import type { Name, Notices } from './notices/index.js'
import type { KeyPool } from './providers/index.js'
import type { RequestLog } from './request-log/index.js'
import { requestView, runningView, type Live } from './server/index.js'
import type { Acts } from './sessions/index.js'
import type { Aggregate, Store } from './store/index.js'
import type { RequestRecords } from './telemetry/index.js'
import type { ProxyPool } from './transport/proxies/index.js'

export interface PublishHouse {
  keys: Pick<KeyPool, 'onHealth'>
  live: Pick<Live, 'publish'>
  accounts: Pick<Accounts, 'onState' | 'onChange'>
  records: Pick<RequestRecords, 'onBegin'>
  requestLog: Pick<RequestLog, 'onEntry'>
  errors: Pick<ErrorLog, 'onCount' | 'count'>
  /** How an account, an API key or a client key is called. */
  nameOf(id: string): Name | undefined
  notices: Pick<Notices, 'onNotice'>
  proxies: Pick<ProxyPool, 'onTurn'>
  store: Pick<Store, 'watch'>
  acts: Pick<Acts, 'onAct'>
}

const TOPICS: Partial<Record<Aggregate, Parameters<Live['publish']>[0]>> = {
  accounts: 'accounts',
  client_keys: 'client-keys',
  api_keys: 'api-keys',
  proxies: 'proxies',
  model_lists: 'models',
  admin_sessions: 'sessions',
}

/** Tells the pages that listen what happens, so that none has to ask again and again. */
export function publishNews(house: PublishHouse): void {
  const { keys, live, accounts, records, notices, proxies, store, acts, requestLog, errors, nameOf } = house
  accounts.onState(({ entry }) => live.publish('accounts', { id: entry.record.id }))
  keys.onHealth((id) => live.publish('api-keys', { id }))
  proxies.onTurn(({ name, state }) => live.publish('proxies', { name, state }))
  acts.onAct(() => live.publish('audit', {}))
  notices.onNotice((notice) => live.publish('events', notice))
  records.onBegin((record) =>
    live.publish('requests', {
      phase: 'started',
      id: record.id,
      at: record.at,
      model: record.model,
      entry: runningView(record, nameOf),
    }),
  )
  requestLog.onEntry((entry) => {
    const { failure, ...record } = entry.record
    live.publish('requests', {
      phase: 'finished',
      ...record,
      ...(failure === undefined ? {} : { failure: { kind: failure.kind, message: failure.message } }),
      entry: requestView(entry, nameOf),
    })
  })
  errors.onCount(() => {
    errors.count().then(
      (count) => live.publish('errors', count),
      // Whoever asks is told why.
      () => undefined,
    )
  })
  store.watch(({ aggregate }) => {
    const topic = TOPICS[aggregate]
    if (topic !== undefined) live.publish(topic, {})
  })
}
