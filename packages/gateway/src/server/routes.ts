import type { Dialect, DialectId } from '@dragoman/protocol'
import type { Relay } from '../relay/index.js'
import type { Catalog, Routing } from '../routing/index.js'
import type { CapabilityHouse } from './api/capability.js'
import { compact } from './api/compact.js'
import { countTokens } from './api/count-tokens.js'
import { embeddings } from './api/embeddings.js'
import { exchangeRoute } from './api/exchange.js'
import { geminiCall } from './api/gemini.js'
import { images, type ImagesHouse } from './api/images.js'
import { getModelInfo, modelCatalog } from './api/model-info.js'
import { getModel, listModels } from './api/models.js'
import { review } from './api/review.js'
import { transcriptions } from './api/transcriptions.js'
import { ownKey, type OwnKeyHouse } from './api/own-key.js'
import { modelAndMethod } from './gemini-path.js'
import type { BodyBudget, BodyLimits } from './read-body.js'
import { dashboardRoutes } from './dashboard-files.js'
import type { Asked, Route } from './route-table.js'
import { sendJson, sendText } from './send.js'
import type { TokenCounter } from '../usage/index.js'

export interface RoutesHouse extends CapabilityHouse, ImagesHouse {
  relay: Relay
  routing: Routing
  catalog: Catalog
  dialects: Readonly<Record<DialectId, Dialect>>
  tokens: TokenCounter
  budget: BodyBudget
  limits(): BodyLimits
  /** What `/health` tells. */
  health(): { status: 'ok' | 'draining'; [field: string]: unknown }
  version: string
  /** Where the build of the dashboard lies. Undefined: none is served. */
  dashboard?: string
  ownKey: OwnKeyHouse
}

/** The protocol routes, as every listener serves them. */
export function protocolRoutes(house: RoutesHouse): Route[] {
  const { dialects } = house
  const post = (
    dialect: DialectId,
    paths: readonly string[],
    answer: Route['answer'],
    local?: Route['local'],
  ): Route => ({
    methods: ['POST'],
    paths,
    access: 'client key',
    dialect,
    answer,
    ...(local === undefined ? {} : { local }),
  })
  const get = (dialect: Route['dialect'], paths: readonly string[], answer: Route['answer']): Route => ({
    methods: ['GET', 'HEAD'],
    paths,
    access: 'client key',
    dialect,
    answer,
  })
  const exchange = (dialect: DialectId): Route['answer'] => exchangeRoute(house, dialects[dialect])
  return [
    post('openai-chat', ['/v1/chat/completions', '/chat/completions'], exchange('openai-chat')),
    post('openai-responses', ['/v1/responses', '/responses'], exchange('openai-responses')),
    post(
      'openai-responses',
      ['/v1/responses/input_tokens', '/responses/input_tokens'],
      countTokens(house, 'openai-responses'),
      () => true,
    ),
    post('openai-responses', ['/v1/responses/compact', '/responses/compact'], compact(house)),
    post('openai-responses', ['/v1/responses/review', '/responses/review'], review(house)),
    post('openai-chat', ['/v1/images/generations', '/images/generations'], images(house, 'generation')),
    post('openai-chat', ['/v1/images/edits', '/images/edits'], images(house, 'edit')),
    post('openai-chat', ['/v1/embeddings', '/embeddings'], embeddings(house)),
    post('openai-chat', ['/v1/audio/transcriptions', '/audio/transcriptions'], transcriptions(house)),
    post('anthropic-messages', ['/v1/messages', '/messages'], exchange('anthropic-messages')),
    post(
      'anthropic-messages',
      ['/v1/messages/count_tokens', '/messages/count_tokens'],
      countTokens(house, 'anthropic-messages'),
      () => true,
    ),
    post(
      'gemini',
      ['/v1beta/models/:id', '/v1/models/:id', '/gemini/v1beta/models/:id', '/gemini/v1/models/:id'],
      geminiCall(house),
      (id) => modelAndMethod(id).method === 'countTokens',
    ),
    get('by headers', ['/v1/key/info', '/v1/sub-key/info'], ownKey(house.ownKey)),
    get('by headers', ['/v1/models', '/models'], listModels(house)),
    get('openai-chat', ['/v1/models/catalog', '/models/catalog'], modelCatalog(house)),
    get('openai-chat', ['/v1/models/:id/info', '/models/:id/info'], getModelInfo(house)),
    get('by headers', ['/v1/models/:id', '/models/:id'], getModel(house)),
    get('gemini', ['/v1beta/models', '/gemini/v1beta/models', '/gemini/v1/models'], listModels(house, 'gemini')),
    get(
      'gemini',
      ['/v1beta/models/:id', '/gemini/v1beta/models/:id', '/gemini/v1/models/:id'],
      getModel(house, 'gemini'),
    ),
  ]
}

/** What the main listener tells anybody. */
export function publicRoutes(house: Pick<RoutesHouse, 'health' | 'version' | 'dashboard'>): Route[] {
  const open = (paths: readonly string[], answer: Route['answer']): Route => ({
    methods: ['GET', 'HEAD'],
    paths,
    access: 'public',
    dialect: 'by headers',
    answer,
  })
  return [
    open(['/health'], ({ res, headers }) => {
      const health = house.health()
      sendJson(res, health.status === 'ok' ? 200 : 503, headers, health)
    }),
    open(['/api/hello'], hello(house.version)),
    ...dashboardRoutes(house.dashboard, hello(house.version)),
  ]
}

function hello(version: string): (asked: Asked) => void {
  return ({ res, headers }) =>
    sendText(
      res,
      200,
      headers,
      `Dragoman ${version}\nPoint your AI client at this address, path /v1, with a client key.\n`,
    )
}
