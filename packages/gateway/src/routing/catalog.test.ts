import { beforeEach, describe, expect, test } from 'vitest'
import type { Config } from '../config/index.js'
import { createCatalog, type CatalogOptions, type ModelLists } from './catalog.js'
import { codexModelInfo } from './codex-model-info.js'

type Kept = NonNullable<Awaited<ReturnType<ModelLists['get']>>>

let kept: Map<string, Kept>
let clock: number
let lists: ModelLists
beforeEach(() => {
  kept = new Map()
  clock = 1_000
  lists = {
    list: () => Promise.resolve([...kept.keys()].map((source) => ({ source }))),
    get: (source) => Promise.resolve(kept.get(source)),
    put(source, { models, etag }) {
      kept.set(source, { models, etag, fetchedAt: clock })
      return Promise.resolve()
    },
  }
})
const catalogOf = (options: Partial<CatalogOptions> = {}) => createCatalog({ lists, now: () => clock, ...options })
const told = (...slugs: readonly string[]) => ({ models: slugs.map((slug) => ({ slug })), etag: `"${slugs.join()}"` })

describe('the catalog', () => {
  test('takes over what the backend lists and keeps every field of it', async () => {
    const catalog = catalogOf()
    await catalog.learn('plus', {
      models: [
        { slug: 'gpt-7', display_name: 'GPT-7', context_window: 500, max_output_tokens: 50, something_new: [1] },
      ],
      etag: '"e1"',
    })
    const model = catalog.find('gpt-7')
    expect(model).toMatchObject({ displayName: 'GPT-7', contextWindow: 500, maxOutputTokens: 50, source: 'backend' })
    expect(model).toMatchObject({ fetchedAt: 1_000, lite: false })
    expect(codexModelInfo(model!, 0)).toMatchObject({ something_new: [1] })
    expect(catalog.find('gpt-5.5')).toMatchObject({ source: 'bundled 2026-11' })
  })

  test('an empty list changes nothing', async () => {
    const catalog = catalogOf()
    await catalog.learn('plus', told('gpt-7'))
    await catalog.learn('plus', { models: [], etag: '"e2"' })
    expect(catalog.etagOf('plus')).toBe('"gpt-7"')
    expect(catalog.find('gpt-7')).toBeDefined()
    expect(kept.get('codex:plus')?.models).toHaveLength(1)
  })

  test('a newer list of a plan takes the place of the older; other plans keep theirs', async () => {
    const catalog = catalogOf()
    await catalog.learn('plus', told('gpt-7', 'gpt-8'))
    await catalog.learn('pro', told('gpt-8', 'gpt-9'))
    await catalog.learn('plus', told('gpt-7.1'))
    expect(catalog.find('gpt-7')).toBeUndefined()
    expect(catalog.find('gpt-7.1')).toBeDefined()
    expect(catalog.find('gpt-9')).toBeDefined()
    expect(catalog.plansOf('gpt-8')).toEqual(new Set(['pro']))
  })

  test('of a model that several plans list the newest entry holds', async () => {
    const catalog = catalogOf()
    await catalog.learn('plus', { models: [{ slug: 'm', display_name: 'old' }], etag: undefined })
    clock = 2_000
    await catalog.learn('pro', { models: [{ slug: 'm', display_name: 'new' }], etag: '"p"' })
    expect(catalog.find('m')?.displayName).toBe('new')
    expect(catalog.etag).toBe('"p"')
    clock = 3_000
    await catalog.learn('plus', { models: [{ slug: 'm', display_name: 'newest' }], etag: undefined })
    expect(catalog.find('m')?.displayName).toBe('newest')
    expect(catalog.sources()).toEqual([
      { source: 'codex:plus', models: 1, fetchedAt: 3_000 },
      { source: 'codex:pro', models: 1, fetchedAt: 2_000 },
    ])
  })

  test('tells which plans may be asked for a model', async () => {
    const catalog = catalogOf()
    expect(catalog.plansOf('gpt-7')).toBeUndefined()
    expect(catalog.openTo('gpt-7', 'plus')).toBe(true)
    await catalog.learn('plus', told('gpt-7'))
    await catalog.learn('pro', told('gpt-7', 'gpt-8'))
    expect(catalog.plansOf('gpt-7')).toEqual(new Set(['plus', 'pro']))
    expect(catalog.openTo('gpt-8', 'plus')).toBe(false)
    expect(catalog.openTo('gpt-8', 'pro')).toBe(true)
    // Nothing is known of these plans, and nobody lists the model at all.
    expect(catalog.openTo('gpt-8', 'team')).toBe(true)
    expect(catalog.openTo('gpt-8', undefined)).toBe(true)
    expect(catalog.openTo('gpt-hidden', 'plus')).toBe(true)
  })

  test('the backend says which models take the lite shape; of others their generation does', async () => {
    const catalog = catalogOf({ custom: () => ['gpt-6.2-nova', 'gpt-60'] })
    const lite = (slug: string) => catalog.find(slug)?.lite
    expect(['gpt-5.6-sol', 'gpt-6-astra', 'gpt-6.1-terra', 'gpt-6.2-nova'].map(lite)).toEqual([true, true, true, true])
    expect(['gpt-5.5', 'gpt-5.4-mini', 'gpt-60'].map(lite)).toEqual([false, false, false])
    await catalog.learn('plus', {
      models: [{ slug: 'gpt-5.5', use_responses_lite: true }, { slug: 'gpt-6-sol' }],
      etag: undefined,
    })
    expect([lite('gpt-5.5'), lite('gpt-6-sol')]).toEqual([true, false])
  })

  test('a bundled entry has the eleven keys that a Codex client needs', () => {
    const info = codexModelInfo(catalogOf().find('gpt-5.5')!, 3)
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

describe('models of the configuration', () => {
  test('are there at once, change with it, and go before what others say', async () => {
    let custom: Config['model']['custom_models'] = []
    const catalog = catalogOf({ custom: () => custom })
    expect(catalog.find('gpt-x')).toBeUndefined()
    custom = ['gpt-x', { id: 'gpt-5.5', display_name: 'Mine', context_window: 400_000, max_output_tokens: 9 }]
    expect(catalog.find('gpt-x')).toMatchObject({ displayName: 'gpt-x', listed: true, source: 'configured' })
    await catalog.learn('plus', {
      models: [{ slug: 'gpt-5.5', display_name: 'GPT', context_window: 1 }],
      etag: undefined,
    })
    expect(catalog.find('gpt-5.5')).toMatchObject({
      displayName: 'Mine',
      contextWindow: 400_000,
      maxContextWindow: 400_000,
      maxOutputTokens: 9,
      defaultEffort: 'medium',
      source: 'configured',
    })
    custom = []
    expect(catalog.find('gpt-x')).toBeUndefined()
    expect(catalog.find('gpt-5.5')).toMatchObject({ displayName: 'GPT', source: 'backend' })
  })
})

describe('what is kept', () => {
  test('is known to the next start, and to another process', async () => {
    await catalogOf().learn('plus', told('gpt-7'))
    const later = catalogOf()
    await later.load()
    expect(later.find('gpt-7')).toMatchObject({ source: 'backend', fetchedAt: 1_000 })
    expect(later.etagOf('plus')).toBe('"gpt-7"')
    clock = 2_000
    await catalogOf().learn('plus', told('gpt-8'))
    await later.load()
    expect(later.find('gpt-8')).toBeDefined()
    expect(later.find('gpt-7')).toBeUndefined()
  })

  test('does not replace what was learned since', async () => {
    const catalog = catalogOf()
    await catalog.learn('plus', told('gpt-7'))
    kept.set('codex:plus', { models: [{ slug: 'gpt-old' }], fetchedAt: 500 })
    await catalog.load()
    expect(catalog.find('gpt-7')).toBeDefined()
    expect(catalog.find('gpt-old')).toBeUndefined()
  })

  test('of other sources, or in a bad shape, is left alone', async () => {
    kept.set('key:ak_1', { models: [{ slug: 'not-mine' }], fetchedAt: 1 })
    kept.set('codex:plus', { models: [null, 'x', { id: 'y' }], fetchedAt: 1 })
    const catalog = catalogOf()
    await catalog.load()
    expect(catalog.find('not-mine')).toBeUndefined()
    expect(catalog.sources()).toEqual([])
    expect(catalog.plansOf('gpt-5.5')).toBeUndefined()
  })

  test('a store in trouble costs nothing but a warning', async () => {
    const warned: string[] = []
    const broken = () => Promise.reject(new Error('disk full'))
    const catalog = catalogOf({
      lists: { list: broken, get: broken, put: broken },
      log: { warn: (_: object, sentence: string) => void warned.push(sentence) },
    })
    await catalog.load()
    await catalog.learn('plus', told('gpt-7'))
    expect(catalog.find('gpt-7')).toBeDefined()
    expect(warned).toHaveLength(2)
  })
})
