import { describe, expect, test } from 'vitest'
import { emptyTally, GRAIN_MS } from '../store/index.js'
import { csv } from './csv.js'
import { alignedSeries, hoursOfWeek, startOfDay, usageFields } from './report.js'
import { percentile, stepOf } from './times.js'

describe('times', () => {
  test.each([
    [0, 0],
    [31.9, 0],
    [32, 1],
    [63, 1],
    [64, 2],
    [1_000, 5],
    [1e12, 15],
    [Number.NaN, 0],
  ])('%d ms are of step %d', (ms, step) => {
    expect(stepOf(ms)).toBe(step)
  })

  test('a percentile lies in the step of its time', () => {
    const steps = emptyTally().ttftSteps
    expect(percentile(steps, 0.5)).toBeUndefined()
    for (const ms of [40, 700, 800, 900, 60_000]) steps[stepOf(ms)]! += 1
    expect(percentile(steps, 0.5)).toBeGreaterThanOrEqual(512)
    expect(percentile(steps, 0.5)).toBeLessThanOrEqual(1024)
    expect(percentile(steps, 0.99)).toBeGreaterThan(32_768)
  })

  test('of nothing there is no time', () => {
    expect(usageFields(emptyTally())).toMatchObject({ ttft_avg_ms: null, duration_p95_ms: null })
  })
})

describe('CSV', () => {
  test('as RFC 4180 says', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['say "hi"', 1.5],
          ['x,\r\ny', null],
        ],
      ),
    ).toBe('a,b\r\n"say ""hi""",1.5\r\n"x,\r\ny",\r\n')
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\uff1d1'])('no name is a formula: %j', (name) => {
    expect(csv(['a'], [[name]])).toMatch(/^a\r\n"?'/)
  })

  test('numbers stay numbers', () => {
    expect(csv(['a'], [[-1]])).toBe('a\r\n-1\r\n')
  })
})

test('series have a value for every step, and one line for the small ones', () => {
  const at = (hour: number) => hour * GRAIN_MS.hour
  const point = (hour: number, group: string, requests: number) => ({
    at: at(hour),
    group,
    tally: { ...emptyTally(), requests },
  })
  const points = [point(1, 'a', 5), point(1, 'b', 1), point(3, 'a', 1), point(3, 'c', 2)]
  const told = alignedSeries(points, { grain: 'hour', from: at(1) + 5, to: at(4), groups: 1 })
  expect(told.at).toEqual([at(1), at(2), at(3)])
  expect(told.series.map(({ group, tallies }) => [group, tallies.map(({ requests }) => requests)])).toEqual([
    ['a', [5, 0, 1]],
    ['(other)', [1, 0, 2]],
  ])
})

test('hours of a week are those of the clocks of a time zone', () => {
  const point = (at: number) => ({ at, group: '', tally: { ...emptyTally(), requests: 1 } })
  // A Saturday evening in UTC is a Sunday morning in Tokyo, and half an hour further in Kolkata than whole hours say.
  const points = [point(Date.UTC(2026, 0, 3, 20)), point(Date.UTC(2026, 0, 3, 20, 30))]
  const cells = (zone: string) =>
    hoursOfWeek(points, zone).flatMap((day, n) =>
      day.flatMap(({ requests }, hour) => (requests === 0 ? [] : [[n, hour, requests]])),
    )
  expect(cells('UTC')).toEqual([[6, 20, 2]])
  expect(cells('Asia/Tokyo')).toEqual([[0, 5, 2]])
  expect(cells('Asia/Kolkata')).toEqual([
    [0, 1, 1],
    [0, 2, 1],
  ])
})

test.each([
  ['UTC', '2026-03-29T12:34:56.789Z', '2026-03-29T00:00:00.000Z'],
  ['Asia/Kolkata', '2026-03-29T20:00:00.000Z', '2026-03-29T18:30:00.000Z'],
  ['Europe/Berlin', '2026-03-29T00:30:00.000Z', '2026-03-28T23:00:00.000Z'],
  // The clocks were put forward at 01:00 UTC, and back on another day.
  ['Europe/Berlin', '2026-03-29T12:00:00.000Z', '2026-03-28T23:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25T12:00:00.000Z', '2026-10-24T22:00:00.000Z'],
])('a day in %s at %s began at %s', (zone, at, begun) => {
  expect(new Date(startOfDay(Date.parse(at), zone)).toISOString()).toBe(begun)
})
