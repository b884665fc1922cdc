import { describe, expect, test } from 'vitest'
import { readOwnerSettings, type WrittenSettings } from './owner-settings.js'

describe('what an owner may say of an account', () => {
  test.each<[WrittenSettings, object]>([
    [{}, {}],
    [{ label: ' work ' }, { label: 'work' }],
    [{ label: null }, { label: null }],
    [{ label: '' }, { label: null }],
    [{ label: 'x'.repeat(64) }, { label: 'x'.repeat(64) }],
    [{ note: '夜间 only' }, { note: '夜间 only' }],
    [{ groups: [] }, { groups: [] }],
    [{ groups: ['work', '夜间', 'work', 'a.b_c-d'] }, { groups: ['work', '夜间', 'a.b_c-d'] }],
    [{ weight: 0 }, { weight: 0 }],
    [{ weight: 0.5 }, { weight: 0.5 }],
    [{ maxConcurrent: null }, { maxConcurrent: null }],
    [{ maxConcurrent: 0 }, { maxConcurrent: 0 }],
    [{ converge: false }, { converge: false }],
    [
      { label: 'a', weight: 2, converge: true },
      { label: 'a', weight: 2, converge: true },
    ],
  ])('%j', (written, change) => {
    expect(readOwnerSettings(written)).toEqual(change)
  })

  test.each<[WrittenSettings, string, RegExp]>([
    [{ label: 7 }, 'label', /one line of at most 64 characters/],
    [{ label: 'x'.repeat(65) }, 'label', /at most 64/],
    [{ label: 'two\nlines' }, 'label', /one line/],
    [{ note: 'x'.repeat(2001) }, 'note', /at most 2000/],
    [{ groups: 'work' }, 'groups', /a list of names/],
    [{ groups: ['a b'] }, 'groups', /"a b" cannot be the name of a group/],
    [{ groups: ['a,b'] }, 'groups', /cannot be the name/],
    [{ groups: ['acc_1'] }, 'groups', /not beginning with acc_/],
    [{ groups: [7] }, 'groups', /what is no text/],
    [{ groups: Array.from({ length: 33 }, (_, n) => `g${n}`) }, 'groups', /at most 32/],
    [{ weight: -1 }, 'weight', /from 0 to 1000/],
    [{ weight: Number.NaN }, 'weight', /from 0 to 1000/],
    [{ weight: '2' }, 'weight', /from 0 to 1000/],
    [{ maxConcurrent: 1.5 }, 'maxConcurrent', /whole number up to 10000/],
    [{ maxConcurrent: -1 }, 'maxConcurrent', /whole number/],
    [{ converge: 'yes' }, 'converge', /on or off/],
  ])('refused: %j', (written, setting, why) => {
    expect(() => readOwnerSettings(written)).toThrow(
      expect.objectContaining({ setting, message: expect.stringMatching(why) as string }),
    )
  })
})
