import { expect, test } from 'vitest'
import { splitEvents } from './sse.js'

const STREAM = ': hb\n\nevent: a\ndata: {"n":1}\n\ndata: one\r\ndata: two\r\n\r\nid: 7\n\ndata: [DONE]\n\n'
const EVENTS = [{ event: 'a', data: '{"n":1}', json: { n: 1 } }, { data: 'one\ntwo' }, { data: '[DONE]' }]

test('a stream is the same events wherever its pieces end', () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const split = splitEvents()
    expect([...split(STREAM.slice(0, at)), ...split(STREAM.slice(at))], `cut at ${at}`).toEqual(EVENTS)
  }
  const split = splitEvents()
  expect([...STREAM].flatMap((letter) => split(letter))).toEqual(EVENTS)
})

test('what has not ended yet is not told', () => {
  expect(splitEvents()('data: {"n":1}\n')).toEqual([])
})
