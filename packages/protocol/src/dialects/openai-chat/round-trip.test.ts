import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openaiChat } from './index.js'

type Json = Record<string, unknown>

const recorded = new URL('../../../../../../shared/fixtures/clients/', import.meta.url)
const here = existsSync(recorded)

function body(name: string): Json {
  return (JSON.parse(readFileSync(new URL(`${name}.json`, recorded), 'utf8')) as { body: Json }).body
}

/** The one difference: no text beside calls is null. Both mean the same to every server. */
function meant(wire: Json): Json {
  const messages = (wire['messages'] as Json[]).map((message) =>
    message['tool_calls'] !== undefined && message['content'] === '' ? { ...message, content: null } : message,
  )
  return { ...wire, messages }
}

function there(wire: Json, rules: 'openai' | 'compatible') {
  const decoded = openaiChat.serve.decodeRequest(wire, { headers: {} })
  const encoded = openaiChat.call.encodeRequest(decoded.value, { model: String(wire['model']), rules })
  return { wire: encoded.value, notes: [...decoded.receipt, ...encoded.receipt] }
}

describe.skipIf(!here)('recorded requests of chat clients come out as they went in', () => {
  test.each(['opencode-chat', 'opencode-title-call'])('%s, for a compatible server', (name) => {
    const { wire, notes } = there(body(name), 'compatible')
    expect(wire).toEqual(meant(body(name)))
    expect(notes).toEqual([])
  })

  test.each(['opencode-chat', 'opencode-title-call'])('%s, for OpenAI: the limit has its newer name', (name) => {
    const { max_tokens: limit, ...rest } = meant(body(name))
    const { wire, notes } = there(body(name), 'openai')
    expect(wire).toEqual({ ...rest, max_completion_tokens: limit })
    expect(notes).toEqual([])
  })
})

describe('what a chat client says reaches a chat upstream', () => {
  const messages = [{ role: 'user', content: 'hi' }]
  test.each<[string, Json, Json]>([
    ['one stop sequence, as a list', { stop: 'x' }, { stop: ['x'] }],
    ['one answer, which needs no word', { n: 1 }, {}],
    ["llama.cpp's penalty, by its common name", { repeat_penalty: 1.1 }, { repetition_penalty: 1.1 }],
    [
      'sampling',
      { seed: 1, top_k: 2, min_p: 0.1, logit_bias: { 7: -1 } },
      { seed: 1, top_k: 2, min_p: 0.1, logit_bias: { 7: -1 } },
    ],
    ['what nobody knows', { provider: { order: ['x'] } }, { provider: { order: ['x'] } }],
  ])('%s', (_, fields, expected) => {
    const { wire, notes } = there({ model: 'm', messages, ...fields }, 'compatible')
    expect(wire).toEqual({ model: 'm', messages, ...expected })
    expect(notes).toEqual([])
  })

  test('what OpenAI would refuse is left out and noted', () => {
    const { wire, notes } = there({ model: 'm', messages, top_k: 1, min_p: 0.1, repetition_penalty: 2, n: 3 }, 'openai')
    expect(wire).toEqual({ model: 'm', messages })
    expect(notes.map(({ pointer }) => pointer).sort()).toEqual(['/min_p', '/n', '/repeat_penalty', '/top_k'])
  })
})
