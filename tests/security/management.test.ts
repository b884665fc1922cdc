import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const explain = (key: string | undefined, body: unknown = { model: 'gpt-5.5' }) =>
  fetch(`${house.url}/admin/explain`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  })

describe('management', () => {
  test('is opened by the control key of this very process', async () => {
    const answer = await explain(house.gateway.controlKey)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ model: 'gpt-5.5', targets: [{ target: 'codex:gpt-5.5' }] })
  })

  test.each<[string, () => string | undefined, number]>([
    ['no key', () => undefined, 401],
    ['a wrong key', () => 'dgc-wrong', 401],
    ['a client key', () => house.key, 403],
    ['the key of the demo', () => house.gateway.demoKey, 403],
  ])('is not opened by %s', async (_, key, status) => {
    const answer = await explain(key())
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toContain('codex')
  })

  test('the control key opens no protocol route', async () => {
    const answer = await house.fetch('/v1/models', { headers: { authorization: `Bearer ${house.gateway.controlKey}` } })
    expect(answer.status).toBe(401)
  })

  test('a question that asks nothing is told what to ask', async () => {
    for (const body of [{}, { model: 7 }, [], 'x']) {
      const answer = await explain(house.gateway.controlKey, body)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('request_id')
    }
  })

  test('a name that leads nowhere says so, with the rules that were looked at', async () => {
    const answer = await explain(house.gateway.controlKey, { model: 'gpt-5,5' })
    expect(await answer.json()).toMatchObject({
      targets: [],
      failure: { kind: 'not_found' },
      route: { problem: expect.any(String) as string },
    })
  })
})
