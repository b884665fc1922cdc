import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

const TYPES = fileURLToPath(new URL('../../packages/dashboard/src/api/schema.ts', import.meta.url))

let house: House
let document: { openapi: string; paths: Record<string, object> }
beforeAll(async () => {
  house = await openHouse({ accounts: 0 })
  const answer = await fetch(`${house.url}/admin/openapi.json`, {
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
  })
  document = (await answer.json()) as typeof document
})
afterAll(() => house.close())

describe('the document of the admin API', () => {
  test('is OpenAPI 3.1 and describes itself', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toContain('/admin/openapi.json')
  })

  test('is what the types of the dashboard are made from (`npm run api-types`)', async () => {
    const made = await openapiTypescript(JSON.stringify(document))
    const text = `// Made by \`npm run api-types\` from the gateway's own document. Not edited by hand.\n${astToString(made)}`
    if (process.env['UPDATE_API_TYPES'] === '1') await writeFile(TYPES, text)
    expect(await readFile(TYPES, 'utf8')).toBe(text)
  })
})
