import { describe, expect, test } from 'vitest'
import { serve } from '../serve/index.js'
import { encodeRequest } from './encode-request.js'

type Json = Record<string, unknown>

const HI = { role: 'user', content: 'hi' }

function encoded(body: Json, effort: string | undefined, model: string) {
  const { value } = serve.decodeRequest({ model: 'm', max_tokens: 10_000, messages: [HI], ...body }, { headers: {} })
  const asked =
    effort === undefined ? {} : { reasoning: { ...value.reasoning, effort: value.reasoning?.effort ?? effort } }
  const told = encodeRequest({ ...value, ...asked }, { model, rules: 'compatible' }).value
  const { max_tokens, thinking, output_config, temperature } = told
  return JSON.parse(JSON.stringify({ max_tokens, thinking, output_config, temperature })) as Json
}

const OLD = 'claude-sonnet-4-5'
const NEW = 'claude-opus-4-7'
const FORMAT = { type: 'json_schema', schema: { type: 'object' } }

describe('an effort that the name of the model says for a client of this dialect', () => {
  test.each<[string, Json, string, Json]>([
    ['a budget', {}, OLD, { thinking: { type: 'enabled', budget_tokens: 8_976 } }],
    ['a word', {}, NEW, { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
    [
      'beside a format',
      { output_config: { format: FORMAT } },
      NEW,
      { thinking: { type: 'adaptive' }, output_config: { format: FORMAT, effort: 'high' } },
    ],
    [
      'beside thinking that is left to the model',
      { thinking: { type: 'adaptive', display: 'omitted' } },
      NEW,
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
    ],
    [
      'without a temperature, which does not go with it',
      { temperature: 0.5 },
      NEW,
      {
        thinking: { type: 'adaptive' },
        output_config: { effort: 'high' },
      },
    ],
  ])('%s', (_, body, model, expected) => {
    expect(encoded(body, 'high', model)).toEqual({ max_tokens: 10_000, ...expected })
  })

  test.each<[string, Json]>([
    ['its own effort', { output_config: { effort: 'low' } }],
    ['its own budget', { thinking: { type: 'enabled', budget_tokens: 1_024 } }],
    ['no thinking', { thinking: { type: 'disabled' }, temperature: 0.5 }],
  ])('is not heard by who asks for %s', (_, body) => {
    expect(encoded(body, 'high', NEW)).toEqual({ max_tokens: 10_000, ...body })
  })

  test('nobody says anything', () => {
    expect(encoded({ temperature: 0.5 }, undefined, NEW)).toEqual({ max_tokens: 10_000, temperature: 0.5 })
  })
})

describe('a turn of several calls that began with a thought', () => {
  test('goes on thinking', () => {
    const thought = { type: 'reasoning', summary: [], extra: { 'anthropic-messages': { signature: 's' } } } as const
    const step = (id: string) => [
      { type: 'function_call', call_id: id, name: 'ls', arguments: '{}' },
      { type: 'function_call_output', call_id: id, output: '' },
    ]
    const hi = { type: 'message', role: 'user', content: 'hi' } as const
    const request = (...input: { type: string }[]) =>
      encodeRequest({ model: 'm', input, reasoning: { effort: 'low' } }, { model: OLD, rules: 'compatible' }).value
    expect(request(hi, thought, ...step('a'), ...step('b'))).toHaveProperty('thinking')
    expect(request(hi, thought, ...step('a'), hi, ...step('b'))).not.toHaveProperty('thinking')
  })
})
