import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { FIXTURES, hasFixtures } from '../house.js'

type Json = Record<string, unknown>
interface Schema {
  properties?: { type?: { enum?: string[] } }
}

/** Checks values against the Open Responses schema; without its file nothing is checked. */
export function openResponsesSchema() {
  if (!hasFixtures) return { response: () => undefined, event: () => undefined }
  const document = JSON.parse(readFileSync(new URL('open-responses.openapi.json', FIXTURES), 'utf8')) as {
    components: { schemas: Record<string, Schema> }
  }
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'doc')
  const byType = new Map(
    Object.entries(document.components.schemas)
      .filter(([name]) => name.endsWith('StreamingEvent'))
      .map(([name, schema]) => [schema.properties?.type?.enum?.[0] ?? '', name]),
  )
  function check(name: string, value: unknown): void {
    const validate = ajv.getSchema(`doc#/components/schemas/${name}`)
    expect(validate, name).toBeDefined()
    const good = validate?.(value)
    expect(good, `${name}: ${ajv.errorsText(validate?.errors)} in ${JSON.stringify(value).slice(0, 600)}`).toBe(true)
  }
  return {
    response: (value: unknown) => check('ResponseResource', value),
    event(value: Json) {
      const name = byType.get(String(value['type']))
      expect(name, `the schema has no event ${String(value['type'])}`).toBeDefined()
      if (name !== undefined) check(name, value)
    },
  }
}

/** The order in which a stream may tell things. Source: Open Responses, streaming. */
export function expectLegalOrder(events: readonly Json[]): void {
  const numbers = events.map((event) => Number(event['sequence_number']))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(events[0]?.['type']).toBe('response.created')
  const ends = events.filter(({ type }) => /^response\.(completed|incomplete|failed)$/.test(String(type)))
  expect(ends).toHaveLength(1)
  expect(events.at(-1)).toBe(ends[0])
  const open = new Set<unknown>()
  const done = new Set<unknown>()
  for (const event of events) {
    const at = event['output_index']
    if (event['type'] === 'response.output_item.added') open.add(at)
    else if (event['type'] === 'response.output_item.done') done.add(at)
    else if (at !== undefined) {
      expect(open.has(at), `${String(event['type'])} before its item`).toBe(true)
      expect(done.has(at), `${String(event['type'])} after its item`).toBe(false)
    }
  }
}
