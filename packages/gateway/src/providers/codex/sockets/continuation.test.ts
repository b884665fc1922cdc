import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedBy, isAnswer, knownItems } from './continuation.js'

type Item = Record<string, unknown>
const user = (text: string): Item => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const said = (text: string): Item => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
})
const thought = (encrypted: string): Item => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content: encrypted,
})
const call = (args = '{"a":1,"b":[true]}'): Item => ({
  type: 'function_call',
  id: 'fc_1',
  status: 'completed',
  call_id: 'c1',
  name: 'ls',
  arguments: args,
})
const result: Item = { type: 'function_call_output', call_id: 'c1', output: 'x' }

const body = (input: readonly Item[], changes: Item = {}): Item => ({
  model: 'gpt-5.5',
  instructions: 'be kind',
  tools: [{ type: 'function', name: 'ls' }],
  stream: true,
  store: false,
  input,
  ...changes,
})
/** How many items of the second request are known after the first was answered. */
function known(first: readonly Item[], output: readonly Item[], second: readonly Item[], changes: Item = {}) {
  const next = body(second, changes)
  return knownItems({ responseId: 'r', asked: askedBy(body(first)), output }, askedBy(next), second)
}

describe('what need not be sent again', () => {
  const first = [user('hi')]
  test.each<[string, readonly Item[], readonly Item[], number | undefined]>([
    ['the question and its answer', [said('yo')], [user('hi'), said('yo'), user('more')], 2],
    ['a call, and what came with it', [thought('e'), call()], [user('hi'), thought('e'), call(), result], 3],
    ['an answer without its id', [call()], [user('hi'), { ...call(), id: undefined, status: undefined }, result], 2],
    ['arguments written anew', [call()], [user('hi'), call('{ "b": [true], "a": 1 }'), result], 2],
    ['an answer whose content is a text', [said('yo')], [user('hi'), { ...said('yo'), content: 'yo' }, user('m')], 2],
    ['an answer without the reasoning before it', [thought('e'), said('yo')], [user('hi'), said('yo'), user('m')], 2],
    [
      'a question with other bookkeeping',
      [said('yo')],
      [
        { ...user('hi'), id: 'msg_9', internal_chat_message_metadata_passthrough: { turn_id: 't' } },
        said('yo'),
        result,
      ],
      2,
    ],
    ['nothing, when the question was another', [said('yo')], [user('ho'), said('yo'), user('more')], undefined],
    ['nothing, when the answer was another', [said('yo')], [user('hi'), said('no'), user('more')], undefined],
    ['nothing, when the answer is missing', [said('yo')], [user('hi'), user('more')], undefined],
    ['nothing, when the call was another', [call()], [user('hi'), { ...call(), call_id: 'c2' }, result], undefined],
    ['nothing, when its arguments were', [call()], [user('hi'), call('{"a":2}'), result], undefined],
    ['nothing, when its arguments are no JSON', [call('{')], [user('hi'), call('{ '), result], undefined],
    ['nothing, when its namespace is lost', [{ ...call(), namespace: 'n' }], [user('hi'), call(), result], undefined],
    ['nothing, when its reasoning is another', [thought('e')], [user('hi'), thought('f'), user('m')], undefined],
    [
      'nothing, when an answer stands in another order',
      [said('a'), call()],
      [user('hi'), call(), said('a'), result],
      undefined,
    ],
    ['nothing, when nothing is new', [said('yo')], [user('hi'), said('yo')], undefined],
    ['nothing, when a turn is asked again', [said('yo')], [user('hi')], undefined],
    ['nothing, when the history was cut', [said('yo')], [user('more')], undefined],
  ])('%s', (_, output, second, expected) => {
    expect(known(first, output, second)).toBe(expected)
  })

  test('a longer history is known up to the last answer', () => {
    const long = [user('hi'), said('a'), user('b')]
    expect(known(long, [said('c')], [...long, said('c'), user('d'), user('e')])).toBe(4)
    expect(known(long, [said('c')], [user('hi'), said('A'), user('b'), said('c'), user('d')])).toBe(undefined)
  })

  test.each<[string, unknown]>([
    ['model', 'gpt-5.4'],
    ['instructions', 'be rude'],
    ['tools', []],
    ['tool_choice', 'required'],
    ['parallel_tool_calls', false],
    ['reasoning', { effort: 'high' }],
    ['store', true],
    ['stream', false],
    ['include', ['x']],
    ['service_tier', 'priority'],
    ['prompt_cache_key', 'k'],
    ['text', { verbosity: 'low' }],
  ])('nothing, when %s is another', (field, value) => {
    const second = [user('hi'), said('yo'), user('more')]
    expect(known([user('hi')], [said('yo')], second, { [field]: value })).toBe(undefined)
  })

  test('metadata may differ', () => {
    const second = [user('hi'), said('yo'), user('more')]
    expect(known([user('hi')], [said('yo')], second, { client_metadata: { turn_id: '2' } })).toBe(2)
  })
})

test('an item whose id is all that it is must have the same id', () => {
  const item = { type: 'image_generation_call', id: 'ig_1' }
  expect(isAnswer({ ...item, status: 'completed' }, item)).toBe(true)
  expect(isAnswer(item, { ...item, id: 'ig_2' })).toBe(false)
})

test('what is known and what is sent are together the whole input, whatever the history', () => {
  const item = fc.oneof(
    fc.string({ maxLength: 3 }).map(user),
    fc.string({ maxLength: 3 }).map(said),
    fc.constantFrom(call(), call('{}'), result, thought('e'), thought('f')),
  )
  const items = fc.array(item, { maxLength: 5 })
  /** As the model sees it: reasoning may be there or not, names and states are not seen. */
  const seen = (all: readonly Item[]) =>
    all
      .filter(({ type }) => type !== 'reasoning')
      .map(({ id: _, status: __, ...rest }) => JSON.stringify(rest).replace(/,"annotations":\[\]/, ''))
  fc.assert(
    fc.property(items, items, items, fc.boolean(), (first, output, tail, drops) => {
      const replayed = drops ? output.filter(({ type }) => type !== 'reasoning') : output
      for (const second of [[...first, ...replayed, ...tail], tail, [...first, ...tail], [...replayed, ...tail]]) {
        const at = known(first, output, second)
        if (at === undefined) continue
        expect(seen([...first, ...output, ...second.slice(at)])).toEqual(seen(second))
      }
      // And the plain case is always seen, unless the tail hides it.
      if (tail.length > 0 && !drops)
        expect(known(first, output, [...first, ...output, ...tail])).toBe(first.length + output.length)
    }),
    { numRuns: 500 },
  )
})
