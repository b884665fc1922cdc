import type { PivotItem, PivotRequest } from '@dragoman/protocol'
import { expect, test } from 'vitest'
import { createToldItems } from './told-items.js'

const call: PivotItem = { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{}' }
const refer = (id: string): PivotRequest => ({
  model: 'm',
  input: [
    { type: 'message', role: 'user', content: 'x' },
    { type: 'item_reference', id },
  ],
})

test('a reference is the item that was told to the same key', () => {
  const told = createToldItems(1000)
  told.keep('k', call)
  expect(told.resolve('k', refer('fc_1'))).toMatchObject({ request: { input: [{ type: 'message' }, call] } })
  expect(told.resolve('other', refer('fc_1'))).toMatchObject({ code: 'item_not_found', pointer: '/input/1/id' })
  const plain: PivotRequest = { model: 'm', input: [call] }
  expect(told.resolve('k', plain)).toHaveProperty('request', plain)
})

test('the oldest go when there are too many', () => {
  const told = createToldItems(400)
  for (let n = 0; n < 10; n++) told.keep('k', { ...call, id: `fc_${n}` })
  expect(told.resolve('k', refer('fc_0'))).toHaveProperty('kind', 'invalid_request')
  expect(told.resolve('k', refer('fc_9'))).toHaveProperty('request')
})
