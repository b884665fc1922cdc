import { describe, expect, test } from 'vitest'
import type { RouteRules } from './route.js'
import { keysOf, routingOf } from './testing/names.js'

describe('fallbacks', () => {
  const keys = keysOf('openai:gpt-4o', 'openai:gpt-5.5-pro', 'anthropic:claude-opus-4-7', 'a:shared', 'b:shared')
  const chain = (name: string, fallbacks: RouteRules['fallbacks'], change: Partial<RouteRules> = {}) => {
    const route = routingOf({ fallbacks, ...change }, keys).resolve(name)
    if ('kind' in route) return [route.kind]
    return route.targets.map(
      ({ provider, within, model, effort, when }) =>
        `${within ?? provider}:${model}${effort === undefined ? '' : ` ${effort}`}${when === undefined ? '' : ` (${when.join(' ')})`}`,
    )
  }
  const usual = '(quota overloaded unavailable)'

  test.each([
    ['by the name as asked', 'smart', { smart: ['gpt-4o'] }, ['codex:gpt-6-astra high', `openai:gpt-4o high ${usual}`]],
    ['by provider and model', 'my-high', { 'codex:gpt-5.5': ['gpt-4o'] }, ['codex:gpt-5.5', `openai:gpt-4o ${usual}`]],
    ['by the bare model', 'my-high', { 'gpt-5.5': ['gpt-4o'] }, ['codex:gpt-5.5', `openai:gpt-4o ${usual}`]],
    ['by pattern', 'gpt-5.5', { 'gpt-*': ['gpt-4o'] }, ['codex:gpt-5.5', `openai:gpt-4o ${usual}`]],
    [
      'an exact name before any pattern',
      'smart',
      { '*': ['demo'], 'gpt-6-astra': ['gpt-4o'] },
      ['codex:gpt-6-astra high', `openai:gpt-4o high ${usual}`],
    ],
    ['by one of the providers that list it', 'shared', { 'b:*': ['demo'] }, ['keys:shared', `demo:demo ${usual}`]],
    ['by the default model', '', { 'gpt-5.5': ['demo'] }, ['codex:gpt-5.5', `demo:demo ${usual}`]],
    ['without the tag', 'smart:latest', { smart: ['demo'] }, ['codex:gpt-6-astra high', `demo:demo high ${usual}`]],
    [
      'with cases',
      'gpt-5.5',
      { 'gpt-5.5': [{ to: 'gpt-5.5-pro', when: ['context_too_long'] }, 'demo'] },
      ['codex:gpt-5.5', 'openai:gpt-5.5-pro (context_too_long)', `demo:demo ${usual}`],
    ],
    [
      'a step may have its own effort',
      'gpt-5.5-high',
      { '*': ['gpt-4o-low'] },
      ['codex:gpt-5.5 high', `openai:gpt-4o low ${usual}`],
    ],
    [
      'steps that lead nowhere stay out',
      'gpt-5.5',
      { '*': ['nothing', 'a', 'gpt-4o'] },
      ['codex:gpt-5.5', `openai:gpt-4o ${usual}`],
    ],
    [
      'the same target is not asked twice',
      'gpt-5.5',
      { '*': ['codex:gpt-5.5', 'my-high', 'gpt-4o', 'openai:gpt-4o'] },
      ['codex:gpt-5.5', `openai:gpt-4o ${usual}`],
    ],
    [
      'the cases of a step and its twin add up',
      'gpt-5.5',
      {
        '*': [
          { to: 'gpt-4o', when: ['quota'] },
          { to: 'openai:gpt-4o', when: ['refused'] },
        ],
      },
      ['codex:gpt-5.5', 'openai:gpt-4o (quota refused)'],
    ],
    [
      'fallbacks of fallbacks are not followed',
      'gpt-5.5',
      { 'gpt-5.5': ['gpt-4o'], 'gpt-4o': ['demo'] },
      ['codex:gpt-5.5', `openai:gpt-4o ${usual}`],
    ],
    ['what leads nowhere has no fallback', 'nothing', { '*': ['demo'] }, ['not_found']],
    ['none', 'gpt-5.5', { 'gpt-4o': ['demo'] }, ['codex:gpt-5.5']],
  ] as [string, string, RouteRules['fallbacks'], string[]][])('%s', (_, name, fallbacks, expected) => {
    expect(chain(name, fallbacks)).toEqual(expected)
  })

  test('the configured effort is that of Codex steps alone', () => {
    expect(chain('gpt-4o', { '*': ['gpt-5.5'] }, { effort: 'low' })).toEqual([
      'openai:gpt-4o',
      `codex:gpt-5.5 low ${usual}`,
    ])
  })

  test('why a step has no part is told', () => {
    const { leftOut } = routingOf({ fallbacks: { '*': ['nothing', 'my-high'] } }, keys).explain('gpt-5.5')
    expect(leftOut).toMatchObject([
      { step: 'nothing', reason: expect.stringContaining('there is no model "nothing"') },
      { step: 'my-high', reason: 'it is what was asked first' },
    ])
  })
})
