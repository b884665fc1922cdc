import { FailureError, refusing, type DialectId, type Failure } from '@dragoman/protocol'
import { withoutTag } from '../../routing/index.js'
import { readJson } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { askCapability, type CapabilityHouse, type CapabilityReply } from './capability.js'

/** The two requests: `/api/embed` takes one text or several, `/api/embeddings`, the older one, a prompt. */
type EmbedForm = 'embed' | 'embeddings'

/** `POST /api/embed` and `POST /api/embeddings`, over whoever makes embeddings for `/v1/embeddings`. */
export function ollamaEmbeddings(house: CapabilityHouse, form: EmbedForm): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    const body = refusing.object(value, '')
    const named = refusing.name(body['model'], '/model')
    const input = form === 'embed' ? inputOf(body['input']) : refusing.string(body['prompt'], '/prompt')
    const dimensions = refusing.optional(body, 'dimensions', refusing.number)
    const translating: CapabilityHouse = {
      ...house,
      findCapability(model, kind) {
        const found = house.findCapability(model, kind)
        return (
          found && {
            ...found,
            ask: async (wanted, signal, asking) => translated(await found.ask(wanted, signal, asking), named, form),
          }
        )
      },
    }
    const model = withoutTag(named)
    await askCapability(translating, asked, {
      kind: 'embeddings',
      dialect: 'ollama' satisfies DialectId,
      model,
      body: { model, input, encoding_format: 'float', ...(dimensions === undefined ? {} : { dimensions }) },
      stream: false,
      at,
    })
  }
}

function inputOf(input: unknown): string | string[] {
  if (typeof input === 'string') return refusing.name(input, '/input')
  if (!Array.isArray(input) || input.length === 0) {
    return refusing.refuse('/input', 'expected a text or a list of texts')
  }
  return input.map((one, index) => refusing.name(one, `/input/${index}`))
}

/** The reply of `/v1/embeddings` in Ollama's words. */
async function translated(reply: CapabilityReply, model: string, form: EmbedForm): Promise<CapabilityReply> {
  const told: unknown = parsed(await textOf(reply.body))
  const vectors = vectorsOf(told)
  if (vectors === undefined) throw new FailureError(NO_VECTORS)
  const answer =
    form === 'embeddings'
      ? { embedding: vectors[0] ?? [] }
      : {
          model,
          embeddings: vectors,
          total_duration: 0,
          load_duration: 0,
          prompt_eval_count: reply.usage?.inputTokens ?? 0,
        }
  return { ...reply, contentType: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(answer)) }
}

async function textOf(body: CapabilityReply['body']): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8')
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In the order of the texts, whatever the order of the reply. */
function vectorsOf(told: unknown): unknown[][] | undefined {
  const data = record(told)?.['data']
  if (!Array.isArray(data)) return undefined
  const vectors: unknown[][] = []
  for (const [at, entry] of (data as unknown[]).entries()) {
    const { index, embedding } = record(entry) ?? {}
    if (!Array.isArray(embedding)) return undefined
    vectors[typeof index === 'number' && index >= 0 && index < data.length ? index : at] = embedding as unknown[]
  }
  return vectors
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

const NO_VECTORS: Failure = {
  kind: 'internal',
  scope: 'provider',
  phase: 'sent',
  retry: 'never',
  message: 'the upstream answered without embeddings',
}
