import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Annotation, MessageItem, PivotItem } from '../../pivot/index.js'
import { groundingOf, searchOf } from './grounding.js'

const search = (action: object): PivotItem => ({ type: 'web_search_call', action: { type: 'search', ...action } })
const message = (text: string, annotations: Annotation[] = []): MessageItem => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations }],
})
const cite = (url: string, start_index: number, end_index: number): Annotation => ({
  type: 'url_citation',
  url,
  title: url.toUpperCase(),
  start_index,
  end_index,
})

describe('what an answer found, as Gemini tells it', () => {
  test.each<[string, PivotItem[]]>([
    ['no search', [message('x')]],
    ['citations of other kinds', [message('x', [{ type: 'file_citation', file_id: 'f' }])]],
    ['a search that says nothing', [search({})]],
  ])('%s is none', (_, output) => {
    expect(groundingOf(output)).toBeUndefined()
  })

  test('queries of one search and of several', () => {
    expect(groundingOf([search({ query: 'a' }), search({ queries: ['b', 'c', 7] }), message('x')])).toEqual({
      webSearchQueries: ['a', 'b', 'c'],
      groundingChunks: [],
      groundingSupports: [],
    })
  })

  test('sources are told where nothing is cited, each once', () => {
    const sources = [{ type: 'url', url: 'a', title: 'A' }, { url: 'b' }, { url: 'a', title: 'A' }, { api: 'x' }, null]
    expect(groundingOf([search({ query: 'q', sources })])?.['groundingChunks']).toEqual([
      { web: { uri: 'a', title: 'A' } },
      { web: { uri: 'b', title: 'b' } },
    ])
    expect(
      groundingOf([search({ query: 'q', sources }), message('xy', [cite('c', 0, 1)])])?.['groundingChunks'],
    ).toEqual([{ web: { uri: 'c', title: 'C' } }])
  })

  test('places beyond the text end with it', () => {
    expect(groundingOf([message('éx', [cite('a', -3, 99), { type: 'url_citation', url: 'b' }])])).toEqual({
      groundingChunks: [{ web: { uri: 'a', title: 'A' } }, { web: { uri: 'b', title: 'b' } }],
      groundingSupports: [
        { segment: { endIndex: 3, text: 'éx' }, groundingChunkIndices: [0] },
        { segment: { endIndex: 3, text: 'éx' }, groundingChunkIndices: [1] },
      ],
    })
  })

  test('comes back as the same citations, whatever the text is', () => {
    const unit = fc.constantFrom('a', ' ', 'é', '雨', '🌧', '\n')
    const text = fc.array(unit, { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('a', 'b'))), (units, picks) => {
        const at = (pick: number) => units.slice(0, pick % (units.length + 1)).join('').length
        const citations = picks
          .map(([from, to, url]) => cite(url, Math.min(at(from), at(to)), Math.max(at(from), at(to))))
          .filter(({ start_index = 0, end_index = 0 }) => start_index < end_index)
        const words = units.join('')
        const found = searchOf(groundingOf([search({ query: 'q' }), message(words, citations)]), words)
        expect(found?.citations).toEqual(citations)
      }),
    )
  })
})
