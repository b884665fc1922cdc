import { describe, expect, test } from 'vitest'
import type { UpstreamModel } from '../../../dialect.js'
import type { PivotItem, PivotRequest } from '../../../pivot/index.js'
import { encodeRequest } from './encode-request.js'

const CODEX: UpstreamModel = { model: 'up', rules: 'codex' }
const OPENAI: UpstreamModel = { model: 'up', rules: 'openai' }
const COMPATIBLE: UpstreamModel = { model: 'up', rules: 'compatible' }

function encode(fields: Partial<PivotRequest>, to = CODEX) {
  const { value, receipt } = encodeRequest({ model: 'asked', input: [], ...fields }, to)
  return { body: value, notes: receipt.map((note) => `${note.what} ${note.pointer}`) }
}
const user: PivotItem = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }

describe('what a client asked for and this upstream cannot do', () => {
  test.each<[string, Partial<PivotRequest>, UpstreamModel, string[]]>([
    [
      'sampling',
      { extra: { sampling: { stop: ['x'], seed: 0, top_k: 4, min_p: 0.1, n: 2, logit_bias: { 1: 2 } } } },
      CODEX,
      ['/stop', '/seed', '/top_k', '/min_p', '/n', '/logit_bias'],
    ],
    [
      'sampling that chooses nothing',
      {
        extra: {
          sampling: {
            stop: [],
            presence_penalty: 0,
            frequency_penalty: 0,
            repeat_penalty: 1,
            top_k: 0,
            logit_bias: {},
          },
        },
      },
      CODEX,
      [],
    ],
    [
      'penalties',
      { extra: { sampling: { presence_penalty: 1, repeat_penalty: 2 } } },
      OPENAI,
      ['/presence_penalty', '/repeat_penalty'],
    ],
    ['penalties, by Open Responses', { extra: { sampling: { presence_penalty: 1, seed: 1 } } }, COMPATIBLE, ['/seed']],
    [
      'fields of chat',
      {
        extra: {
          'openai-chat': {
            logprobs: true,
            top_logprobs: 2,
            audio: { voice: 'x' },
            prediction: { type: 'content' },
            'a/b': 1,
          },
        },
      },
      CODEX,
      ['/logprobs', '/top_logprobs', '/audio', '/prediction', '/a~1b'],
    ],
    [
      'fields of chat that ask for nothing here',
      {
        extra: {
          'openai-chat': {
            stream_options: { include_usage: true },
            reasoning: { effort: 'high' },
            web_search_options: {},
            logprobs: false,
            top_logprobs: 0,
            modalities: ['text'],
            provider: {},
            keep_alive: '5m',
          },
          'openai-chat-reply': { legacyFunctions: true },
        },
      },
      CODEX,
      [],
    ],
    [
      "Gemini's options, one by one",
      { extra: { gemini: { generationConfig: { responseModalities: ['IMAGE'], audioTimestamp: false } } } },
      OPENAI,
      ['/generationConfig/responseModalities'],
    ],
    ['fields of Gemini', { extra: { gemini: { safetySettings: [{ category: 'x' }] } } }, OPENAI, ['/safetySettings']],
    [
      'fields of Anthropic',
      { extra: { 'anthropic-messages': { mcp_servers: [{ url: 'x' }] } } },
      OPENAI,
      ['/mcp_servers'],
    ],
  ])('%s', (_, fields, to, pointers) => {
    const { body, notes } = encode(fields, to)
    expect(notes).toEqual(pointers.map((pointer) => `dropped ${pointer}`))
    expect(JSON.stringify(body)).not.toContain('extra')
  })

  test('log probabilities are asked for by include where they can be had', () => {
    const { body, notes } = encode({ extra: { 'openai-chat': { logprobs: true, top_logprobs: 2 } } }, OPENAI)
    expect(body).toMatchObject({ include: ['message.output_text.logprobs'], top_logprobs: 2 })
    expect(notes).toEqual([])
  })

  test('penalties go to servers of Open Responses', () => {
    expect(encode({ extra: { sampling: { presence_penalty: 1 } } }, COMPATIBLE).body['presence_penalty']).toBe(1)
    expect(encode({ extra: { sampling: { presence_penalty: 1 } } }, OPENAI).body).not.toHaveProperty('presence_penalty')
  })

  test.each(['stop', 'seed', 'top_k', 'min_p', 'n', 'logit_bias', 'repetition_penalty'])(
    "a Responses client's own %s never reaches the Codex backend",
    (field) => {
      const { body, notes } = encode({ [field]: field === 'logit_bias' ? { 1: 1 } : 3 })
      expect(body).not.toHaveProperty(field)
      expect(notes).toEqual([`dropped /${field}`])
    },
  )
})

describe('items', () => {
  const plain = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] }
  const stored = { type: 'reasoning', id: 'rs_1', summary: [] }
  const own = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' }
  const foreign = { type: 'reasoning', id: 'rs_1', summary: [], extra: { gemini: { thoughtSignature: 's' } } }

  test.each<[string, PivotItem, UpstreamModel, boolean]>([
    ['encrypted reasoning', own, CODEX, true],
    ['encrypted reasoning', own, OPENAI, true],
    ['reasoning in plain words', plain, CODEX, false],
    ['reasoning in plain words', plain, OPENAI, false],
    ['reasoning in plain words', plain, COMPATIBLE, true],
    ['reasoning that was stored', stored, CODEX, false],
    ['reasoning that was stored', stored, OPENAI, true],
    ['reasoning of another provider', foreign, CODEX, false],
    ['reasoning of another provider', foreign, OPENAI, false],
    ['reasoning of another provider', foreign, COMPATIBLE, false],
    ['a block of Anthropic', { type: 'anthropic_block', block: {} }, COMPATIBLE, false],
    ['a part of Gemini', { type: 'gemini_part', part: {} }, OPENAI, false],
    ['an item that nobody knows', { type: 'brand_new' }, CODEX, true],
  ])('%s (%#)', (_, item, to, goes) => {
    const { body, notes } = encode({ input: [item, user] }, to)
    expect((body['input'] as unknown[]).length).toBe(goes ? 2 : 1)
    expect(notes).toEqual(goes ? [] : ['dropped /input/0'])
  })

  test('what a note tells of a later item is its place in the request', () => {
    const call: PivotItem = { type: 'function_call', call_id: 'c', name: 'n', arguments: '{}' }
    expect(encode({ input: [plain, user, call] }).notes).toEqual(['dropped /input/0', 'emulated /input/2'])
  })

  test('meaning beside the pivot is noted, hints to caches are not', () => {
    const item: PivotItem = {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'x', extra: { 'anthropic-messages': { cache_control: { type: 'ephemeral' } } } },
        { type: 'input_file', file_id: 'f', extra: { 'anthropic-messages': { citations: { enabled: true } } } },
        { type: 'input_file', file_id: 'f', extra: { 'anthropic-messages': { citations: { enabled: false } } } },
      ],
      extra: { 'openai-chat': { name: 'Ann', role: 'system' } },
    }
    expect(encode({ input: [item] }).notes).toEqual(['dropped /input/0/name', 'dropped /input/0/content/1/citations'])
  })

  test('ids that the backend refuses are left out or shortened, the same for a call and its output', () => {
    const long = `call_${'x'.repeat(200)}`
    const { body, notes } = encode({
      input: [
        { type: 'message', id: 'item_1', role: 'user', content: [{ type: 'input_text', text: 'x' }] },
        { type: 'message', id: 'msg_1', role: 'user', content: [{ type: 'input_text', text: 'x' }] },
        { type: 'function_call', id: 'call_7', call_id: long, name: 'n', arguments: '{}' },
        { type: 'function_call', call_id: `${long}y`, name: 'n', arguments: '{}' },
        { type: 'function_call_output', call_id: `${long}y`, output: '' },
        { type: 'function_call_output', call_id: long, output: '' },
      ],
    })
    const input = body['input'] as { id?: string; call_id?: string }[]
    expect(input.map(({ id }) => id)).toEqual([undefined, 'msg_1', undefined, undefined, undefined, undefined])
    const [, , first, second, answerOfSecond, answerOfFirst] = input.map(({ call_id }) => call_id)
    expect(first).toMatch(/^call_x+_[0-9a-f]{32}$/)
    expect(first).toHaveLength(64)
    expect(answerOfFirst).toBe(first)
    expect(answerOfSecond).toBe(second)
    expect(second).not.toBe(first)
    expect(notes).toEqual([])
  })
})
