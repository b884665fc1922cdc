import { FailureError, openaiChat, safeText, type Failure } from '@dragoman/protocol'
import type { RequestUsage } from '../../telemetry/index.js'
import type { Transport } from '../../transport/index.js'
import { nameOf, type ApiKey, type KeyCandidate, type KeyCapability, type KeyChoice } from '../keys/index.js'
import { openReply, type OpenedReply } from './open-reply.js'
import { readRefusal } from './read-refusal.js'
import { requestHeaders } from './wires.js'

/** What keys do besides conversing, each at its own path of the OpenAI API. */
export type KeyTask = 'embeddings' | 'transcription' | 'images' | 'image_edits'

const TASKS: Readonly<Record<KeyTask, { path: string; capability: KeyCapability }>> = {
  embeddings: { path: '/embeddings', capability: 'embeddings' },
  transcription: { path: '/audio/transcriptions', capability: 'transcription' },
  images: { path: '/images/generations', capability: 'images' },
  image_edits: { path: '/images/edits', capability: 'images' },
}

/** The door for one task with one model. */
export interface KeyDoor {
  /** `provider:model` */
  route: string
  /**
   * Asks one key after the other until one answers. The body is the client's, its model the client's name for it.
   * @param asking is told each key before it is asked, and the upstream's name of the model
   * @throws FailureError in the words of the last upstream
   */
  ask(
    body: Record<string, unknown> | FormData,
    signal: AbortSignal,
    asking?: (who: { provider: string; model: string; id: string }) => void,
  ): Promise<{
    contentType: string
    body: Uint8Array | AsyncIterable<Uint8Array>
    usage?: RequestUsage
  }>
}

export interface KeyCapabilitiesOptions {
  keys: KeyChoice & { providers(): readonly string[] }
  transport: Pick<Transport, 'open'>
  userAgent: string
  /** Silence after which an upstream is given up, ms. Read at every request. */
  timeoutMs(): number
  /** Unix ms. */
  now?: () => number
}

/** Keys asked in one request at most. */
const MAX_KEYS = 3
const MAX_DOCUMENT = 64 * 1024 * 1024

/**
 * Finds who can do a task with a model that is named as clients name it: `text-embedding-3-small`, `openai:text-embedding-3-small`.
 * @returns undefined when no enabled key lists it for that
 */
export function createKeyCapabilities(
  options: KeyCapabilitiesOptions,
): (model: string, task: KeyTask) => KeyDoor | undefined {
  const { keys, transport } = options

  return (name, task) => {
    const { capability } = TASKS[task]
    const { model, within } = placeOf(name)
    const want = { model, ...(within === undefined ? {} : { within }), capability, conversation: '' }
    const known = keys.candidates({ ...want, tried: new Set() })
    if (known.ready.length === 0 && known.skipped.length === 0) return undefined
    const owner = known.ready[0]?.key.provider ?? within ?? 'keys'
    return { route: `${owner}:${model}`, ask: (body, signal, asking) => ask(want, task, body, signal, asking) }
  }

  function placeOf(name: string): { model: string; within?: string } {
    const at = name.indexOf(':')
    const within = name.slice(0, Math.max(at, 0))
    return at > 0 && keys.providers().includes(within) ? { model: name.slice(at + 1), within } : { model: name }
  }

  async function ask(
    want: Omit<Parameters<KeyChoice['candidates']>[0], 'tried'>,
    task: KeyTask,
    body: Record<string, unknown> | FormData,
    signal: AbortSignal,
    asking: Parameters<KeyDoor['ask']>[2],
  ): ReturnType<KeyDoor['ask']> {
    const tried = new Set<string>()
    let failure: Failure | undefined
    while (tried.size < MAX_KEYS) {
      const candidate = keys.candidates({ ...want, tried }).ready[0]
      if (candidate === undefined) break
      const { key, model } = candidate
      tried.add(key.id)
      asking?.({ provider: key.provider, model: model.upstream ?? model.id, id: key.id })
      try {
        const reply = await one(candidate, task, body, signal)
        keys.learn(key.id, { model: model.id })
        return reply
      } catch (error) {
        if (!(error instanceof FailureError)) throw error
        ;({ failure } = error)
        keys.learn(key.id, { model: model.id, failure })
        if (signal.aborted || failure.retry === 'never' || failure.scope === 'request') throw error
      }
    }
    throw new FailureError(failure ?? keys.whyNobody(want))
  }

  async function one(
    { key, model }: KeyCandidate,
    task: KeyTask,
    body: Record<string, unknown> | FormData,
    signal: AbortSignal,
  ): ReturnType<KeyDoor['ask']> {
    const { apiKey, headers: own } = keys.credential(key.id, model.id)
    const written = await writtenBody(body, model.upstream ?? model.id)
    const url = new URL(`${baseOf(key)}${TASKS[task].path}`)
    const headers = requestHeaders(
      // All of these are OpenAI's, whatever the key's conversations speak.
      { wire: 'chat', kind: key.kind },
      {
        apiKey: apiKey?.reveal(),
        userAgent: options.userAgent,
        session: '',
        clientHeaders: {},
        stream: false,
      },
      { 'content-type': written.type, ...own },
    )
    const reply = await openReply(
      transport,
      { origin: url.origin, path: url.pathname, method: 'POST', owner: key.id, headers, body: written.bytes },
      { signal, timeoutMs: options.timeoutMs() },
    )
    if (reply.status !== 200) {
      const told = await whole(reply, 64 * 1024)
      throw new FailureError(
        readRefusal({
          dialect: openaiChat,
          key,
          status: reply.status,
          headers: reply.headers,
          body: told,
          now: (options.now ?? Date.now)(),
        }),
      )
    }
    const contentType = reply.headers['content-type'] ?? 'application/json'
    if (/^(?:text\/html|application\/xhtml)/i.test(contentType)) {
      reply.abort()
      throw new FailureError(noAnswer(key))
    }
    if (/^text\/event-stream/i.test(contentType)) return { contentType, body: reply.body }
    const bytes = await whole(reply, MAX_DOCUMENT)
    const usage = /json/i.test(contentType) ? usageIn(bytes, task) : undefined
    return { contentType, body: bytes, ...(usage === undefined ? {} : { usage }) }
  }
}

/** Gemini's doors of the OpenAI API lie below its own. Source: Gemini API, OpenAI compatibility. */
function baseOf({ kind, baseUrl }: ApiKey): string {
  return kind === 'gemini' ? `${baseUrl}/openai` : baseUrl
}

async function writtenBody(
  body: Record<string, unknown> | FormData,
  model: string,
): Promise<{ type: string; bytes: Buffer }> {
  if (!(body instanceof FormData)) {
    return { type: 'application/json', bytes: Buffer.from(JSON.stringify({ ...body, model })) }
  }
  const form = new FormData()
  for (const [name, value] of body) form.append(name, name === 'model' ? model : value)
  const written = new Response(form)
  return {
    type: written.headers.get('content-type') ?? 'multipart/form-data',
    bytes: Buffer.from(await written.arrayBuffer()),
  }
}

async function whole({ body, abort }: OpenedReply, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > most) {
      abort()
      break
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Chat's names (embeddings) or Responses' (images, transcriptions); audio is told in seconds by older models. */
function usageIn(bytes: Buffer, task: KeyTask): RequestUsage | undefined {
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  const usage = typeof body === 'object' && body !== null && 'usage' in body ? body.usage : undefined
  if (typeof usage !== 'object' || usage === null) return undefined
  const told = usage as Record<string, unknown>
  const count = (...names: string[]): number | undefined => {
    const value = names.map((name) => told[name]).find((one) => typeof one === 'number')
    return typeof value === 'number' ? value : undefined
  }
  const inputTokens = count('prompt_tokens', 'input_tokens')
  if (inputTokens === undefined) return undefined
  const outputTokens = count('completion_tokens', 'output_tokens') ?? 0
  const pictures = (of: string): number | undefined => {
    const details = told[of]
    const value =
      typeof details === 'object' && details !== null && 'image_tokens' in details ? details.image_tokens : undefined
    return typeof value === 'number' ? value : undefined
  }
  const imageInput = pictures('input_tokens_details')
  // What the image API gives out is pictures, also where it does not say so.
  const imageOutput =
    pictures('output_tokens_details') ?? (task === 'images' || task === 'image_edits' ? outputTokens : 0)
  return {
    inputTokens,
    cachedTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    ...(imageInput === undefined ? {} : { imageInputTokens: imageInput }),
    ...(imageOutput === 0 ? {} : { imageOutputTokens: imageOutput }),
  }
}

function noAnswer(key: ApiKey): Failure {
  return {
    kind: 'unreachable',
    scope: 'provider',
    phase: 'sent',
    retry: 'other',
    message: safeText(`${nameOf(key)} gave a web page in the place of an answer; check its base URL`),
  }
}
