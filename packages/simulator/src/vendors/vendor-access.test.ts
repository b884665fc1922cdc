import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex } from '../ask.js'
import type { Scene } from '../scene/index.js'
import { startSimulator } from '../simulator.js'
import { ANTHROPIC, chat, GEMINI, knock, named, OPENAI, RESPONSES } from './knock.test-kit.js'
import { VENDORS } from './vendor.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

describe('who asks', () => {
  test.each(named)('%s refuses an unknown key and one that was taken back', async (_, door) => {
    const known = simulator.addVendorKey({
      vendor: door.vendor,
      ...(door.plays === undefined ? {} : { plays: door.plays }),
    })
    const wrong = await knock(simulator, door, { key: 'wrong-key-0123456789' })
    expect(wrong.status).toBeGreaterThanOrEqual(400)
    expect(wrong.text).not.toContain('wrong-key-0123456789')
    known.revoked = true
    expect((await knock(simulator, door, { key: known.key })).status).toBeGreaterThanOrEqual(400)
    known.revoked = false
    expect((await knock(simulator, door, { key: known.key })).status).toBe(200)
  })

  test('a key for other models finds none', async () => {
    const { key } = simulator.addVendorKey({ vendor: 'openai', models: ['gpt-5'] })
    expect(await knock(simulator, OPENAI, { key })).toMatchObject({
      status: 404,
      text: expect.stringContaining('model_not_found') as string,
    })
  })

  test('no key is told apart, and a server without keys wants none', async () => {
    expect((await knock(simulator, OPENAI, { key: '' })).text).toContain("You didn't provide an API key")
    expect((await knock(simulator, ANTHROPIC, { key: '' })).text).toContain('x-api-key header is required')
    expect((await knock(simulator, GEMINI, { key: '' })).status).toBe(403)
    expect((await knock(simulator, chat('compatible', 'anything'), { key: '' })).status).toBe(200)
  })

  test('a record tells the vendor, the key and the model', async () => {
    const { key, hint } = simulator.addVendorKey({ vendor: 'gemini' })
    await knock(simulator, GEMINI, { key })
    expect(simulator.requests.at(-1)).toMatchObject({
      vendor: 'gemini',
      apiKeyHint: hint,
      model: 'gemini-2.5-flash',
      status: 200,
    })
    expect(key.endsWith(hint.slice(1))).toBe(true)
  })

  test('an unknown path or vendor is not found, a body that is no JSON is refused', async () => {
    const { key } = simulator.addVendorKey({ vendor: 'openai' })
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    expect((await ask(`${simulator.vendors.openai.baseUrl}/nothing`, { headers, body: '{}' })).status).toBe(404)
    expect((await ask(`${simulator.url}/vendors/nobody/v1/models`)).status).toBe(404)
    expect((await ask(`${simulator.vendors.openai.baseUrl}/chat/completions`, { headers, body: '{' })).status).toBe(400)
  })
})

describe('a rule', () => {
  const scene: Scene = [{ type: 'text', text: 'scripted' }]
  test('without a place is for the Codex backend alone', async () => {
    const account = simulator.addAccount()
    const rule = simulator.script({ scene })
    expect((await knock(simulator, OPENAI)).text).not.toContain('scripted')
    expect((await knock(simulator, RESPONSES)).text).not.toContain('scripted')
    expect((await askCodex(simulator, account)).text).toContain('scripted')
    expect(rule.uses).toBe(1)
  })

  test('for vendors leaves the backend alone, and may name one, a door and a model', async () => {
    const account = simulator.addAccount()
    simulator.script({ at: 'vendors', vendor: 'gemini', model: 'gemini-2.5-flash', scene })
    expect((await askCodex(simulator, account)).text).not.toContain('scripted')
    expect((await knock(simulator, OPENAI)).text).not.toContain('scripted')
    expect((await knock(simulator, GEMINI)).text).toContain('scripted')
    const other = { ...GEMINI, path: '/models/gemini-2.5-pro' }
    expect((await knock(simulator, other)).text).not.toContain('scripted')
  })

  test('is not used up by a request that was refused before', async () => {
    const rule = simulator.script({ at: 'vendor-messages', times: 1, scene })
    expect((await knock(simulator, ANTHROPIC, { key: 'wrong' })).status).toBe(401)
    expect((await knock(simulator, ANTHROPIC, { body: { max_tokens: 0 } })).status).toBe(400)
    expect(rule.uses).toBe(0)
    expect((await knock(simulator, ANTHROPIC)).text).toContain('scripted')
  })

  test('unchecked takes any key and body', async () => {
    simulator.script({ at: 'vendors', unchecked: true, scene })
    expect((await knock(simulator, ANTHROPIC, { key: '' })).text).toContain('scripted')
  })
})

test('every vendor has a base of its own', () => {
  const bases = VENDORS.map((vendor) => simulator.vendors[vendor].baseUrl)
  expect(new Set(bases).size).toBe(VENDORS.length)
  expect(bases.every((base) => base.startsWith(`${simulator.url}/vendors/`))).toBe(true)
})
