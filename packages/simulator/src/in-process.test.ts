import { deltaText, responseReducer, type PivotRequest } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { answer, play } from './index.js'

const request: PivotRequest = {
  model: 'demo',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Good morning' }] }],
}

describe('the demo in the process', () => {
  test('says that it is a demo, repeats what was said, and tells the way to a real model', () => {
    const reducer = responseReducer()
    reducer.push([...play(answer(request, { voice: 'demo' }), { request })].map(({ event }) => event))
    const text = JSON.stringify(reducer.response().output)
    expect(reducer.ended).toBe(true)
    expect(text).toContain('demo model')
    expect(text).toContain('Good morning')
    expect(text).toContain('dragoman login')
  })

  test('gives the response the id, model and time that it is told', () => {
    const about = { request, responseId: 'resp_1', model: 'other', createdAt: 1_700_000_000 }
    const [created] = play(answer(request), about)
    expect(created?.event).toMatchObject({
      type: 'response.created',
      response: { id: 'resp_1', model: 'other', created_at: 1_700_000_000, status: 'in_progress' },
    })
  })

  test('spreads a reply over time where the scene asks for it', () => {
    const scene = [{ type: 'pace', deltaMs: 20 } as const, ...answer(request)]
    const deltas = [...play(scene, { request })].filter(({ event }) => event.type === 'response.output_text.delta')
    expect(deltas.length).toBeGreaterThan(3)
    expect(new Set(deltas.map(({ afterMs }) => afterMs))).toEqual(new Set([20]))
    expect(deltas.map(({ event }) => deltaText(event as { escaped: string })).join('')).toContain('Good morning')
  })
})
