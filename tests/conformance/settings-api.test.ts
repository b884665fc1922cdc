import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

interface Setting {
  path: string
  type: string
  value: unknown
  default: unknown
  source: string
  locked: boolean
  restartPending: boolean
}

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 0, env: { DRAGOMAN_QUOTA_PROBE_MINUTES: '7' } })
})
afterAll(() => house.close())

/** As a program on this machine asks. */
async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(house.url + path, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: await reply.json() }
}

async function setting(path: string): Promise<Setting | undefined> {
  const { body } = await ask('GET', '/admin/config')
  return (body as { settings: Setting[] }).settings.find((one) => one.path === path)
}

const file = (): string => readFileSync(join(house.home, 'config.yaml'), 'utf8')

describe('the settings over the admin API', () => {
  test('are all told, with what a page needs to show them', async () => {
    expect(await setting('accounts.strategy')).toMatchObject({
      section: 'accounts',
      type: 'choice',
      choices: ['least_used', 'round_robin', 'sticky', 'earliest_reset', 'weighted'],
      default: 'least_used',
      value: 'least_used',
      source: 'default',
      locked: false,
      atStart: false,
      descriptionZh: expect.stringMatching(/\p{Script=Han}/u) as string,
    })
    expect(await setting('server.port')).toMatchObject({ type: 'number', whole: true, minimum: 0, maximum: 65535 })
    expect(await setting('model.default_tools')).toMatchObject({
      type: 'list',
      choices: ['web_search', 'image_generation'],
    })
    expect(await setting('model.fallbacks')).toMatchObject({ type: 'map', holds: 'anything' })
    expect(await setting('model.aliases')).toMatchObject({ type: 'map', holds: 'text' })
  })

  test('are in force before the answer, and in the file with their neighbours and comments', async () => {
    writeFileSync(join(house.home, 'config.yaml'), file().replace('base_url:', '# theirs\n  base_url:'))
    const saved = await ask('PATCH', '/admin/config', {
      'accounts.strategy': 'round_robin',
      'model.aliases': { smart: 'gpt-5.5-high' },
    })
    expect(saved).toEqual({
      status: 200,
      body: { saved: ['accounts.strategy', 'model.aliases'], restartRequired: [], overridden: [] },
    })
    expect(file()).toContain('  strategy: round_robin\n')
    expect(file()).toContain('# theirs\n')
    expect((await ask('GET', '/admin/pool')).body).toMatchObject({ strategy: 'round_robin' })
    expect(await setting('model.aliases')).toMatchObject({ value: { smart: 'gpt-5.5-high' }, source: 'file' })
    await ask('PATCH', '/admin/config', { 'accounts.strategy': null })
    expect(await setting('accounts.strategy')).toMatchObject({ value: 'least_used', source: 'default' })
    expect(file()).not.toContain('strategy')
  })

  test.each([
    [{ 'server.max_connections': 0 }, '/server.max_connections', /expected number/],
    [{ 'accounts.strategy': 'best' }, '/accounts.strategy', /least_used/],
    [
      { 'model.fallbacks': { 'gpt-5.5': [{ to: 'x', when: ['never'] }] } },
      '/model.fallbacks/gpt-5.5/0/when/0',
      /quota/,
    ],
    [{ 'no.such': 1 }, '/no.such', /no such setting/],
    [{ 'server.host': '0.0.0.0' }, '/server.host', /insecure_expose/],
  ])('%j is refused, named by its place, and nothing is written', async (changes, pointer, message) => {
    const before = file()
    const { status, body } = await ask('PATCH', '/admin/config', { 'quota.skip_exhausted': false, ...changes })
    expect(status).toBe(400)
    expect(body).toMatchObject({ pointer, code: 'setting_unfit', error: expect.stringMatching(message) as string })
    expect(file()).toBe(before)
  })

  test('that are read at the start say that they wait for the next one', async () => {
    const { body } = await ask('PATCH', '/admin/config', { 'server.max_connections': 500 })
    expect(body).toMatchObject({ restartRequired: ['server.max_connections'] })
    expect(await setting('server.max_connections')).toMatchObject({ value: 500, restartPending: true })
    await ask('PATCH', '/admin/config', { 'server.max_connections': null })
    expect(await setting('server.max_connections')).toMatchObject({ restartPending: false })
  })

  test('that the environment sets are locked; what is saved for them waits', async () => {
    expect(await setting('quota.probe_minutes')).toMatchObject({
      value: 7,
      source: 'environment',
      locked: true,
      variable: 'DRAGOMAN_QUOTA_PROBE_MINUTES',
    })
    const { body } = await ask('PATCH', '/admin/config', { 'quota.probe_minutes': 3 })
    expect(body).toMatchObject({ overridden: ['quota.probe_minutes'] })
    expect(await setting('quota.probe_minutes')).toMatchObject({ value: 7 })
  })

  test('a file with a mistake is told of, and is not written over', async () => {
    const good = file()
    writeFileSync(join(house.home, 'config.yaml'), `${good}\nlog:\n  level: loud\n`)
    await house.configFile.reload()
    expect((await ask('GET', '/admin/config')).body).toMatchObject({ problems: [{ key: 'log.level' }] })
    const { status, body } = await ask('PATCH', '/admin/config', { 'quota.skip_exhausted': false })
    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'config_broken', error: expect.stringContaining('log.level') as string })
    writeFileSync(join(house.home, 'config.yaml'), good)
    await house.configFile.reload()
    expect((await ask('GET', '/admin/config')).body).toMatchObject({ problems: [] })
  })
})
