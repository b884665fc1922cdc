import type { Accounts } from './accounts/index.js'
import type { Notices } from './notices/index.js'
import type { KeyPool } from './providers/index.js'
import type { Live } from './server/index.js'
import type { Aggregate, Store } from './store/index.js'
import type { RequestRecords } from './telemetry/index.js'
import type { ProxyPool } from './transport/proxies/index.js'

export interface PublishHouse {
  keys: Pick<KeyPool, 'onHealth'>
  live: Pick<Live, 'publish'>
  accounts: Pick<Accounts, 'onState' | 'onChange'>
  records: Pick<RequestRecords, 'onAdd'>
  notices: Pick<Notices, 'onNotice'>
  proxies: Pick<ProxyPool, 'onTurn'>
  store: Pick<Store, 'watch'>
}

const TOPICS: Partial<Record<Aggregate, Parameters<Live['publish']>[0]>> = {
  accounts: 'accounts',
  client_keys: 'client-keys',
  api_keys: 'api-keys',
  proxies: 'proxies',
  model_lists: 'models',
}

/** Tells the pages that listen what happens, so that none has to ask again and again. */
export function publishNews({ keys, live, accounts, records, notices, proxies, store }: PublishHouse): void {
  accounts.onState(({ entry }) => live.publish('accounts', { id: entry.record.id }))
  keys.onHealth((id) => live.publish('api-keys', { id }))
  proxies.onTurn(({ name, state }) => live.publish('proxies', { name, state }))
  notices.onNotice((notice) => live.publish('events', notice))
  records.onAdd(({ failure, ...record }) =>
    live.publish('requests', {
      ...record,
      ...(failure === undefined ? {} : { failure: { kind: failure.kind, message: failure.message } }),
    }),
  )
  store.watch(({ aggregate }) => {
    const topic = TOPICS[aggregate]
    if (topic !== undefined) live.publish(topic, {})
  })
}
