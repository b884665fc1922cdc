import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { createPlaygroundKeys, type PlaygroundKeys } from './playground.js'

let now = 0
let open: Set<string>
let keys: PlaygroundKeys
const hash = (key: string): string => createHash('sha256').update(key).digest('hex')

beforeEach(() => {
  now = 1_000
  open = new Set(['ses_1', 'ses_2'])
  keys = createPlaygroundKeys({ isOpen: (id) => open.has(id), now: () => now })
})

test('a key opens as the playground while its session is open', () => {
  const { key } = keys.make('ses_1')
  expect(keys.find(hash(key))).toEqual({ id: 'playground', name: 'playground' })
  open.delete('ses_1')
  expect(keys.find(hash(key))).toBeUndefined()
  open.add('ses_1')
  expect(keys.find(hash(key)), 'what is over stays over').toBeUndefined()
})

test('a key ends after an hour', () => {
  const { key, expiresAt } = keys.make(undefined)
  now = expiresAt - 1
  expect(keys.find(hash(key))).toBeDefined()
  now = expiresAt
  expect(keys.find(hash(key))).toBeUndefined()
})

test('a session that makes many keeps the newest', () => {
  const first = keys.make('ses_1').key
  const other = keys.make('ses_2').key
  const rest = Array.from({ length: 20 }, () => keys.make('ses_1').key)
  expect(keys.find(hash(first))).toBeUndefined()
  expect(keys.find(hash(other))).toBeDefined()
  expect(rest.every((key) => keys.find(hash(key)) !== undefined)).toBe(true)
})
