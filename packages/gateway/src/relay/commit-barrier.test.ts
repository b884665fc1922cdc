import type { PivotEvent } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { commitBarrier } from './commit-barrier.js'

const response = { id: 'resp_1', output: [] }
const created: PivotEvent = { type: 'response.created', response }
const delta: PivotEvent = {
  type: 'response.output_text.delta',
  item_id: 'm',
  output_index: 0,
  content_index: 0,
  escaped: 'x',
}
const failed: PivotEvent = { type: 'response.failed', response }
const completed: PivotEvent = { type: 'response.completed', response }

describe('the commit barrier', () => {
  test('holds the handshake back and releases it with the first output', () => {
    const barrier = commitBarrier()
    barrier.sent()
    expect(barrier.pass([created])).toEqual([])
    expect(barrier.phase).toBe('sent')
    expect(barrier.pass([delta])).toEqual([created, delta])
    expect(barrier.phase).toBe('committed')
    expect(barrier.pass([completed])).toEqual([completed])
  })

  test('forgets what a failed attempt had said', () => {
    const barrier = commitBarrier()
    barrier.pass([created])
    barrier.pass([failed])
    expect(barrier.phase).not.toBe('committed')
    barrier.reset()
    expect(barrier.pass([delta])).toEqual([delta])
  })

  test('an answer without output commits by its end', () => {
    const barrier = commitBarrier()
    barrier.pass([created])
    expect(barrier.pass([completed])).toEqual([created, completed])
  })

  test('a heartbeat commits, and nothing starts again after that', () => {
    const barrier = commitBarrier()
    barrier.pass([created])
    expect(barrier.force()).toEqual([created])
    expect(() => barrier.reset()).toThrow()
  })
})
