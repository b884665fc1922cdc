import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCatalog } from './catalog.js'
import { explainText } from './explanation.js'
import { noKeyModels, type KeyModelEntry, type KeyModels } from './key-models.js'
import type { RouteRules, RouteTarget } from './route.js'
import { createRouting } from './routing.js'

const rules: RouteRules = {
  defaultModel: 'gpt-5.5',
  aliases: {
    smart: 'gpt-6-astra-high',
    quick: 'gpt-6-luna-fast',
    again: 'smart',
    'my-high': 'gpt-5.5',
    broken: 'gpt-99',
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

/** `provider:model` as listed by a key; `provider:*` is a key that takes every name; `provider:model!` makes embeddings alone. */
function keysOf(...listed: readonly string[]): KeyModels {
  const parsed = listed.map((text) => {
    const at = text.indexOf(':')
    const embeds = text.endsWith('!')
    return { provider: text.slice(0, at), id: text.slice(at + 1, embeds ? -1 : undefined), embeds }
  })
  const models = parsed
    .filter(({ id }) => id !== '*')
    .map(({ provider, id, embeds }): KeyModelEntry => ({
      provider,
      id,
      capabilities: [embeds ? 'embeddings' : 'chat'],
    }))
  return {
    providers: () => [...new Set(parsed.map(({ provider }) => provider))],
    serves: (model, within) =>
      parsed.some(
        ({ provider, id, embeds }) =>
          !embeds && (within === undefined ? id === model : provider === within && (id === model || id === '*')),
      ),
    models: () => models,
  }
}

const routingOf = (change: Partial<RouteRules> = {}, keys = noKeyModels) =>
  createRouting(createCatalog(), keys, () => ({ ...rules, ...change }))

const bare = ({ why, ...target }: RouteTarget) => {
  expect(why).not.toBe('')
  return target
}
function resolve(name: string, change: Partial<RouteRules> = {}, keys = noKeyModels) {
  const route = routingOf(change, keys).resolve(name)
  if ('kind' in route) return { kind: route.kind, message: route.message }
  return bare(route.targets[0])
}
/** `provider:model`, with what suffixes asked for; or the kind of the failure. */
function short(name: string, change: Partial<RouteRules> = {}, keys = noKeyModels): string {
  const target = resolve(name, change, keys)
  if ('kind' in target) return target.kind
  const { provider, within, model, effort, serviceTier } = target
  return [`${within ?? provider}:${model}`, effort, serviceTier].filter((word) => word !== undefined).join(' ')
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

describe('an explanation', () => {
  const keys = keysOf('openai:gpt-5.5', 'openrouter:gpt-4o')
  const routing = routingOf(
    {
      aliases: { smart: 'gpt-5.5-high' },
      routes: { 'gpt-5.5': 'codex' },
      fallbacks: { smart: ['codex:gpt-5.5', 'no-such'] },
    },
    keys,
  )
  const told = routing.explain('smart')

  test('tells each rule that was looked at, what decided and what it shadows', () => {
    expect(told.rules.map(({ name, rule, outcome }) => `${name} ${rule} ${outcome}`)).toEqual([
      'smart api_key_model no',
      'smart provider_prefix no',
      'smart demo no',
      'smart alias decided',
      'gpt-5.5-high api_key_model no',
      'gpt-5.5-high provider_prefix no',
      'gpt-5.5-high demo no',
      'gpt-5.5-high alias no',
      'gpt-5.5-high routes no',
      'gpt-5.5-high codex_catalog no',
      'gpt-5.5 api_key_model decided',
      'gpt-5.5 routes shadowed',
      'gpt-5.5 codex_catalog shadowed',
    ])
    expect(told).toMatchObject({
      asked: 'smart',
      name: 'smart',
      suffixes: ['-high'],
      targets: [
        { provider: 'keys', within: 'openai', model: 'gpt-5.5', effort: 'high' },
        { provider: 'codex', model: 'gpt-5.5', effort: 'high', when: ['quota', 'overloaded', 'unavailable'] },
      ],
      leftOut: [{ step: 'no-such' }],
    })
  })

  test('is plain data, and the same route as asked for', () => {
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
    expect(routing.resolve('smart')).toEqual({ targets: told.targets })
  })

  test('reads well in a terminal', () => {
    expect(explainText(told)).toMatchInlineSnapshot(`
      "smart
        · models of API keys   no API key lists it
        · provider:model       no provider stands before it
        · the demo             it is not the demo
        → model.aliases        alias smart = gpt-5.5-high
        as gpt-5.5-high
        · models of API keys   no API key lists it
        · provider:model       no provider stands before it
        · the demo             it is not the demo
        · model.aliases        no alias
        · model.routes         no entry
        · Codex catalog        Codex lists no such model
        as gpt-5.5
        → models of API keys   listed by the API keys of openai
        ( model.routes         would be: model.routes gpt-5.5 = codex)
        ( Codex catalog        would be: the Codex catalog)
        read off the name: -high

      Leads to
        1. openai:gpt-5.5, effort high
        2. codex:gpt-5.5, effort high, when: quota, overloaded, unavailable
        left out: no-such: there is no model "no-such"; the nearest names are demo, gpt-4o, gpt-5.4
      "
    `)
    expect(explainText(routing.explain('nix\u001b[2J'))).not.toContain('\u001b')
  })

  test('of what leads nowhere says the same as the refusal', () => {
    const refused = routing.resolve('nothing')
    expect(routing.explain('nothing')).toMatchObject({ targets: [], problem: 'message' in refused && refused.message })
  })
})

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
