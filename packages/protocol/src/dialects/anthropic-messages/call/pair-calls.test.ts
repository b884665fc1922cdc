import { describe, expect, test } from 'vitest'
import type { PivotItem } from '../../../pivot/index.js'
import { encodeMessages } from './encode-messages.js'
import { pairCalls } from './pair-calls.js'

const call = (call_id: string) => ({ type: 'function_call', call_id, name: 'ls', arguments: '{}' }) as const
const output = (call_id: string, said: string) => ({ type: 'function_call_output', call_id, output: said }) as const
const user = { type: 'message', role: 'user', content: 'hi' } as const

/** `id: outputs` of every call. */
function paired(items: PivotItem[], own = false): string[] {
  const { calls } = pairCalls(items, { own })
  return [...calls.values()].map(({ id, outputs }) => `${id}: ${outputs.map(({ item }) => String(item.output)).join()}`)
}

describe('which output answers which call', () => {
  test.each<[string, PivotItem[], string[]]>([
    ['by id', [call('a'), call('b'), output('b', 'B'), output('a', 'A')], ['a: A', 'b: B']],
    ['after a word of the user', [call('a'), user, output('a', 'A')], ['a: A']],
    ['of a name that each turn has', [call('a'), output('a', '1'), call('a'), output('a', '2')], ['a: 1', 'a_2: 2']],
    [
      'of a name that all parallel calls have',
      [call(''), call(''), output('', '1'), output('', '2')],
      ['toolu_dgm_x_: 1', 'toolu_dgm_x__2: 2'],
    ],
    ['of a turn that was broken off', [call('a'), user, call('a'), output('a', '2')], ['a: ', 'a_2: 2']],
    ['twice', [call('a'), output('a', '1'), output('a', '2')], ['a: 1,2']],
    ['before it was made', [output('a', '1'), call('a')], ['a: ']],
    ['a name that stands for another already', [call('a_2'), call('a'), call('a')], ['a_2: ', 'a: ', 'a_3: ']],
  ])('%s', (_, items, expected) => {
    expect(paired(items)).toEqual(expected)
  })

  test('a client of this dialect keeps its ids', () => {
    expect(paired([call('a'), output('a', '1'), call('a'), output('a', '2')], true)).toEqual(['a: 1', 'a: 2'])
  })

  test('several results of one call become one', () => {
    const notes: string[] = []
    const messages = encodeMessages(
      [user, call('a'), output('a', '1'), output('a', '2')],
      0,
      { own: false },
      (at, what) => void notes.push(`${what} ${at}`),
    )
    const content = [
      { type: 'text', text: '1' },
      { type: 'text', text: '2' },
    ]
    expect(messages[2]?.content).toEqual([{ type: 'tool_result', tool_use_id: 'a', content }])
    expect(notes).toEqual(['approximated /input/3'])
  })
})
