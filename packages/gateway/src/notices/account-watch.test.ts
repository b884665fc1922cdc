import { expect, test } from 'vitest'
import type { Quota } from '../accounts/index.js'
import { createAccountWatch } from './account-watch.js'
import type { News } from './notice.js'

const NOW = Date.UTC(2026, 6, 1, 12)

function watch() {
  const told: News[] = []
  const { changed } = createAccountWatch({
    thresholds: () => ({ primary: [80, 90], secondary: [80, 90] }),
    tell: (news) => void told.push(news),
    now: () => NOW,
  })
  return { told, changed }
}

test('a change of state is told with its reason and its end', () => {
  const { told, changed } = watch()
  changed(
    'acc_1',
    { status: 'active' },
    { status: 'exhausted', reason: 'Its limit is reached.', until: NOW + 3_600_000 },
  )
  changed('acc_1', { status: 'exhausted' }, { status: 'active' })
  expect(told).toEqual([
    {
      type: 'account_state',
      accountId: 'acc_1',
      data: { from: 'active', to: 'exhausted', reason: 'Its limit is reached.', until: NOW + 3_600_000 },
    },
    { type: 'account_state', accountId: 'acc_1', data: { from: 'exhausted', to: 'active' } },
  ])
})

test('a short rest is not told, nor its end; a long one is', () => {
  const { told, changed } = watch()
  changed('acc_1', { status: 'active' }, { status: 'cooling', until: NOW + 30_000 })
  changed('acc_1', { status: 'cooling' }, { status: 'active' })
  expect(told).toEqual([])
  changed('acc_1', { status: 'active' }, { status: 'cooling', until: NOW + 300_000 })
  changed('acc_1', { status: 'cooling' }, { status: 'active' })
  expect(told.map(({ data }) => 'to' in data && data.to)).toEqual(['cooling', 'active'])
})

test('an account that needs a login is told as that alone', () => {
  const { told, changed } = watch()
  changed('acc_1', { status: 'active' }, { status: 'expired', reason: 'Its login was revoked: sign in again.' })
  expect(told).toEqual([
    { type: 'login_needed', accountId: 'acc_1', data: { reason: 'Its login was revoked: sign in again.' } },
  ])
})

test('what is learned of its quota is told when it crosses a threshold, and when a limit is gone', () => {
  const { told, changed } = watch()
  const quota = (usedPercent: number, reached = false): Quota => ({
    windows: {
      'codex/primary': {
        limit: 'codex',
        slot: 'primary',
        usedPercent,
        reached,
        resetAt: NOW + 3_600_000,
        source: 'header',
        at: NOW,
      },
    },
    at: NOW,
  })
  const low = quota(10)
  changed('acc_1', { status: 'active' }, { status: 'active', quota: low })
  changed('acc_1', { status: 'active', quota: low }, { status: 'active', quota: quota(100, true) })
  changed('acc_1', { status: 'active', quota: quota(100, true) }, { status: 'active', quota: low })
  expect(told.map(({ type, level }) => [type, level])).toEqual([
    ['quota_warning', 'critical'],
    ['quota_back', undefined],
  ])
})
