import { describe, expect, test } from 'vitest'
import { retryBudget } from './retry-budget.js'

describe('the retry budget', () => {
  test('allows three retries even when there is hardly any traffic', () => {
    const budget = retryBudget(() => 0)
    budget.request()
    for (let n = 0; n < 3; n++) {
      expect(budget.left).toBe(true)
      budget.retry()
    }
    expect(budget.left).toBe(false)
  })

  test('allows one retry for five requests under load', () => {
    const budget = retryBudget(() => 0)
    for (let n = 0; n < 100; n++) budget.request()
    let retries = 0
    while (budget.left) {
      budget.retry()
      retries++
    }
    expect(retries).toBe(20)
  })

  test('forgets after ten seconds', () => {
    let now = 0
    const budget = retryBudget(() => now)
    while (budget.left) budget.retry()
    now = 9_000
    expect(budget.left).toBe(false)
    now = 10_000
    expect(budget.left).toBe(true)
  })

  test('forgets all after a long sleep', () => {
    let now = 0
    const budget = retryBudget(() => now)
    while (budget.left) budget.retry()
    now = 86_400_000
    expect(budget.left).toBe(true)
  })
})
