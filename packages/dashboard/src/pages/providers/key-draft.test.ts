import { describe, expect, test } from 'vitest'
import { authorityOf, draftOfPreset, saidOf } from './key-draft.js'

describe('what a form says', () => {
  const draft = draftOfPreset('custom', undefined)

  test('leaves out what was not filled in, so that the gateway keeps or chooses it', () => {
    expect(saidOf(draft)).toEqual({ wire: 'chat', capabilities: ['chat'], label: null, weight: 1, models: 'all' })
  })

  test('reads headers line by line', () => {
    const said = saidOf({ ...draft, headers: 'X-Team: blue\n\nX-Link: https://a.example\nbroken' })
    expect(said.headers).toEqual({ 'X-Team': 'blue', 'X-Link': 'https://a.example', broken: '' })
  })

  test.each([
    ['http://127.0.0.1:11434/v1', '127.0.0.1:11434'],
    ['https://llm.example.com/v1', 'llm.example.com:443'],
    ['http://[::1]/v1', '[::1]:80'],
    ['llm.example.com', undefined],
  ])('%s is allowed as %s', (baseUrl, authority) => {
    expect(authorityOf(baseUrl)).toBe(authority)
  })
})
