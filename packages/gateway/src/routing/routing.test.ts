import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainText } from './explanation.js'
import type { RouteRules } from './route.js'
import { keysOf, resolve, routingOf, short } from './testing/names.js'

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
    ['my-high-fast', { provider: 'codex', model: 'gpt-5.5', serviceTier: 'priority' }],
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
    expect(short('gpt-4o', { effort: 'low', serviceTier: 'flex' }, keysOf('openai:gpt-4o'))).toBe('openai:gpt-4o')
  })

  test.each([
    'gpt-5.5-high-low',
    'gpt-55',
    'claude',
    '__proto__',
    'constructor',
    '-high',
    'high',
    'codex:',
    ':',
    'demo:x',
  ])('unknown: %s', (name) => {
    expect(resolve(name)).toMatchObject({ kind: 'not_found' })
  })

  test('an unknown name is answered with the three nearest', () => {
    expect(resolve('gpt-5.6-soll')).toMatchObject({ message: expect.stringMatching(/gpt-5\.6-sol, .*, /) })
  })

  test('an alias that leads nowhere says so', () => {
    expect(resolve('broken')).toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(/no model "broken": alias broken = gpt-99, and "gpt-99" is unknown; the nearest/),
    })
  })

  test('what is switched off does not exist', () => {
    expect(resolve('demo', { demo: false })).toMatchObject({ kind: 'not_found' })
    expect(resolve('gpt-5.5', { codex: false })).toMatchObject({ kind: 'not_found' })
    expect(resolve('codex:gpt-5.5', { codex: false })).toMatchObject({
      message: expect.stringContaining('codex.enabled is off'),
    })
  })
})

describe('the order of the rules', () => {
  const everywhere: Partial<RouteRules> = {
    aliases: { 'gpt-5.5': 'gpt-6-sol', 'x-high': 'gpt-6-luna', x: 'gpt-6-sol' },
    routes: { 'gpt-5.5': 'gpt-5.4', 'gpt-5.4': 'gpt-5.6-sol' },
  }
  test.each([
    ['a key that lists the name goes before an alias', 'gpt-5.5', everywhere, ['openai:gpt-5.5'], 'openai:gpt-5.5'],
    ['a provider prefix before an alias', 'codex:gpt-5.5', everywhere, ['openai:gpt-5.5'], 'codex:gpt-5.5'],
    ['an alias before the routing table and the catalog', 'gpt-5.5', everywhere, [], 'codex:gpt-6-sol'],
    ['the whole name before its suffixes', 'x-high', everywhere, [], 'codex:gpt-6-luna'],
    ['an alias after suffixes', 'x-low', everywhere, [], 'codex:gpt-6-sol low'],
    ['the routing table before the catalog', 'gpt-5.4', everywhere, [], 'codex:gpt-5.6-sol'],
    ['and after suffixes', 'gpt-5.4-low', everywhere, [], 'codex:gpt-5.6-sol low'],
    [
      'the catalog before patterns',
      'gpt-5.3-codex',
      { patterns: { 'gpt-*': 'openai' } },
      ['openai:*'],
      'codex:gpt-5.3-codex',
    ],
    [
      'patterns before Claude-shaped names',
      'claude-opus-4-7',
      { patterns: { 'claude-*': 'anthropic' } },
      ['anthropic:*'],
      'anthropic:claude-opus-4-7',
    ],
    [
      'Claude-shaped names when the pattern has no key',
      'claude-opus-4-7',
      { patterns: { 'claude-*': 'anthropic' } },
      [],
      'codex:gpt-5.5',
    ],
  ] as const)('%s', (_, name, change, keys, expected) => {
    expect(short(name, change, keysOf(...keys))).toBe(expected)
  })
})

describe('models of API keys', () => {
  const keys = keysOf(
    'deepseek:deepseek-chat',
    'openrouter:deepseek-chat',
    'ollama:llama3:8b',
    'openrouter:openai/gpt-4o:free',
    'any:*',
    'mistral:mistral-medium',
    'mistral:e5!',
  )
  test.each([
    ['a name that two providers list may go to either', 'deepseek-chat', 'keys:deepseek-chat'],
    ['a prefix says which', 'deepseek:deepseek-chat', 'deepseek:deepseek-chat'],
    ['a colon of the name is no prefix', 'llama3:8b', 'ollama:llama3:8b'],
    ['nor one after a slash', 'openai/gpt-4o:free', 'openrouter:openai/gpt-4o:free'],
    ['a prefix before such a name', 'ollama:llama3:8b', 'ollama:llama3:8b'],
    ['an effort is read off', 'deepseek-chat-high', 'keys:deepseek-chat high'],
    ['after a prefix too', 'deepseek:deepseek-chat-high', 'deepseek:deepseek-chat high'],
    ['a tier is for Codex alone', 'deepseek-chat-fast-low', 'keys:deepseek-chat low'],
    ['what exists is not taken apart', 'mistral-medium', 'mistral:mistral-medium'],
    ['nor after a prefix', 'mistral:mistral-medium', 'mistral:mistral-medium'],
    ['an effort behind such a name', 'mistral-medium-low', 'mistral:mistral-medium low'],
    ['a key for every name gets the name as it is', 'any:grok-4-fast-high', 'any:grok-4-fast-high'],
    ['but not without its prefix', 'grok-4', 'not_found'],
    ['the tag of an Ollama client', 'deepseek-chat:latest', 'keys:deepseek-chat'],
    ['a model for embeddings answers no conversation', 'e5', 'not_found'],
    ['a prefix without a model', 'any:', 'not_found'],
  ])('%s: %s', (_, name, expected) => {
    expect(short(name, {}, keys)).toBe(expected)
  })

  test('a provider that does not serve the model says so, and which names are near', () => {
    expect(resolve('deepseek:deepseek-chatt', {}, keys)).toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(
        /no key of deepseek serves "deepseek-chatt".*nearest names are deepseek:deepseek-chat/,
      ),
    })
  })

  test('an unknown provider is answered with the nearest names', () => {
    expect(resolve('depseek:deepseek-chat', {}, keys)).toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(/no model "depseek:deepseek-chat"; the nearest names are deepseek:deepseek-chat/),
    })
  })
})

describe('the routing table', () => {
  const keys = keysOf('openai:gpt-4o', 'azure:*')
  const routes = {
    'gpt-5.5': 'azure',
    'gpt-5.4': 'azure:my-deployment',
    best: 'smart',
    here: 'codex',
    play: 'demo',
    lost: 'azur',
    wrong: 'openai',
    'gpt-4o': 'azure',
    r1: 'r2',
    r2: 'r1-high',
    'gpt-5.3-codex': 'gpt-5.3-codex',
  }
  test.each([
    ['a provider gets the same name', 'gpt-5.5', 'azure:gpt-5.5'],
    ['suffixes are read before', 'gpt-5.5-low', 'azure:gpt-5.5 low'],
    ['provider:model', 'gpt-5.4', 'azure:my-deployment'],
    ['a model, an alias even', 'best', 'codex:gpt-6-astra high'],
    ['Codex', 'here', 'codex:here'],
    ['a key that lists the name is before the table', 'gpt-4o', 'openai:gpt-4o'],
    ['a circle', 'r1', 'invalid_request'],
    ['a circle of one', 'gpt-5.3-codex', 'invalid_request'],
    ['no such provider', 'lost', 'not_found'],
    ['a provider that does not serve it', 'wrong', 'not_found'],
  ])('%s', (_, name, expected) => {
    expect(short(name, { routes }, keys)).toBe(expected)
  })

  test('what cannot be done says why', () => {
    expect(resolve('wrong', { routes }, keys)).toMatchObject({
      message: expect.stringContaining('model.routes wrong = openai, but no key of openai serves "wrong"'),
    })
  })
})

describe('circles', () => {
  test('of aliases are shown', () => {
    expect(resolve('a')).toMatchObject({ kind: 'invalid_request', message: expect.stringContaining('a → b → a') })
    expect(resolve('a-high')).toMatchObject({ kind: 'invalid_request' })
  })
  test('through suffixes too', () => {
    expect(short('gpt-5.5', { aliases: { 'gpt-5.5': 'gpt-5.5-high' } })).toBe('invalid_request')
    expect(short('gpt-5.5', { aliases: { 'gpt-5.5': 'codex:gpt-5.5-high' } })).toBe('codex:gpt-5.5 high')
    expect(short('claude-loop-1')).toBe('invalid_request')
  })
})

test('a chain of names has an end, however long the table is', () => {
  const chain = (length: number) =>
    Object.fromEntries(Array.from({ length }, (_, at) => [`n${at}`, at === length - 1 ? 'gpt-5.5' : `n${at + 1}`]))
  expect(short('n0', { aliases: chain(50) })).toBe('codex:gpt-5.5')
  expect(short('n0', { aliases: chain(20_000) })).toBe('not_found')
})

describe('patterns', () => {
  const patterns = {
    'claude-*': 'anthropic',
    'claude-opus-*': 'any',
    'gemini-*': 'gemini',
    'grok-*': 'any',
    '*-mini': 'any:small',
    'gpt-*': 'codex',
    'play-*': 'demo',
  }
  const keys = keysOf('any:*', 'gemini:gemini-3-pro')
  test.each([
    ['the first that fits and has a key', 'claude-opus-4-7', 'any:claude-opus-4-7'],
    ['an effort is read off what still fits', 'claude-opus-4-7-high', 'any:claude-opus-4-7 high'],
    ["a vendor's own -fast stays", 'grok-4-fast', 'any:grok-4-fast'],
    ['a provider that does not serve it is passed over', 'gemini-9', 'not_found'],
    ['another model', 'nano-mini', 'any:small'],
    ['Codex for what its list does not know', 'gpt-77-low-fast', 'codex:gpt-77 low priority'],
    ['the demo', 'play-it', 'demo:demo'],
    ['a pattern without a key', 'claude-sonnet-5', 'codex:gpt-5.4'],
  ])('%s: %s', (_, name, expected) => {
    expect(short(name, { patterns }, keys)).toBe(expected)
  })
})

describe('whatever the names are', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'gpt-5.5', 'demo', 'p', 'm:1', 'claude-x', 'toString')
  const end = fc.constantFrom('', '-high', '-fast', '-low-flex', ':latest', '-max-max')
  const name = fc.oneof(
    fc.tuple(fc.constantFrom('', 'p:', 'codex:', 'q:', ':'), word, end).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  const table = fc.dictionary(fc.oneof(word, name), name, { maxKeys: 6 })
  const keys = keysOf('p:m:1', 'p:c', 'q:*')

  test('a route, a circle or a 404 comes of it, and an explanation that says the same', () => {
    fc.assert(
      fc.property(name, table, table, table, (asked, aliases, routes, patterns) => {
        const fallbacks = { '*': [...Object.values(aliases), 'a'].filter((to) => to !== '') }
        const routing = routingOf({ aliases, routes, patterns, fallbacks, claudeModels: { x: 'a' } }, keys)
        const route = routing.resolve(asked)
        const told = routing.explain(asked)
        if ('kind' in route) {
          expect(['not_found', 'invalid_request']).toContain(route.kind)
          expect(told).toMatchObject({ targets: [], problem: route.message })
        } else {
          expect(told.targets).toEqual(route.targets)
          expect(route.targets.slice(1).every(({ when }) => when !== undefined && when.length > 0)).toBe(true)
        }
        expect(explainText(told)).toMatch(/\n$/)
        routing.models()
      }),
      { numRuns: 300 },
    )
  })

  test('the order of suffixes does not matter', () => {
    const effort = fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra')
    const tier = fc.constantFrom('fast', 'flex')
    const base = fc.constantFrom('gpt-5.5', 'smart', 'again', 'c', 'codex:gpt-5.4', 'claude-opus-4-7', 'my-high')
    fc.assert(
      fc.property(base, effort, tier, (model, e, t) => {
        expect(resolve(`${model}-${e}-${t}`, {}, keys)).toEqual(resolve(`${model}-${t}-${e}`, {}, keys))
        expect(resolve(`${model}-${e}-${t}`, {}, keys)).toMatchObject({ effort: e })
      }),
    )
  })
})
