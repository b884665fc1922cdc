import { beforeEach, expect, test } from 'vitest'
import { connectionOwners, type ConnectionOwners, type ConnectionOwnersHouse } from './connection-owners.js'
import type { Way } from './transport/index.js'

let accounts: string[]
let keys: { id: string; updatedAt: number }[]
let ways: Record<string, Way | 'shut'>
let done: string[]
let owners: ConnectionOwners

const proxy: Way = { id: 'p', name: 'p', protocol: 'http', host: 'proxy.example', port: 3128 }

beforeEach(() => {
  accounts = ['a', 'b']
  keys = [{ id: 'k', updatedAt: 1 }]
  ways = {}
  done = []
  const note =
    (what: string) =>
    (id?: string): void =>
      void done.push(id === undefined ? what : `${what} ${id}`)
  owners = connectionOwners({
    accounts: { list: () => accounts.map((id) => ({ id })) },
    apiKeys: { list: () => keys },
    transport: { forget: note('forget') },
    cookies: { forget: note('no cookies of') },
    codex: { accountsChanged: note('accounts changed'), closeAccount: note('close sockets of') },
    proxies: {
      wayFor(owner: string) {
        const way = ways[owner] ?? 'direct'
        if (way === 'shut') throw new Error('shut')
        return way
      },
      unpin: (id: string) => Promise.resolve(done.push(`unpin ${id}`) > 0),
    },
    backend: () => new URL('https://backend.example'),
  } as unknown as ConnectionOwnersHouse)
})

test('an account that is gone leaves nothing behind', () => {
  accounts = ['b']
  owners.accountsChanged()
  expect(done).toEqual(['forget a', 'no cookies of a', 'unpin a', 'accounts changed'])
})

test('a key that is gone or changed gets new connections', () => {
  owners.apiKeysChanged()
  expect(done).toEqual([])
  keys = [{ id: 'k', updatedAt: 2 }]
  owners.apiKeysChanged()
  keys = []
  owners.apiKeysChanged()
  expect(done).toEqual(['forget k', 'forget k'])
})

test('sockets close when the way out is another, and only then', () => {
  owners.proxiesChanged()
  expect(done).toEqual([])
  ways = { a: proxy }
  owners.proxiesChanged()
  owners.proxiesChanged()
  ways = { a: 'shut' }
  owners.proxiesChanged()
  owners.proxiesChanged()
  expect(done).toEqual(['close sockets of a', 'close sockets of a'])
})
