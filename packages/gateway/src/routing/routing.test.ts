import { describe, expect, test } from 'vitest'
import { createCatalog } from './catalog.js'
import { codexModelInfo } from './codex-model-info.js'
import { noKeyModels } from './key-models.js'
import type { RouteRules } from './route.js'
import { createRouting } from './routing.js'

const rules: RouteRules = {
  defaultModel: 'gpt-5.5',
  aliases: {
    smart: 'gpt-6-astra-high',
    quick: 'gpt-6-luna-fast',
    again: 'smart',
    'my-high': 'gpt-5.5',
    a: 'b',
    b: 'a',
  },
  routes: {},
  patterns: {},
  fallbacks: {},
  claudeModels: { opus: 'gpt-5.5', sonnet: 'gpt-5.4', haiku: 'gpt-5.4-mini', loop: 'claude-loop' },
  effort: '',
  serviceTier: '',
  demo: true,
  codex: true,
}
const resolve = (name: string, change: Partial<RouteRules> = {}) => {
  const route = createRouting(createCatalog(), noKeyModels, () => ({ ...rules, ...change })).resolve(name)
  if ('kind' in route) return { kind: route.kind, message: route.message }
  const { why, ...rest } = route.targets[0]
  expect(why).not.toBe('')
  return rest
}

describe('where a model name leads', () => {
  test.each([
    ['gpt-5.5', { provider: 'codex', model: 'gpt-5.5' }],
    ['', { provider: 'codex', model: 'gpt-5.5' }],
    ['demo', { provider: 'demo', model: 'demo' }],
    ['gpt-5.5-high', { provider: 'codex', model: 'gpt-5.5', effort: 'high' }],
    ['gpt-5.5-fast', { provider: 'codex', model: 'gpt-5.5', serviceTier: 'priority' }],
    ['gpt-5.5-high-fast', { provider: 'codex', model: 'gpt-5.5', effort: 'high', serviceTier: 'priority' }],
    ['gpt-5.5-flex-xhigh', { provider: 'codex', model: 'gpt-5.5', effort: 'xhigh', serviceTier: 'flex' }],
    ['codex:gpt-9-unheard-of', { provider: 'codex', model: 'gpt-9-unheard-of' }],
    ['codex:gpt-5.5-low', { provider: 'codex', model: 'gpt-5.5', effort: 'low' }],
    ['claude-opus-4-7', { provider: 'codex', model: 'gpt-5.5' }],
    ['claude-sonnet-4-6', { provider: 'codex', model: 'gpt-5.4' }],
    ['claude-3-5-haiku-20241022', { provider: 'codex', model: 'gpt-5.4-mini' }],
    ['claude-opus-4-7-high', { provider: 'codex', model: 'gpt-5.5', effort: 'high' }],
    ['smart', { provider: 'codex', model: 'gpt-6-astra', effort: 'high' }],
    ['again', { provider: 'codex', model: 'gpt-6-astra', effort: 'high' }],
    ['smart-low', { provider: 'codex', model: 'gpt-6-astra', effort: 'low' }],
    ['quick-max', { provider: 'codex', model: 'gpt-6-luna', effort: 'max', serviceTier: 'priority' }],
    ['my-high', { provider: 'codex', model: 'gpt-5.5' }],
    ['gpt-5.5:latest', { provider: 'codex', model: 'gpt-5.5' }],
    ['gpt-5.5-high:latest', { provider: 'codex', model: 'gpt-5.5', effort: 'high' }],
    ['smart:latest', { provider: 'codex', model: 'gpt-6-astra', effort: 'high' }],
    ['demo:latest', { provider: 'demo', model: 'demo' }],
    ['codex:gpt-5.5-low:latest', { provider: 'codex', model: 'gpt-5.5', effort: 'low' }],
    ['claude-opus-4-7:latest', { provider: 'codex', model: 'gpt-5.5' }],
  ])('%s', (name, expected) => {
    expect(resolve(name)).toEqual(expected)
  })

  test('configured wishes stand behind those of the name', () => {
    expect(resolve('gpt-5.5', { effort: 'low', serviceTier: 'flex' })).toEqual({
      provider: 'codex',
      model: 'gpt-5.5',
      effort: 'low',
      serviceTier: 'flex',
    })
    expect(resolve('gpt-5.5-max', { effort: 'low' })).toMatchObject({ effort: 'max' })
  })

  test.each(['gpt-5.5-high-low', 'gpt-55', 'claude', '__proto__', 'constructor', '-high', 'high'])(
    'unknown: %s',
    (name) => {
      const failure = resolve(name)
      expect(failure).toMatchObject({ kind: 'not_found' })
    },
  )

  test('an unknown name is answered with the three nearest', () => {
    expect(resolve('gpt-5.6-soll')).toMatchObject({ message: expect.stringMatching(/gpt-5\.6-sol, .*, /) })
  })

  test('a circle of aliases is an error that shows it', () => {
    expect(resolve('a')).toMatchObject({ kind: 'invalid_request', message: expect.stringContaining('a → b → a') })
  })

  test('what is switched off does not exist', () => {
    expect(resolve('demo', { demo: false })).toMatchObject({ kind: 'not_found' })
    expect(resolve('gpt-5.5', { codex: false })).toMatchObject({ kind: 'not_found' })
  })
})

describe('the catalog', () => {
  test('takes over what the backend lists and keeps every field of it', () => {
    const catalog = createCatalog()
    void catalog.learn('plus', {
      models: [{ slug: 'gpt-7', display_name: 'GPT-7', context_window: 500, something_new: [1] }],
      etag: '"e1"',
    })
    expect(catalog.find('gpt-7')).toMatchObject({ displayName: 'GPT-7', contextWindow: 500, source: 'backend' })
    expect(codexModelInfo(catalog.find('gpt-7')!, 0)).toMatchObject({ something_new: [1] })
    expect(catalog.find('gpt-5.5')).toMatchObject({ source: 'bundled 2026-11' })
  })

  test('an empty list changes nothing', () => {
    const catalog = createCatalog()
    void catalog.learn('plus', { models: [], etag: '"e1"' })
    expect(catalog.etag).toBe(undefined)
    expect(catalog.find('gpt-5.5')).toBeDefined()
  })

  test('a bundled entry has the eleven keys that a Codex client needs', () => {
    const info = codexModelInfo(createCatalog().find('gpt-5.5')!, 3)
    for (const key of [
      'slug',
      'display_name',
      'supported_reasoning_levels',
      'shell_type',
      'visibility',
      'supported_in_api',
      'priority',
      'support_verbosity',
      'truncation_policy',
      'experimental_supported_tools',
      'base_instructions',
    ]) {
      expect(info).toHaveProperty(key)
    }
  })
})
