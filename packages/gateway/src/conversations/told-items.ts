import { safeText, type Failure, type PivotItem, type PivotRequest } from '@dragoman/protocol'
import { LRUCache } from 'lru-cache'

/**
 * The output items of recent responses, by key and id, in memory. Clients that leave `store` on send `item_reference` with the next
 * turn in the place of what they were told (the AI SDK does by default), and an upstream that stores nothing cannot look it up.
 */
export interface ToldItems {
  keep(keyId: string, item: PivotItem): void
  /** The request with every reference replaced by its item; the same object when it has none. A reference to nothing is a failure. */
  resolve(keyId: string, request: PivotRequest): { request: PivotRequest } | Failure
}

/** @param bytes all items together, characters of their JSON */
export function createToldItems(bytes: number): ToldItems {
  const items = new LRUCache<string, { item: PivotItem; size: number }>({
    maxSize: bytes,
    sizeCalculation: ({ size }) => size,
  })

  return {
    keep(keyId, item) {
      if (item.id === undefined || item.id === '') return
      items.set(`${keyId} ${item.id}`, { item, size: JSON.stringify(item).length })
    },
    resolve(keyId, request) {
      if (!request.input.some(({ type }) => type === 'item_reference')) return { request }
      const input: PivotItem[] = []
      for (const [at, item] of request.input.entries()) {
        if (item.type !== 'item_reference') {
          input.push(item)
          continue
        }
        const known = items.get(`${keyId} ${String(item.id)}`)
        if (known === undefined) return unknownItem(at, item.id)
        input.push(known.item)
      }
      return { request: { ...request, input } }
    },
  }
}

function unknownItem(at: number, id: unknown): Failure {
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'item_not_found',
    pointer: `/input/${at}/id`,
    message: safeText(
      `no item ${JSON.stringify(id)} is remembered; send the item itself, or store: false so that your client does`,
    ),
  }
}
