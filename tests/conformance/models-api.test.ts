import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelView } from '../../packages/gateway/src/server/admin/models.js'
import { addKey, openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 2, config: { model: { aliases: { smart: 'gpt-5.5-high' } } } })
  await addKey(house, { vendor: 'compatible', provider: 'deepseek', models: ['deepseek-chat'], label: 'work' })
})
afterAll(() => house.close())

async function ask<Body = Record<string, unknown>>(method: string, path: string, body?: unknown) {
  const reply = await fetch(`${house.url}/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: (await reply.json()) as Body }
}
const models = async () => (await ask<{ models: ModelView[] }>('GET', 'models')).body.models
const named = async (name: string) => (await models()).find((model) => model.name === name)

describe('the catalog', () => {
  test('tells what is known of a Codex model, what it costs and who serves it', async () => {
    expect(await named('gpt-5.5')).toMatchObject({
      kind: 'model',
      target: 'codex:gpt-5.5',
      contextWindow: 272_000,
      efforts: expect.arrayContaining(['high']) as string[],
      price: { input: 5, cached: 0.5, output: 30, from: '2026-04-23' },
      servedBy: { accounts: 2, readyAccounts: 2, keys: [] },
    })
  })

  test('tells models of API keys, and aliases with what they stand for', async () => {
    expect(await named('deepseek-chat')).toMatchObject({
      target: 'deepseek:deepseek-chat',
      source: 'api key',
      servedBy: { accounts: 0, keys: [{ name: 'work', ready: true }] },
    })
    expect(await named('smart')).toMatchObject({ kind: 'alias', target: 'codex:gpt-5.5' })
  })

  test('is read anew in the background, and what cannot be read is told', async () => {
    await addKey(house, { vendor: 'openai', models: ['gpt-4o'], label: 'gone' })
    const { body } = await ask<{ ok: boolean; message: string; task: { id: string } }>('POST', 'refresh-models')
    expect(body).toMatchObject({ ok: true, message: expect.any(String) as string })
    const task = async () =>
      (await ask<{ state: string; done: number; total: number }>('GET', `tasks/${body.task.id}`)).body
    await expect.poll(async () => (await task()).state).toBe('done')
    expect(await task()).toMatchObject({ done: 3, total: 3 })
    expect(await named('gpt-5.5')).toMatchObject({ source: 'backend', plans: ['plus'] })
  })
})

describe('names and where they lead', () => {
  test('are told with what is wrong with them', async () => {
    const { body } = await ask('GET', 'model-routing')
    expect(body).toMatchObject({
      writable: true,
      defaultModel: { name: 'gpt-5.5', leads: { target: 'codex:gpt-5.5', problem: null } },
      aliases: [{ name: 'smart', to: 'gpt-5.5-high', leads: { target: 'codex:gpt-5.5', effort: 'high' } }],
      patterns: expect.arrayContaining([{ name: 'claude-*', to: 'anthropic', configured: false }]) as unknown[],
      providers: expect.arrayContaining(['codex', 'deepseek']) as string[],
    })
  })

  test('are saved into the file and are in force at the next request', async () => {
    const saved = await ask('PATCH', 'model-routing', {
      aliases: { smart: 'gpt-5.5-high', cheap: 'deepseek-chat' },
      fallbacks: { smart: [{ to: 'cheap' }, { to: 'gpt-5.4', when: ['refused'] }] },
      customModels: [{ id: 'gpt-secret' }, { id: 'gpt-known', contextWindow: 1000, efforts: ['low'] }],
    })
    expect(saved).toMatchObject({ status: 200, body: { warnings: [], routing: { aliases: [{}, { name: 'cheap' }] } } })
    const file = await readFile(join(house.home, 'config.yaml'), 'utf8')
    expect(file).toContain('cheap')
    const answer = await house.openai.chat.completions.create({
      model: 'cheap',
      messages: [{ role: 'user', content: 'Hi' }],
    })
    expect(answer.choices[0]?.message.content).toEqual(expect.any(String))
    expect(await named('gpt-known')).toMatchObject({ source: 'configured', contextWindow: 1000, efforts: ['low'] })
    expect((await ask('GET', 'model-routing')).body).toMatchObject({
      fallbacks: [
        {
          name: 'smart',
          steps: [
            { to: 'cheap', when: ['quota', 'overloaded', 'unavailable'], ownCases: false },
            { to: 'gpt-5.4', when: ['refused'], ownCases: true },
          ],
        },
      ],
      customModels: [{ id: 'gpt-secret' }, { id: 'gpt-known', contextWindow: 1000, efforts: ['low'] }],
    })
  })

  test('that go in a circle are refused at their place, and nothing is saved', async () => {
    const change = { aliases: { smart: 'gpt-5.5-high', a: 'b', b: 'a' } }
    expect(await ask('PATCH', 'model-routing', change)).toMatchObject({
      status: 400,
      body: { code: 'alias_circle', pointer: '/aliases/a', error: expect.stringContaining('a → b → a') as string },
    })
    expect(await ask('POST', 'model-routing/check', change)).toMatchObject({
      body: { problems: [{ pointer: '/aliases/a', code: 'circle', refused: true }, { pointer: '/aliases/b' }] },
    })
    expect(house.configFile.current().config.model.aliases).not.toHaveProperty('a')
  })

  test('that lead nowhere yet are saved and told', async () => {
    const aliases = { ...house.configFile.current().config.model.aliases, 'to~/come': 'not-there-yet' }
    expect(await ask('PATCH', 'model-routing', { aliases })).toMatchObject({
      status: 200,
      body: { warnings: [{ pointer: '/aliases/to~0~1come', code: 'unknown', refused: false }] },
    })
  })

  test.each<[object, string]>([
    [{ aliases: { x: '' } }, '/aliases/x'],
    [{ aliases: ['x'] }, '/aliases'],
    [{ fallbacks: { x: [] } }, '/fallbacks/x'],
    [{ fallbacks: { x: [{ to: 'y', when: ['never'] }] } }, '/fallbacks/x/0/when/0'],
    [{ customModels: [{ id: 'x', contextWindow: -1 }] }, '/customModels/0/contextWindow'],
  ])('%j is refused at %s', async (change, pointer) => {
    expect(await ask('PATCH', 'model-routing', change)).toMatchObject({ status: 400, body: { pointer } })
  })
})

describe('an explanation', () => {
  test('tells the rules, each with where it leads, and who would answer', async () => {
    expect((await ask('POST', 'explain', { model: 'smart' })).body).toMatchObject({
      route: {
        rules: expect.arrayContaining([
          expect.objectContaining({ rule: 'alias', outcome: 'decided', to: 'gpt-5.5-high' }) as unknown,
          expect.objectContaining({ rule: 'codex_catalog', outcome: 'decided', to: 'codex:gpt-5.5' }) as unknown,
        ]) as unknown[],
      },
      targets: [{ candidates: [{ verdict: 'taken' }, { verdict: 'next' }] }, {}, {}],
    })
  })

  test('of an unknown name tells the nearest ones', async () => {
    const { body } = await ask<{ nearest: string[] }>('POST', 'explain', { model: 'gpt-5,5' })
    expect(body.nearest).toHaveLength(3)
    expect(body.nearest[0]).toBe('gpt-5.5')
  })
})
