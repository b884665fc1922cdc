import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

interface Operation {
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[]
  requestBody?: { required?: boolean; content: Record<string, { schema: unknown }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>
}
interface Document {
  paths: Record<string, Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete', Operation>>>
  components: { schemas: Record<string, unknown> }
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
/** Takes a file of any of several forms as its body; what is no such file is told in the answer, entry by entry. */
const TAKES_FILES = '/auth/accounts/import'
/** Streams and files: their bodies are no JSON. */
const NO_JSON = /text\/|octet-stream|ndjson|yaml/

let house: House
let document: Document
let ajv: Ajv2020
beforeAll(async () => {
  house = await openHouse({ accounts: 1 })
  await house.post('/v1/chat/completions', { model: 'demo', messages: [{ role: 'user', content: 'hello' }] })
  document = (await (await ask('GET', '/admin/openapi.json')).json()) as Document
  ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'doc', ...document })
})
afterAll(() => house.close())

function ask(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(house.url + path, {
    method,
    headers: {
      authorization: `Bearer ${house.gateway.controlKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

/** Every operation of the document. */
function operations(): { method: (typeof METHODS)[number]; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method]
      return operation === undefined ? [] : [{ method, path, operation }]
    }),
  )
}

const pointer = (...parts: string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')

function validator(...parts: string[]): ValidateFunction {
  return ajv.compile({ $ref: `doc#${pointer(...parts)}` })
}

/** Does an error have the one form that errors have here? */
async function problemOf(answer: Response): Promise<string | undefined> {
  const body = (await answer.json().catch(() => undefined)) as { error?: unknown; code?: unknown } | undefined
  if (typeof body?.error !== 'string' || body.error === '') return `no sentence: ${JSON.stringify(body)}`
  if (typeof body.code !== 'string') return `no code: ${JSON.stringify(body)}`
  return undefined
}

describe('the admin API keeps to its document', () => {
  test('every route of management and of the way in is in it, and everything in it is a route', () => {
    const served = house.gateway.routes
      .filter(({ dialect }) => dialect === 'management')
      .flatMap(({ methods, paths }) => paths.flatMap((path) => methods.map((method) => `${method} ${path}`)))
      .filter((line) => !line.startsWith('HEAD '))
    const described = operations().map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/, ':id')}`,
    )
    expect(served.sort()).toEqual(described.sort())
    expect(described.length).toBeGreaterThan(80)
  })

  test('every operation says what it is for', () => {
    const silent = operations().filter(({ operation }) => (operation.summary ?? '').length < 4)
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })

  test('what is read has the form that it says', async () => {
    const wrong: string[] = []
    for (const { path, operation } of operations().filter(({ method }) => method === 'get')) {
      const content = operation.responses['200']?.content
      const needsMore = (operation.parameters ?? []).some(({ required }) => required === true)
      if (path.includes('{') || needsMore || content === undefined || content['application/json'] === undefined)
        continue
      const answer = await ask('GET', path)
      if (answer.status !== 200) {
        // A gateway without this thing says so in the usual form.
        const why = answer.status >= 500 ? 'it failed' : await problemOf(answer)
        if (why !== undefined) wrong.push(`GET ${path}: ${answer.status} ${why}`)
        continue
      }
      if (NO_JSON.test(answer.headers.get('content-type') ?? '')) continue
      const valid = validator('paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema')
      if (!valid(await answer.json())) wrong.push(`GET ${path}: ${ajv.errorsText(valid.errors)}`)
    }
    expect(wrong).toEqual([])
  })

  test('what is not there is told in the usual form', async () => {
    const wrong: string[] = []
    for (const { method, path } of operations().filter(({ path }) => path.includes('{'))) {
      const answer = await ask(
        method.toUpperCase(),
        path.replace(/\{\w+\}/, 'nobody-0'),
        method === 'get' ? undefined : {},
      )
      const said = answer.status < 400 ? 'it found it' : answer.status >= 500 ? 'it failed' : await problemOf(answer)
      if (said !== undefined) wrong.push(`${method} ${path}: ${answer.status} ${said}`)
    }
    expect(wrong).toEqual([])
  })

  test('a body of the wrong kind is refused and nothing breaks', async () => {
    const wrong: string[] = []
    for (const { method, path, operation } of operations()) {
      if (operation.requestBody === undefined || path === TAKES_FILES) continue
      const to = path.replace(/\{\w+\}/, 'nobody-0')
      for (const body of [
        '[]',
        '"text"',
        '7',
        'null',
        '{',
        `{"a":${'['.repeat(500)}`,
        '{"__proto__":{"admin":true}}',
      ]) {
        const answer = await ask(method.toUpperCase(), to, body)
        // An object without any known field may be fine where every field may be left out.
        if (answer.status < 400 && body.startsWith('{"__proto__"')) continue
        const said = answer.status < 400 || answer.status >= 500 ? 'not refused' : await problemOf(answer)
        if (said !== undefined) wrong.push(`${method} ${path} ${body.slice(0, 20)}: ${answer.status} ${said}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('a field of the wrong kind is named', async () => {
    const wrong: string[] = []
    let tried = 0
    for (const { method, path, operation } of operations()) {
      const schema = resolved(operation.requestBody?.content['application/json']?.schema)
      if (schema?.properties === undefined || path.includes('{') || path === TAKES_FILES) continue
      for (const name of Object.keys(schema.properties)) {
        const valid = validator(...bodyOf(path, method))
        // Something that this field cannot be, according to the document itself.
        const bad = [{ nonsense: [] }, [[]], 'no such thing', -1.5, true].find((value) => {
          valid({ [name]: value })
          return valid.errors?.some(({ instancePath }) => instancePath.startsWith(`/${name}`))
        })
        if (bad === undefined) continue
        tried += 1
        const answer = await ask(method.toUpperCase(), path, { [name]: bad })
        const said = (await answer.json().catch(() => ({}))) as { error?: string; pointer?: string }
        const places = [said.pointer ?? '', said.error ?? ''].join(' ')
        const required = (schema.required ?? []).some((other) => places.includes(other))
        if (answer.status !== 400 || !(places.includes(name) || required)) {
          wrong.push(`${method} ${path} ${name}: ${answer.status} ${JSON.stringify(said).slice(0, 160)}`)
        }
      }
    }
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(30)
  })
})

function bodyOf(path: string, method: string): string[] {
  return ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema']
}

function resolved(schema: unknown): { properties?: Record<string, unknown>; required?: string[] } | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined
  const ref: unknown = Reflect.get(schema, '$ref')
  if (typeof ref === 'string') return resolved(document.components.schemas[ref.split('/').at(-1) ?? ''])
  return schema as { properties?: Record<string, unknown>; required?: string[] }
}
