import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

interface Group {
  id: string
  source: string
  kind: string
  message: string
  count: number
  unread: number
  models: string[]
  accounts: { name: string }[]
  frame: string
  firstSeen: string
  lastSeen: string
}

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
beforeEach(() => manage('/admin/error-logs', 'DELETE'))

const manage = (path: string, method = 'GET', body?: unknown) =>
  fetch(house.url + path, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const read = async <Answer>(path: string): Promise<Answer> => (await (await manage(path)).json()) as Answer
const groups = async () => (await read<{ groups: Group[] }>('/admin/error-logs')).groups
const count = () => read<{ total: number; unread: number }>('/admin/error-logs/count')
const ask = async (model: string) => (await house.post('/v1/responses', { model, input: 'hello' })).text()
const report = (message: string, more: object = {}) =>
  manage('/admin/error-logs/report', 'POST', { source: 'renderer', error: { name: 'TypeError', message, ...more } })

describe('failed requests', () => {
  test('that differ in numbers and ids alone are one group, unread until somebody looks', async () => {
    await ask('no-such-model-1')
    await ask('no-such-model-2')
    house.simulator.script({ at: 'responses', fault: { type: 'status', name: 'context_length_exceeded' }, times: 1 })
    await ask('gpt-5.5')
    const [refused, unknown, ...more] = await groups()
    expect(more).toEqual([])
    expect(unknown).toMatchObject({ source: 'request', kind: 'not_found', count: 2, unread: 2 })
    expect(unknown?.models).toEqual(['no-such-model-1', 'no-such-model-2'])
    expect(refused).toMatchObject({ kind: 'context_too_long', count: 1, accounts: [{ name: 'person0@example.com' }] })
    expect(await count()).toEqual({ total: 3, unread: 3 })

    await manage(`/admin/error-logs/seen?group=${unknown?.id}`, 'POST')
    expect(await count()).toEqual({ total: 3, unread: 1 })
    await manage('/admin/error-logs/seen', 'POST')
    expect(await count()).toEqual({ total: 3, unread: 0 })
    await ask('no-such-model-3')
    expect(await count()).toEqual({ total: 4, unread: 1 })

    await manage(`/admin/error-logs?group=${unknown?.id}`, 'DELETE')
    expect((await groups()).map(({ kind }) => kind)).toEqual(['context_too_long'])
  })

  test('can be read one by one, with the request that each belongs to', async () => {
    await ask('no-such-model')
    const { entries } = await read<{ entries: { requestId: string; error: { name: string }; model: string }[] }>(
      '/admin/error-logs/raw?limit=5',
    )
    expect(entries).toMatchObject([{ error: { name: 'not_found' }, model: 'no-such-model' }])
    const logged = await read<{ requestId: string }>(`/admin/logs/${entries[0]?.requestId}`)
    expect(logged.requestId).toBe(entries[0]?.requestId)
    expect((await manage('/admin/error-logs/raw?limit=501')).status).toBe(400)
  })
})

describe('reports of pages', () => {
  test('are kept without secrets, by where they happened', async () => {
    const stack = 'TypeError: x\n    at draw (https://host/assets/page.js:1:2)\n    at run (x.js:3:4)'
    expect((await report('x of sk-abcdefghijklmnopqrstuvwxyz is not', { stack })).status).toBe(200)
    const [group] = await groups()
    expect(group).toMatchObject({
      source: 'renderer',
      kind: 'TypeError',
      frame: expect.stringContaining('draw') as string,
    })
    expect(JSON.stringify(await read('/admin/error-logs/raw'))).not.toContain('abcdefghijklmnop')
  })

  test.each([
    [{}, '/source'],
    [{ source: 'renderer', error: { name: 'x', message: 'm'.repeat(4001) } }, '/error/message'],
    [{ source: 'moon', error: { name: 'x', message: '' } }, '/source'],
  ])('of no use are refused: %j', async (body, pointer) => {
    const answer = await manage('/admin/error-logs/report', 'POST', body)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { pointer: string }).pointer).toBe(pointer)
  })

  test('beyond some a minute are refused', async () => {
    const answers = await Promise.all(Array.from({ length: 31 }, () => report('again')))
    expect(answers.some(({ status }) => status === 429)).toBe(true)
    expect((await count()).total).toBeLessThanOrEqual(30)
  })
})
