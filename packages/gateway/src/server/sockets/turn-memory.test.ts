import { expect, test } from 'vitest'
import { createTurnMemory, wholeRequest } from './turn-memory.js'

const user = { type: 'message', role: 'user', content: 'x' }

test('a frame as the request that it stands for', () => {
  const frame = { type: 'response.create', generate: false, model: 'm', input: [user] }
  expect(wholeRequest(frame, 50, () => undefined)).toEqual({
    body: { model: 'm', input: [user], stream: true },
    characters: 50,
  })
})

test.each<[unknown, number]>([
  [[user], 3],
  ['more', 3],
  [undefined, 2],
  [null, 2],
])('the conversation stands before what is new: %j', (input, length) => {
  const frame = { type: 'response.create', previous_response_id: 'r', input }
  const whole = wholeRequest(frame, 10, (id) => ({ responseId: id, items: [user, user], characters: 90 }))
  expect(whole).toMatchObject({ characters: 100 })
  expect('body' in whole && whole.body['input']).toHaveLength(length)
  expect('body' in whole && whole.body).not.toHaveProperty('previous_response_id')
})

test('a wrong input is left for the one who judges it', () => {
  const frame = { previous_response_id: 'r', input: 7 }
  expect(wholeRequest(frame, 10, (id) => ({ responseId: id, items: [user], characters: 1 }))).toMatchObject({
    body: { input: 7 },
  })
})

test.each([7, 'other'])('what is not remembered is not found: %j', (previous) => {
  expect(wholeRequest({ previous_response_id: previous }, 10, () => undefined)).toMatchObject({
    code: 'previous_response_not_found',
    pointer: '/previous_response_id',
  })
})

test('each connection has its newest response, and all together no more than they may', () => {
  const memory = createTurnMemory(250)
  const [a, b, c] = [{}, {}, {}]
  const response = (responseId: string, characters = 100) => ({ responseId, items: [user], characters })
  memory.keep(a, response('a1'), 1000)
  memory.keep(a, response('a2'), 1000)
  memory.keep(b, response('b1'), 1000)
  expect([memory.find(a, 'a1'), memory.find(a, 'a2')?.responseId]).toEqual([undefined, 'a2'])
  expect(memory.find(b, 'a2')).toBeUndefined()
  // Whoever was not heard of for the longest time is forgotten.
  memory.keep(c, response('c1'), 1000)
  expect(memory.find(a, 'a2')).toBeUndefined()
  expect([memory.find(b, 'b1')?.responseId, memory.find(c, 'c1')?.responseId]).toEqual(['b1', 'c1'])
  // One that has grown too large takes what stood before it along.
  memory.keep(c, response('c2', 99), 50)
  expect([memory.find(c, 'c1'), memory.find(c, 'c2')]).toEqual([undefined, undefined])
  memory.forget(b)
  expect(memory.find(b, 'b1')).toBeUndefined()
})
