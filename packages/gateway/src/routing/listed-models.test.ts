import { describe, expect, test } from 'vitest'
import type { KeyModels } from './key-models.js'
import { keysOf, routingOf } from './testing/names.js'

describe('lists', () => {
  const keys = keysOf('openai:gpt-4o', 'openrouter:gpt-4o', 'openai:gpt-5.5', 'mistral:e5!', 'any:*')

  test('name every model once, and with its provider where several have it', () => {
    const names = routingOf({ aliases: { smart: 'gpt-5.5', broken: 'x' }, routes: { mine: 'demo' } }, keys).names()
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining([
        'gpt-4o',
        'openai:gpt-4o',
        'openrouter:gpt-4o',
        'gpt-5.5',
        'codex:gpt-5.5',
        'openai:gpt-5.5',
        'e5',
        'smart',
        'mine',
        'demo',
      ]),
    )
    expect(names).not.toContain('mistral:e5')
    expect(names).not.toContain('codex-auto-review')
  })

  test('tell of each name what answers to it; names that lead nowhere are left out', () => {
    const routing = routingOf({ aliases: { smart: 'codex:gpt-5.5-high', broken: 'x' } }, keys)
    const models = new Map(routing.models().map((model) => [model.name, model]))
    expect(models.get('gpt-4o')).toMatchObject({ owner: 'openai', capabilities: ['chat'], source: 'api key' })
    expect(models.get('openrouter:gpt-4o')).toMatchObject({ owner: 'openrouter', model: 'gpt-4o' })
    expect(models.get('gpt-5.4')).toMatchObject({ owner: 'openai', provider: 'codex', contextWindow: 272_000 })
    expect(models.get('codex:gpt-5.5')).toMatchObject({ provider: 'codex', codex: { slug: 'gpt-5.5' } })
    expect(models.get('smart')).toMatchObject({ owner: 'dragoman', displayName: 'smart', contextWindow: 272_000 })
    expect(models.get('e5')).toMatchObject({ owner: 'mistral', capabilities: ['embeddings'] })
    expect(models.get('demo')).toMatchObject({ owner: 'dragoman', provider: 'demo' })
    expect(models.has('broken')).toBe(false)
  })

  test('of several providers the least limits hold', () => {
    const sized: KeyModels = {
      ...keys,
      models: () => [
        { id: 'gpt-4o', provider: 'openai', capabilities: ['chat'], contextWindow: 128_000, maxOutputTokens: 16_384 },
        { id: 'gpt-4o', provider: 'openrouter', capabilities: ['chat'], contextWindow: 64_000 },
      ],
    }
    expect(routingOf({}, sized).model('gpt-4o')).toMatchObject({ contextWindow: 64_000, maxOutputTokens: 16_384 })
    expect(routingOf({}, sized).model('openai:gpt-4o')).toMatchObject({ contextWindow: 128_000 })
  })

  test('every name that is listed for conversations can be asked for', () => {
    const routing = routingOf({}, keys)
    for (const { name, capabilities } of routing.models()) {
      if (capabilities.includes('chat')) expect(routing.resolve(name), name).toHaveProperty('targets')
    }
  })
})
