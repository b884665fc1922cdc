import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openaiResponses } from './index.js'

type Json = Record<string, unknown>

const recorded = new URL('../../../../../../shared/fixtures/clients/', import.meta.url)
const here = existsSync(recorded)

/** Bodies of requests in a recording: one, or a session of several. */
function bodies(name: string): Json[] {
  const file = JSON.parse(readFileSync(new URL(name, recorded), 'utf8')) as unknown
  const found: Json[] = []
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look)
    else if (typeof value === 'object' && value !== null) {
      const object = value as Json
      if (typeof object['model'] === 'string' && Array.isArray(object['input'])) found.push(object)
      else Object.values(object).forEach(look)
    }
  }
  look(file)
  return found
}

const names = here
  ? readdirSync(recorded).filter((name) => name.startsWith('codex-') || name === 'opencode-responses.json')
  : []
const requests = names.flatMap((name) => bodies(name).map((body, at) => ({ name, at, body })))

describe.skipIf(!here)('recorded requests of Responses clients', () => {
  test('there are some', () => {
    expect(requests.length).toBeGreaterThan(6)
  })

  test.each(requests)('$name ($at) comes out as it went in', ({ body }) => {
    for (const rules of ['openai', 'compatible'] as const) {
      const decoded = openaiResponses.serve.decodeRequest(structuredClone(body), { headers: {} })
      const encoded = openaiResponses.call.encodeRequest(decoded.value, { model: String(body['model']), rules })
      // The one difference: an item without a type is a message, and says so.
      const input = (body['input'] as Json[]).map((item) =>
        item['type'] === undefined ? { type: 'message', ...item } : item,
      )
      expect(encoded.value).toEqual({ ...body, input })
      expect([...decoded.receipt, ...encoded.receipt]).toEqual([])
    }
  })
})
