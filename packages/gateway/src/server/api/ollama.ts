import { FailureError, safeText, type Dialect, type PivotRequest } from '@dragoman/protocol'
import { mayUse, withoutTag } from '../../routing/index.js'
import { readJson } from '../read-body.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson, sendText } from '../send.js'
import type { CapabilityHouse } from './capability.js'
import { clientHeaders, relayed, type ExchangeHouse } from './exchange.js'
import { ollamaEmbeddings } from './ollama-embeddings.js'
import {
  ollamaModel,
  listRunning,
  listTags,
  noSuchCraft,
  pullModel,
  showModel,
  type OllamaModelsHouse,
} from './ollama-models.js'

export interface OllamaHouse extends OllamaModelsHouse, ExchangeHouse, CapabilityHouse {
  dialects: Readonly<Record<'ollama', Dialect>>
}

/** Ollama's own API, as its clients find it at port 11434. Source: Ollama API reference. */
export function ollamaRoutes(house: OllamaHouse): Route[] {
  const route = (methods: readonly string[], path: string, answer: Route['answer'], access?: 'public'): Route => ({
    methods,
    paths: [path],
    access: access ?? 'client key',
    dialect: 'ollama',
    answer,
  })
  const post = (path: string, answer: Route['answer']): Route => route(['POST'], path, answer)
  const here = (path: string, answer: Route['answer']): Route => ({ ...post(path, answer), local: () => true })
  return [
    // Clients look here whether an Ollama server is there at all, and of which version, before they send a key.
    route(READ, '/', ({ res, headers }) => sendText(res, 200, headers, 'Ollama is running'), 'public'),
    route(
      READ,
      '/api/version',
      ({ res, headers }) => sendJson(res, 200, headers, { version: house.ollama().version }),
      'public',
    ),
    route(READ, '/api/tags', listTags(house)),
    route(READ, '/api/ps', listRunning()),
    here('/api/show', showModel(house)),
    post('/api/chat', conversation(house, 'chat')),
    post('/api/generate', conversation(house, 'generate')),
    post('/api/embed', ollamaEmbeddings(house, 'embed')),
    post('/api/embeddings', ollamaEmbeddings(house, 'embeddings')),
    here('/api/pull', pullModel(house)),
    here('/api/create', noSuchCraft('making a model')),
    here('/api/copy', noSuchCraft('copying a model')),
    here('/api/push', noSuchCraft('publishing a model')),
    route(['DELETE'], '/api/delete', noSuchCraft('deleting a model')),
    route(['GET', 'HEAD', 'POST'], '/api/blobs/:id', noSuchCraft('keeping files of a model')),
    // The rest of this API is refused in its own words too.
    route(ALL, '/api/:id', ({ path }) => {
      throw new FailureError({
        ...plain,
        kind: 'not_found',
        message: safeText(`nothing is served at ${path.slice(0, 200)}`),
      })
    }),
  ]
}

const READ = ['GET', 'HEAD'] as const
const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const plain = { scope: 'request', phase: 'unsent', retry: 'never' } as const

/** `POST /api/chat` and `POST /api/generate`. A request that says nothing asks to load the model, and is answered here. */
function conversation(house: OllamaHouse, form: 'chat' | 'generate'): (asked: Asked) => Promise<void> {
  const dialect = house.dialects.ollama
  return async (asked) => {
    const at = Date.now()
    const headers = clientHeaders(asked)
    const { value } = await readJson(asked.req, house.limits(), house.budget)
    const decoded = dialect.serve.decodeRequest(bodyOf(form, value), { headers })
    const { model, input } = decoded.value
    if (input.length === 0) return sendLoaded(house, asked, form, decoded.value, at)
    // Routing knows the name with the tag; a key that is bound to some names knows them without.
    const named = mayUse(asked.key?.allowedModels, model) ? model : withoutTag(model)
    decoded.value.model = named
    await relayed(house, asked, dialect, { decoded, headers, at })
  }
}

/** The path tells which of the two requests it is; what only the other one has is not looked at, and decides nothing. */
function bodyOf(form: 'chat' | 'generate', body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const { messages, ...rest } = body as Record<string, unknown>
  return form === 'generate' ? rest : { ...rest, messages: messages ?? [] }
}

/** No model is loaded or unloaded here; that it exists is what such a client wants to know. */
function sendLoaded(
  house: OllamaHouse,
  asked: Asked,
  form: 'chat' | 'generate',
  request: PivotRequest,
  at: number,
): void {
  ollamaModel(house, asked, request.model)
  const nothing = form === 'chat' ? { message: { role: 'assistant', content: '' } } : { response: '' }
  sendJson(asked.res, 200, asked.headers, {
    model: request.model,
    created_at: new Date(at).toISOString(),
    ...nothing,
    done: true,
    done_reason: unloads(request.extra?.['ollama']?.['keep_alive']) ? 'unload' : 'load',
  })
}

/** `keep_alive` of nothing, as a number of seconds or a duration (`0`, `"0s"`). */
function unloads(keepAlive: unknown): boolean {
  return keepAlive === 0 || (typeof keepAlive === 'string' && /^0+(?:\.0*)?[a-z]*$/.test(keepAlive))
}
