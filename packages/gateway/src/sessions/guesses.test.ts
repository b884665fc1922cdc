import { describe, expect, test } from 'vitest'
import { createGuesses, sourceOf } from './guesses.js'

function atTimes() {
  let time = 1_000_000
  return { now: () => time, pass: (ms: number) => (time += ms) }
}

describe('guessing', () => {
  test('a person who mistypes is not held up', () => {
    const { now, pass } = atTimes()
    const guesses = createGuesses({ now })
    for (let n = 0; n < 3; n++) {
      expect(guesses.begin('a')).toBe(0)
      pass(2_000)
    }
  })

  test.each([1, 1000])('a thousand guesses from %i sources: at most 20 are checked in any minute', (sources) => {
    const { now, pass } = atTimes()
    const guesses = createGuesses({ now })
    const checked: number[] = []
    for (let n = 0; n < 1000; n++) {
      for (let burst = 0; burst < 5; burst++) if (guesses.begin(`s${n % sources}`) === 0) checked.push(now())
      pass(180)
    }
    for (const from of checked) {
      expect(checked.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(20)
    }
    expect(checked.length).toBeGreaterThan(5)
  })

  test('each failure doubles the wait of its source, up to five minutes', () => {
    const { now, pass } = atTimes()
    const guesses = createGuesses({ now })
    const waits: number[] = []
    for (let n = 0; n < 14; n++) {
      const wait = guesses.waits('a')
      waits.push(wait)
      pass(wait)
      expect(guesses.begin('a')).toBe(0)
    }
    expect(waits.slice(0, 7)).toEqual([0, 0, 0, 1000, 2000, 4000, 8000])
    expect(Math.max(...waits)).toBe(300_000)
  })

  test('who was right is forgiven, and so is who was quiet for long', () => {
    const { now, pass } = atTimes()
    const guesses = createGuesses({ now })
    for (let n = 0; n < 4; n++) guesses.wasWrong('a')
    expect(guesses.waits('a')).toBeGreaterThan(0)
    guesses.wasRight('a')
    expect(guesses.waits('a')).toBe(0)
    for (let n = 0; n < 9; n++) guesses.wasWrong('a')
    pass(31 * 60_000)
    expect(guesses.waits('a')).toBe(0)
  })

  test('a source that waits holds up nobody else, unless everybody guesses', () => {
    const { now } = atTimes()
    const guesses = createGuesses({ now })
    for (let n = 0; n < 4; n++) guesses.wasWrong('a')
    expect(guesses.waits('a')).toBeGreaterThan(0)
    expect(guesses.waits('b')).toBe(0)
    for (let n = 0; n < 10; n++) guesses.wasWrong(`s${n}`)
    expect(guesses.waits('b')).toBeGreaterThan(0)
  })

  test('what a refused try costs is nothing: it does not make the wait longer', () => {
    const { now } = atTimes()
    const guesses = createGuesses({ now })
    for (let n = 0; n < 4; n++) guesses.wasWrong('a')
    const wait = guesses.waits('a')
    for (let n = 0; n < 50; n++) expect(guesses.begin('a')).toBe(wait)
  })

  test('only the last ten thousand sources are remembered', () => {
    const { now, pass } = atTimes()
    const guesses = createGuesses({ now })
    for (let n = 0; n < 8; n++) guesses.wasWrong('first')
    // Everybody together waits for five seconds at most; what is left is the source's own.
    pass(6_000)
    expect(guesses.waits('first')).toBeGreaterThan(0)
    for (let n = 0; n < 10_000; n++) guesses.wasWrong(`s${n}`)
    pass(6_000)
    expect(guesses.waits('first')).toBe(0)
  })

  test('a clock that is set back makes nobody wait for longer than the delay', () => {
    const { now, pass } = atTimes()
    const guesses = createGuesses({ now })
    for (let n = 0; n < 4; n++) guesses.wasWrong('a')
    pass(-900_000)
    expect(guesses.waits('a')).toBe(2_000)
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('a guess from %s is held against %s', (address, source) => {
  expect(sourceOf(address)).toBe(source)
})
