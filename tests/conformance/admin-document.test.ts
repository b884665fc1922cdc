import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'
import { adminPage, type AdminDocument } from './admin-page.js'

const PAGE = fileURLToPath(new URL('../../docs/admin-api.md', import.meta.url))
const TYPES = fileURLToPath(new URL('../../packages/dashboard/src/api/schema.ts', import.meta.url))

let house: House
let document: AdminDocument
beforeAll(async () => {
  house = await openHouse({ accounts: 0 })
  const answer = await fetch(`${house.url}/admin/openapi.json`, {
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
  })
  document = (await answer.json()) as AdminDocument
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

  test('is what its reference page says (`npm run api-types`)', async () => {
    const page = adminPage(document)
    if (process.env['UPDATE_API_TYPES'] === '1') await writeFile(PAGE, page)
    expect(await readFile(PAGE, 'utf8')).toBe(page)
  })
})
