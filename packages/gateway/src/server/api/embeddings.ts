import { refusing } from '@dragoman/protocol'
import { readJson } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { askCapability, type CapabilityHouse } from './capability.js'

const { optional } = refusing
// Written out, for the compiler believes `never` only of a name with a type.
const refuse: typeof refusing.refuse = refusing.refuse

/** `POST /v1/embeddings`. The body is checked here; unknown fields pass to whoever makes them. */
export function embeddings(house: CapabilityHouse): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    const body = refusing.object(value, '')
    checkEmbeddings(body)
    const model = refusing.name(body['model'], '/model')
    await askCapability(house, asked, {
      kind: 'embeddings',
      dialect: 'openai-embeddings',
      model,
      body,
      stream: false,
      at,
    })
  }
}

/** At most so many texts or tokens in one list. */
const MAX_LIST = 2048

/** Source: OpenAI API reference, create embeddings. @throws FailureError `invalid_request` with the place */
function checkEmbeddings(body: Record<string, unknown>): void {
  refusing.name(body['model'], '/model')
  checkInput(body['input'])
  optional(body, 'encoding_format', (value, pointer) =>
    value === 'float' || value === 'base64' ? value : refuse(pointer, 'expected float or base64'),
  )
  optional(body, 'dimensions', (value, pointer) =>
    Number.isInteger(value) && Number(value) >= 1 ? value : refuse(pointer, 'expected a whole number from 1'),
  )
  optional(body, 'user', refusing.string)
}

function checkInput(input: unknown): void {
  if (typeof input === 'string') return notEmpty(input, '/input')
  if (!Array.isArray(input))
    refuse('/input', 'expected a text, a list of texts, a list of tokens, or a list of such lists')
  checkLength(input, '/input')
  const first: unknown = input[0]
  if (typeof first === 'number') return checkTokens(input, '/input')
  input.forEach((entry: unknown, at) => {
    const place = `/input/${at}`
    if (Array.isArray(first)) {
      const tokens = refusing.array(entry, place)
      checkLength(tokens, place)
      checkTokens(tokens, place)
    } else notEmpty(refusing.string(entry, place), place)
  })
}

function checkLength(list: readonly unknown[], pointer: string): void {
  if (list.length === 0) refuse(pointer, 'expected a list that is not empty')
  if (list.length > MAX_LIST) refuse(pointer, `expected at most ${MAX_LIST} entries, found ${list.length}`)
}

function checkTokens(tokens: readonly unknown[], pointer: string): void {
  const wrong = tokens.findIndex((token) => !Number.isInteger(token) || Number(token) < 0)
  if (wrong !== -1) refuse(`${pointer}/${wrong}`, 'expected a token, a whole number from 0')
}

function notEmpty(text: string, pointer: string): void {
  if (text === '') refuse(pointer, 'expected a text that is not empty')
}
