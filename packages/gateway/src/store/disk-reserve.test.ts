import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDiskReserve } from './disk-reserve.js'

let home: string
const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-reserve-'))
})

afterEach(async () => {
  await rm(home, { recursive: true })
})

test('the reserve is real room, for its owner alone', () => {
  createDiskReserve(home).hold()
  const { size, mode, blocks } = statSync(join(home, 'reserve'))
  expect(size).toBe(1024 * 1024)
  expect(blocks * 512).toBeGreaterThanOrEqual(size)
  if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
})

test('a write on a full disk gets the room of the reserve', async () => {
  const reserve = createDiskReserve(home)
  reserve.hold()
  const written = await reserve.spendOn(() =>
    existsSync(join(home, 'reserve')) ? Promise.reject(full) : Promise.resolve('written'),
  )
  expect(written).toBe('written')
})

test('a write that fails for another reason keeps the reserve', async () => {
  const reserve = createDiskReserve(home)
  reserve.hold()
  await expect(reserve.spendOn(() => Promise.reject(new Error('constraint')))).rejects.toThrow('constraint')
  expect(existsSync(join(home, 'reserve'))).toBe(true)
})

test('without room nothing is spent', () => {
  expect(() => {
    createDiskReserve(join(home, 'no', 'such', 'folder')).hold()
  }).toThrow(expect.objectContaining({ code: 'disk_full' }) as Error)
})
