import { fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../store/index.js'
import type { Store } from '../store/index.js'
import { createLeases, createProcessWatch } from './index.js'
import type { Life, ProcessWatch } from './index.js'

let home: string
let store: Store

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-leases-'))
  store = await openStore({ home })
})

afterEach(async () => {
  await store.close()
  await rm(home, { recursive: true })
})

const patient = { waitMs: 60_000, holdMs: 180_000 }
const impatient = { waitMs: 0, holdMs: 180_000 }

function processes(pid: number, life: Life): ProcessWatch {
  return { self: { pid, started: 's', boot: 'b', space: 'x' }, lifeOf: () => life }
}

describe('a lease', () => {
  test('has one holder, even within one process', async () => {
    const leases = createLeases({ rows: store.leases })
    const held = await leases.acquire('refresh:a', impatient)
    expect(await leases.acquire('refresh:a', impatient)).toBeUndefined()
    expect(await leases.acquire('refresh:b', impatient)).toBeDefined()
    await held!.release()
    const next = await leases.acquire('refresh:a', impatient)
    expect(next!.fencing).toBeGreaterThan(held!.fencing)
  })

  test('goes to those who wait, one at a time', async () => {
    const leases = createLeases({ rows: store.leases })
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const lease = await leases.acquire('x', patient)
        most = Math.max(most, (inside += 1))
        await new Promise(setImmediate)
        inside -= 1
        await lease!.release()
      }),
    )
    expect(most).toBe(1)
  })

  test('released late takes nothing from the next holder', async () => {
    const first = await createLeases({ rows: store.leases, processes: processes(1, 'alive') }).acquire('x', impatient)
    await createLeases({ rows: store.leases, processes: processes(2, 'dead') }).acquire('x', impatient)
    await first!.release()
    expect(
      await createLeases({ rows: store.leases, processes: processes(3, 'alive') }).acquire('x', impatient),
    ).toBeUndefined()
  })

  test.each([
    ['dead', 0, true],
    ['alive', 999_999_999, false],
    ['unknown', 179_999, false],
    ['unknown', 180_000, true],
  ] as const)('of a holder who is %s, %d ms later: free = %s', async (life, laterMs, free) => {
    await createLeases({ rows: store.leases, now: () => 0, processes: processes(1, 'alive') }).acquire('x', impatient)
    const other = createLeases({ rows: store.leases, now: () => laterMs, processes: processes(2, life) })
    expect((await other.acquire('x', impatient)) !== undefined).toBe(free)
  })
})

describe('a process', () => {
  test('is recognised while it lives, and by its start when its number is used again', () => {
    const { self, lifeOf } = createProcessWatch()
    expect(lifeOf(self)).toBe(process.platform === 'win32' ? 'unknown' : 'alive')
    expect(lifeOf({ ...self, boot: 'another' })).toBe(self.boot === '' ? 'alive' : 'dead')
    expect(lifeOf({ ...self, space: 'another' })).toBe('unknown')
    if (process.platform !== 'win32') expect(lifeOf({ ...self, started: 'earlier' })).toBe('dead')
  })

  test('that was killed is dead', async () => {
    const script = join(home, 'idle.mjs')
    await writeFile(script, 'process.send("up"); setInterval(() => {}, 1e6)')
    const child = fork(script)
    await once(child, 'message')
    const { self, lifeOf } = createProcessWatch()
    const other = { ...self, pid: child.pid!, started: '' }
    expect(lifeOf(other)).toBe('unknown')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(lifeOf(other)).toBe('dead')
  })
})
