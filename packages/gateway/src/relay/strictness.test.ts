import type { Failure, Note, PivotRequest } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import type { EventSink, UpstreamCall } from '../providers/index.js'
import { clientNotes, strictFailure, strictly, wantsStrict } from './strictness.js'

describe('who wants strictness', () => {
  test.each<[string, string | undefined, boolean | undefined, boolean]>([
    ['nobody', undefined, undefined, false],
    ['the request', 'true', undefined, true],
    ['the request, in short', '1', undefined, true],
    ['the request, in capitals', ' TRUE ', undefined, true],
    ['the request, in a word that we do not know', 'please', undefined, true],
    ['not the request', 'false', undefined, false],
    ['not the request, in short', '0', undefined, false],
    ['nobody: the header is empty', '', undefined, false],
    ['the key', undefined, true, true],
    ['the key, and no request can switch that off', 'false', true, true],
    ['the request, though the key need not', 'true', false, true],
  ])('%s', (_, said, strict, expected) => {
    expect(wantsStrict({ 'x-dragoman-strict': said }, strict === undefined ? {} : { strict })).toBe(expected)
  })
})

describe('a strict refusal', () => {
  const note = (pointer: string, what: Note['what'], why: string): Note => ({ pointer, what, why })

  test('is none where nothing is lost', () => {
    expect(strictFailure([])).toBeUndefined()
    expect(strictFailure([note('/a', 'emulated', 'other means')])).toBeUndefined()
  })

  test('names every field and why, and points to the first', () => {
    const failure = strictFailure([
      note('/n', 'emulated', 'asked twice'),
      note('/temperature', 'dropped', 'no sampling'),
      note('/reasoning', 'approximated', 'a budget became an effort'),
      note('/top_p', 'dropped', 'no sampling'),
      note('/top_p', 'dropped', 'no sampling'),
      note('', 'dropped', 'odd'),
    ])
    expect(failure).toMatchObject({
      kind: 'invalid_request',
      scope: 'request',
      phase: 'unsent',
      retry: 'never',
      code: 'translation_loss',
      pointer: '/temperature',
    })
    expect(failure?.message).toBe(
      'strict: this request cannot be translated without loss: /temperature, /top_p dropped (no sampling); /reasoning approximated (a budget became an effort); the body dropped (odd). Leave it out, or do without strictness',
    )
  })

  test('stays short enough to be shown', () => {
    const many = Array.from({ length: 500 }, (_, n) => note(`/messages/${n}`, 'dropped', `reason ${n}`))
    expect(strictFailure(many)?.message.length).toBeLessThanOrEqual(2000)
  })
})

describe('an upstream that is asked strictly', () => {
  const lost: Note = { pointer: '/stop', what: 'dropped', why: 'no' }
  const call = { request: { model: 'm', input: [] } as PivotRequest } as UpstreamCall
  const someone = { id: 'a', label: 'a', why: '' }

  /** What reaches the relay when the upstream acts so, at once and a little later. */
  async function heard(act: (sink: EventSink) => void, receipt: Note[], late: boolean): Promise<string[]> {
    const told: string[] = []
    const tell =
      (word: string) =>
      (...args: unknown[]) =>
        void told.push(word === 'fail' ? `fail ${(args[0] as Failure).code ?? ''}` : word)
    const sink = Object.fromEntries(
      ['sent', 'head', 'events', 'notes', 'end', 'fail'].map((name) => [name, tell(name)]),
    ) as unknown as EventSink
    const open = strictly(
      (_, __, watched) => {
        if (late) queueMicrotask(() => act(watched))
        else act(watched)
        return { pause: tell('pause'), resume: tell('resume'), cancel: tell('cancel') }
      },
      (made) => [...receipt, ...made],
    )
    open(someone, call, sink)
    await Promise.resolve()
    return told
  }
  const answer = (sink: EventSink, notes?: Note[]): void => {
    if (notes !== undefined) sink.notes(notes)
    sink.sent()
    sink.head({})
    sink.events([])
    sink.end()
  }

  test.each([false, true])('passes what loses nothing (late: %s)', async (late) => {
    expect(await heard((sink) => answer(sink, []), [], late)).toEqual(['notes', 'sent', 'head', 'events', 'end'])
  })

  test.each([
    ['the upstream’s side', [lost], [], ['notes']],
    ['the client’s side', [], [lost], ['notes']],
    ['the client’s side, and the upstream notes nothing', undefined, [lost], []],
  ])('fails and cancels for a loss on %s', async (_, made, receipt, before) => {
    for (const late of [false, true]) {
      const told = await heard((sink) => answer(sink, made), receipt, late)
      expect(told.slice(0, before.length)).toEqual(before)
      expect(told.slice(before.length).sort()).toEqual(['cancel', 'fail translation_loss'])
    }
  })

  test('a failure of the upstream stays one', async () => {
    const failed = { code: 'x' } as Failure
    expect(await heard((sink) => sink.fail(failed), [lost], true)).toEqual(['fail x'])
  })
})

describe('notes in the client’s own words', () => {
  const names = {
    max_output_tokens: '/max_tokens',
    text: '/response_format',
    'text/verbosity': '/verbosity',
    input: '/messages',
  }

  test.each([
    ['a field of another name', '/max_output_tokens', '/max_tokens'],
    ['a field of the same name', '/temperature', '/temperature'],
    ['a place below a field of another name', '/text/format/schema', '/response_format'],
    ['a place that has a name of its own', '/text/verbosity', '/verbosity'],
    ['an item, which may be but a part of a message', '/input/3/role', '/messages'],
    ['a name that every object has', '/constructor', '/constructor'],
    ['the body', '', ''],
  ])('%s', (_, pointer, expected) => {
    expect(clientNotes([{ pointer, what: 'dropped', why: 'x' }], names)).toEqual([
      { pointer: expected, what: 'dropped', why: 'x' },
    ])
  })

  test.each([
    ['items put before the client’s', 2, '/input/5/content/0', '/input/3/content/0'],
    ['items taken from the front', -2, '/input/0', '/input/2'],
    ['an item of the gateway’s own', 2, '/input/1/role', '/instructions'],
    ['no item at all', 2, '/tools/0', '/tools/0'],
  ])('%s', (_, shift, pointer, expected) => {
    expect(clientNotes([{ pointer, what: 'dropped', why: 'x' }], undefined, shift)[0]?.pointer).toBe(expected)
  })
})
