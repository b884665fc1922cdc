import type { KeyModelLists, KeyPool, KeyTest } from '../../providers/keys/index.js'
import type { ApiKeyRecord, ApiKeyRows, UsageRows } from '../../store/index.js'
import type { Transport } from '../../transport/index.js'

export interface ApiKeysHouse {
  rows: ApiKeyRows
  pool: Pick<KeyPool, 'states' | 'heal' | 'credential'>
  lists: KeyModelLists
  ask: Transport['request']
  /** Has a key answer one word. @throws Error in one line when there is nothing that could be asked */
  test(record: ApiKeyRecord, model?: string): Promise<KeyTest>
  usage: Pick<UsageRows, 'sums' | 'lastUse'>
  /** Books what is not booked yet. */
  flush(): Promise<void>
  proxies: { pins(): readonly { owner: string; choice: string; proxyName?: string }[]; unpin(owner: string): unknown }
  /** `upstream.allowed_private_hosts` */
  allowedPrivateHosts(): readonly string[]
  now?(): number
}
