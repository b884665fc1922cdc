import { describe, expect, test } from 'vitest'
import { apiKeyShape } from './api-key.js'
import { readBaseUrl } from './base-url.js'
import { nameByAddress, providerName } from './key-draft.js'
import { presetOf, presetOfKind, PRESETS } from './presets.js'

describe('presets', () => {
  test.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s can be a key', (id, preset) => {
    expect(providerName(id)).toBe(id)
    expect(apiKeyShape.shape.models.safeParse(preset.models).success).toBe(true)
    expect(preset.capabilities.length).toBeGreaterThan(0)
    for (const { capabilities } of preset.models) {
      for (const one of capabilities ?? []) expect(preset.capabilities).toContain(one)
    }
    expect(presetOf(id)).toBe(preset)
    if (preset.baseUrl === undefined) return
    const read = readBaseUrl(preset.baseUrl, preset.wire, [])
    expect(read.text).toBe(preset.baseUrl)
    // What runs on this machine must be allowed, and nothing else.
    expect(read.refused !== undefined).toBe(preset.local === true)
  })

  test('a kind that is no preset is spoken to as most are', () => {
    expect(presetOfKind('compatible')).toEqual({ kind: 'compatible', wire: 'chat', capabilities: ['chat'], models: [] })
    expect(presetOfKind('gemini')).toMatchObject({ wire: 'gemini' })
  })
})

describe('a base URL', () => {
  test.each([
    ['https://x.example/v1/', 'https://x.example/v1'],
    ['  https://X.example:443/a/b///  ', 'https://x.example/a/b'],
    ['https://x.example:8443', 'https://x.example:8443'],
  ])('%j is kept as %s', (written, text) => {
    expect(readBaseUrl(written, 'chat', []).text).toBe(text)
  })

  test.each([
    ['https://x.example/v1/chat/completions', 'leave /chat/completions out of the base URL: https://x.example/v1'],
    ['https://x.example/v1/messages/', 'leave /messages out of the base URL: https://x.example/v1'],
    [
      'https://x.example/v1beta/models/gemini-pro',
      'leave /models/gemini-pro out of the base URL: https://x.example/v1beta',
    ],
  ])('%s is a single endpoint', (written, why) => {
    expect(() => readBaseUrl(written, 'chat', [])).toThrow(why)
  })

  test('unencrypted only where the administrator named the host', () => {
    expect(readBaseUrl('http://nas.example/v1', 'chat', []).refused).toMatch(/unencrypted/)
    expect(readBaseUrl('http://nas.example/v1', 'chat', ['nas.example']).refused).toBeUndefined()
    expect(readBaseUrl('http://10.0.0.7:8000/v1', 'chat', ['10.0.0.7:8000']).refused).toBeUndefined()
    expect(readBaseUrl('http://10.0.0.7:8001/v1', 'chat', ['10.0.0.7:8000'])).toMatchObject({
      refused: expect.stringContaining('a private address'),
      authority: '10.0.0.7:8001',
    })
    expect(readBaseUrl('https://router/v1', 'chat', []).refused).toMatch(/local name/)
  })

  test.each([
    ['https://api.deepseek.com', 'deepseek'],
    ['https://api.someone.example/v1', 'someone.example'],
    ['https://someone.example:8443/v1', 'someone.example-8443'],
    ['https://[2606:4700::1]/v1', '2606-4700-1-'],
    ['https://codex/v1', 'at-codex'],
  ])('%s gives the name %s', (address, name) => {
    expect(nameByAddress(address)).toBe(name)
    expect(providerName(name)).toBe(name)
  })
})
