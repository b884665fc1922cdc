import { deltaText, isTerminal, responseReducer, type PivotEvent, type PivotRequest } from '@dragoman/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunks } from './chunks.js'
import { play } from './play.js'
import type { Scene } from './scene.js'
import { playContext, type PlayContext } from './stage.js'

const request: PivotRequest = { model: 'gpt-test', input: [] }

function events(scene: Scene, overrides: Partial<PlayContext> = {}): PivotEvent[] {
  return Array.from(play(scene, playContext(request, overrides)), ({ event }) => event)
}
function types(scene: Scene): string[] {
  return events(scene).map((event) => (event.type === 'other' ? event.name : event.type))
}
function told(scene: Scene) {
  const reducer = responseReducer()
  reducer.push(events(scene))
  return reducer.response()
}

describe('the ladder of events', () => {
  test('of a message', () => {
    expect(types([{ type: 'text', text: 'Hello there' }])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  test('of reasoning with a summary', () => {
    expect(types([{ type: 'reasoning', summary: 'Hm', sealed: true }])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  test('of parallel calls that arrive by turns', () => {
    const scene: Scene = [
      {
        type: 'toolCalls',
        interleaved: true,
        chunkSize: 4,
        calls: [
          { name: 'read', arguments: { path: 'a' } },
          { name: 'patch', custom: true, arguments: '*** Begin' },
        ],
      },
    ]
    const places = events(scene).flatMap((event) => ('escaped' in event ? [event.output_index] : []))
    expect(places).toEqual([0, 1, 0, 1, 0, 1])
    expect(told(scene).output).toMatchObject([
      { type: 'function_call', name: 'read', arguments: '{"path":"a"}', status: 'completed' },
      { type: 'custom_tool_call', name: 'patch', input: '*** Begin', status: 'completed' },
    ])
  })

  test('of a picture shows what is on the way', () => {
    const scene: Scene = [{ type: 'image', partials: ['AAAA', 'BBBB'], result: 'CCCC' }]
    expect(types(scene)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.image_generation_call.in_progress',
      'response.image_generation_call.generating',
      'response.image_generation_call.partial_image',
      'response.image_generation_call.partial_image',
      'response.image_generation_call.completed',
      'response.output_item.done',
      'response.completed',
    ])
    expect(told(scene).output).toMatchObject([{ type: 'image_generation_call', result: 'CCCC' }])
  })
})

describe('how a response ends', () => {
  test.each<[string, Scene, string, object]>([
    ['well', [{ type: 'text', text: 'a' }], 'response.completed', { status: 'completed', error: null }],
    [
      'at the token limit',
      [
        { type: 'text', text: 'a' },
        { type: 'incomplete', reason: 'max_output_tokens' },
      ],
      'response.incomplete',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    ],
    [
      'in failure',
      [{ type: 'failed', code: 'server_error', message: 'no' }],
      'response.failed',
      { status: 'failed', error: { code: 'server_error', message: 'no' }, usage: null },
    ],
  ])('%s', (_, scene, type, response) => {
    const ends = events(scene).filter(isTerminal)
    expect(ends).toHaveLength(1)
    expect(ends[0]).toMatchObject({ type, response })
  })

  test('with an error event in either form', () => {
    for (const form of ['flat', 'nested'] as const) {
      const scene: Scene = [{ type: 'error', form, code: 'rate_limit_exceeded', message: 'slow' }]
      const last = [...play(scene, playContext(request))].at(-1)
      expect(last?.event).toMatchObject({ type: 'error', code: 'rate_limit_exceeded', message: 'slow' })
      const wire = JSON.parse(last?.json ?? '{}') as { code?: string; error?: { code?: string } }
      expect(form === 'flat' ? wire.code : wire.error?.code).toBe('rate_limit_exceeded')
    }
  })

  test('a message that the limit cut has the status incomplete', () => {
    const scene: Scene = [
      { type: 'text', text: 'so' },
      { type: 'incomplete', reason: 'max_output_tokens' },
    ]
    expect(told(scene).output).toMatchObject([{ status: 'incomplete' }])
  })

  test('with an empty output where the context asks for the ways of the Codex backend', () => {
    const scene: Scene = [{ type: 'text', text: 'a' }]
    const end = (emptyOutputInCompleted: boolean) => events(scene, { emptyOutputInCompleted }).at(-1)
    expect(end(true)).toMatchObject({ response: { output: [] } })
    expect(end(false)).toMatchObject({ response: { output: [{ type: 'message' }] } })
  })
})

describe('what a scene may add', () => {
  test('token counts', () => {
    const usage = { inputTokens: 100, cachedTokens: 40, outputTokens: 20, reasoningTokens: 8 }
    expect(
      told([
        { type: 'usage', ...usage },
        { type: 'text', text: 'a' },
      ]).usage,
    ).toEqual({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 40 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 8 },
      total_tokens: 120,
    })
    expect(told([{ type: 'usage', absent: true }]).usage).toBeNull()
  })

  test('citations, each at its place in the text', () => {
    const scene: Scene = [
      { type: 'webSearch', query: 'news', citations: [{ url: 'https://example.com/', title: 'Example' }] },
      { type: 'text', text: 'Found it' },
    ]
    const [, message] = told(scene).output as {
      content: { text: string; annotations: { start_index: number; end_index: number }[] }[]
    }[]
    const { text, annotations } = message!.content[0]!
    expect(text.slice(annotations[0]!.start_index, annotations[0]!.end_index)).toBe('([Example](https://example.com/))')
  })

  test('a recorded stream, verbatim', () => {
    const lines = [
      '{"type":"response.output_text.delta","delta":"é","item_id":"m","output_index":0,"content_index":0}',
      '{"type":"new.event","a":1}',
    ]
    const beats = [...play([{ type: 'replay', lines }], playContext(request))]
    expect(beats.map(({ json }) => json)).toEqual(lines)
    expect(beats.map(({ event }) => event.type)).toEqual(['response.output_text.delta', 'other'])
  })

  test('waits and gates, on the event that follows them', () => {
    const scene: Scene = [
      { type: 'pause', ms: 5 },
      { type: 'gate', name: 'go' },
      { type: 'text', text: 'a' },
    ]
    const [first, second] = play(scene, playContext(request))
    expect(first).toMatchObject({ afterMs: 5, gate: 'go' })
    expect(second).toMatchObject({ afterMs: 0 })
    expect(second).not.toHaveProperty('gate')
  })
})

describe('deltas', () => {
  test('joined are the text, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        (text, size) => {
          expect(chunks(text, size).join('')).toBe(text)
          const step = size === undefined ? {} : { chunkSize: size }
          const deltas = events([{ type: 'text', text, ...step }]).flatMap((event) =>
            event.type === 'response.output_text.delta' ? [deltaText(event)] : [],
          )
          expect(deltas.join('')).toBe(text)
          expect(deltas.every((delta) => delta.isWellFormed())).toBe(true)
        },
      ),
    )
  })
})
