import { describe, expect, test } from 'vitest'
import type { PivotEvent } from './events.js'
import type { PivotItem } from './items.js'
import { matchItems } from './match-items.js'
import { responseReducer } from './reducer.js'
import type { PivotResponse } from './response.js'

function reduce(...events: PivotEvent[]): PivotResponse {
  const reducer = responseReducer()
  for (const event of events) reducer.push([event])
  return reducer.response()
}
const message = (text: string, id?: string): PivotItem => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
  ...(id === undefined ? {} : { id }),
})
const call = (call_id: string, id?: string): PivotItem => ({
  type: 'function_call',
  call_id,
  name: 'n',
  arguments: '{}',
  ...(id === undefined ? {} : { id }),
})
const added = (output_index: number, item: PivotItem): PivotEvent => ({
  type: 'response.output_item.added',
  output_index,
  item,
})
const done = (output_index: number, item: PivotItem): PivotEvent => ({
  type: 'response.output_item.done',
  output_index,
  item,
})
const text = (output_index: number, escaped: string, content_index = 0): PivotEvent => ({
  type: 'response.output_text.delta',
  item_id: 'm',
  output_index,
  content_index,
  escaped,
})
const completed = (response: Partial<PivotResponse> = {}): PivotEvent => ({
  type: 'response.completed',
  response: { id: 'r', output: [], ...response },
})

describe('the output of a response', () => {
  test.each<[string, PivotEvent[], PivotItem[]]>([
    [
      'the finished item counts, not its deltas',
      [text(0, 'he'), done(0, message('hello')), text(0, 'lost')],
      [message('hello')],
    ],
    ['items stand by their place, with gaps', [done(4, call('b')), done(1, message('a'))], [message('a'), call('b')]],
    [
      'ids may change on the way',
      [added(0, message('', 'msg_a')), text(0, 'x'), done(0, message('x', 'msg_b'))],
      [message('x', 'msg_b')],
    ],
    ['an empty end takes nothing away', [done(0, message('a')), completed()], [message('a')]],
    [
      'what no event told comes from the end',
      [completed({ output: [message('a'), call('b')] })],
      [message('a'), call('b')],
    ],
    [
      'the end adds what is missing, in its order',
      [
        done(0, message('a', 'm1')),
        done(2, call('c', 'f1')),
        completed({ output: [message('a', 'm1'), { type: 'reasoning', summary: [] }, call('c', 'f1')] }),
      ],
      [message('a', 'm1'), { type: 'reasoning', summary: [] }, call('c', 'f1')],
    ],
    [
      'other ids in the end are no other items',
      [
        done(0, message('a', 'm1')),
        done(1, call('c', 'f1')),
        completed({ output: [message('A', 'm2'), call('c', 'f2')] }),
      ],
      [message('a', 'm1'), call('c', 'f1')],
    ],
    [
      'the end knows better than deltas',
      [text(0, 'he'), completed({ output: [message('hello', 'm1')] })],
      [message('hello', 'm1')],
    ],
    [
      'deltas are joined before they are unescaped',
      [text(0, 'a\\"'), text(0, '\\ud83d'), text(0, '\\ude42'), text(0, 'second', 1), completed()],
      [
        {
          type: 'message',
          role: 'assistant',
          content: [
            { type: 'output_text', text: 'a"🙂', annotations: [] },
            { type: 'output_text', text: 'second', annotations: [] },
          ],
        },
      ],
    ],
    [
      'an end of a text counts more than its deltas',
      [
        text(0, 'he'),
        { type: 'response.output_text.done', item_id: 'm', output_index: 0, content_index: 0, text: 'hello' },
      ],
      [message('hello')],
    ],
    [
      'reasoning keeps summary and content apart',
      [
        added(0, { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'x' }),
        {
          type: 'response.reasoning_summary_text.delta',
          item_id: 'rs',
          output_index: 0,
          summary_index: 1,
          escaped: 'two',
        },
        {
          type: 'response.reasoning_summary_text.delta',
          item_id: 'rs',
          output_index: 0,
          summary_index: 0,
          escaped: 'one',
        },
        { type: 'response.reasoning_text.delta', item_id: 'rs', output_index: 0, content_index: 0, escaped: 'raw' },
      ],
      [
        {
          type: 'reasoning',
          id: 'rs',
          encrypted_content: 'x',
          summary: [
            { type: 'summary_text', text: 'one' },
            { type: 'summary_text', text: 'two' },
          ],
          content: [{ type: 'reasoning_text', text: 'raw' }],
        },
      ],
    ],
    [
      'calls get their arguments',
      [
        added(0, { ...call('c'), arguments: '' } as PivotItem),
        { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 0, escaped: '{\\"a\\":' },
        { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 0, escaped: '1}' },
        added(1, { type: 'custom_tool_call', call_id: 'd', name: 'n', input: '' }),
        { type: 'response.custom_tool_call_input.done', item_id: 'c', output_index: 1, input: 'ls' },
      ],
      [
        { type: 'function_call', call_id: 'c', name: 'n', arguments: '{"a":1}' },
        { type: 'custom_tool_call', call_id: 'd', name: 'n', input: 'ls' },
      ],
    ],
    ['items of unknown types pass', [done(0, { type: 'brand_new', x: [1] })], [{ type: 'brand_new', x: [1] }]],
    [
      'an item that was only begun stays as it was',
      [added(0, { type: 'web_search_call', id: 'w' })],
      [{ type: 'web_search_call', id: 'w' }],
    ],
  ])('%s', (_, events, output) => {
    expect(reduce(...events).output).toEqual(output)
  })
})

describe('the rest of a response', () => {
  test('the end counts, and what only the beginning said stays', () => {
    expect(
      reduce(
        { type: 'response.created', response: { id: 'r', output: [], status: 'queued', model: 'm', brand_new: 1 } },
        completed({ id: '', usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } }),
      ),
    ).toEqual({
      id: 'r',
      output: [],
      status: 'completed',
      model: 'm',
      brand_new: 1,
      usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    })
  })

  test.each<[PivotEvent, object]>([
    [completed(), { status: 'completed' }],
    [
      {
        type: 'response.incomplete',
        response: { id: 'r', output: [], incomplete_details: { reason: 'content_filter' } },
      },
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
    ],
    [
      { type: 'response.failed', response: { id: 'r', output: [], error: { code: 'x' } } },
      { status: 'failed', error: { code: 'x' } },
    ],
    [
      { type: 'error', message: 'm', errorType: 't' },
      { status: 'failed', error: { code: null, message: 'm', type: 't' } },
    ],
  ])('%j', (event, expected) => {
    const reducer = responseReducer()
    reducer.push([done(0, message('a'))])
    expect([reducer.ended, reducer.response().status]).toEqual([false, 'in_progress'])
    reducer.push([event])
    expect(reducer.ended).toBe(true)
    expect(reducer.response()).toMatchObject({ ...expected, output: [message('a')] })
  })
})

describe('which told item is which of the end', () => {
  test.each<[string, PivotItem[], PivotItem[], (number | undefined)[]]>([
    ['by id', [message('', 'a'), message('', 'b')], [message('', 'b'), message('', 'a')], [1, 0]],
    ['by call id', [call('x', 'a')], [call('y', 'c'), call('x', 'b')], [undefined, 0]],
    [
      'a call and its output share an id and are two',
      [call('x')],
      [{ type: 'function_call_output', call_id: 'x', output: '' }],
      [undefined],
    ],
    [
      'by type and order, when ids changed',
      [message('', 'a'), call('x'), message('', 'b')],
      [message('', 'c'), call('x'), message('', 'd')],
      [0, 1, 2],
    ],
    ['without ids', [message('a')], [message('a'), message('b')], [0, undefined]],
  ])('%s', (_, told, output, expected) => {
    expect(matchItems(told, output)).toEqual(expected)
  })
})
