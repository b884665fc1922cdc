import { FailureError } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { createHelperRefresher, runRefreshHelper } from './refresh-process.js'
import type { HelperOptions, Refresher } from './refresh-process.js'

const order = { accountId: 'acc_1', generation: 3, reason: 'forced' } as const

function helper(change: Partial<HelperOptions>): { refresher: Refresher; fellBack: () => number } {
  let count = 0
  const refresher = createHelperRefresher({
    home: '/nowhere',
    auth: { issuer: 'https://login.test', client_id: 'app' },
    command: [],
    otherwise: {
      refresh: () => {
        count += 1
        return Promise.resolve({ kind: 'moved' })
      },
      close: () => Promise.resolve(),
    },
    ...change,
  })
  return { refresher, fellBack: () => count }
}

/** A helper that runs this code; what it is given stands in `process.argv` and `process.env`. */
const script = (code: string) => ({ command: ['-e', code, '--'] })

describe('the refresh helper', () => {
  test('is given the order, and its last line is the outcome', async () => {
    const code = `
      const [id, generation, reason] = process.argv.slice(1)
      console.log('noise')
      console.log(JSON.stringify({ kind: 'failed', message: [id, generation, reason, process.env.DRAGOMAN_SECRET_KEY].join(' ') }))`
    const { refresher } = helper({ ...script(code), secretKey: 'k' })
    expect(await refresher.refresh(order)).toEqual({ kind: 'failed', message: 'acc_1 3 forced k' })
  })

  test('keeps the key out of its arguments and its setup', async () => {
    const code = `
      const { DRAGOMAN_SECRET_KEY, ...rest } = process.env
      console.log(JSON.stringify({ kind: 'failed', message: JSON.stringify([process.argv, rest]) }))`
    const { refresher } = helper({ ...script(code), secretKey: 'canary-key', env: {} })
    expect(JSON.stringify(await refresher.refresh(order))).not.toContain('canary-key')
  })

  test('is handed the way out of that account', async () => {
    const code = `console.log(JSON.stringify({ kind: 'failed', message: process.env.WAY_OUT }))`
    const { refresher } = helper({ ...script(code), egress: (id) => ({ WAY_OUT: `that of ${id}` }) })
    expect(await refresher.refresh(order)).toEqual({ kind: 'failed', message: 'that of acc_1' })
  })

  test('is not started when that account has no way out', async () => {
    const { refresher, fellBack } = helper({
      ...script('console.log(JSON.stringify({ kind: "refreshed" }))'),
      egress() {
        throw new FailureError({
          kind: 'unreachable',
          scope: 'proxy',
          phase: 'unsent',
          retry: 'other',
          message: 'the proxy Berlin is down',
        })
      },
    })
    expect(await refresher.refresh(order)).toEqual({ kind: 'failed', message: 'the proxy Berlin is down' })
    expect(fellBack()).toBe(0)
  })

  test.each<[string, Partial<HelperOptions>]>([
    ['cannot be started', { execPath: '/no/such/program' }],
    ['dies without a word', script('process.exit(1)')],
    ['talks nonsense', script('console.log("[]")')],
  ])('that %s is replaced by this process', async (_, change) => {
    const { refresher, fellBack } = helper(change)
    expect(await refresher.refresh(order)).toEqual({ kind: 'moved' })
    expect(fellBack()).toBe(1)
  })

  test('outlives a gateway that stops, which does not wait for it', async () => {
    const { refresher, fellBack } = helper(script('setTimeout(() => console.log("{}"), 1000)'))
    const waiting = refresher.refresh(order)
    await refresher.close()
    expect(await waiting).toMatchObject({ kind: 'failed' })
    expect(await refresher.refresh(order)).toMatchObject({ kind: 'failed' })
    expect(fellBack()).toBe(0)
  })

  test.each([[[]], [['acc_1', '1', 'for fun']], [['acc_1', '1', 'forced']]])(
    'refuses to run on %j without a whole setup',
    async (argv) => {
      const http = () => Promise.reject(new Error('not to be called'))
      expect(await runRefreshHelper({ argv, env: { DRAGOMAN_REFRESH_SETUP: '{}' }, http })).toBe(2)
    },
  )
})
