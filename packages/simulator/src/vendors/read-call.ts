import { isJson, personaOf, VENDORS, type Persona, type Vendor, type VendorApi, type VendorCall } from './vendor.js'

/** Where each vendor's API begins. */
export const BASES: Readonly<Record<Vendor, string>> = {
  openai: '/vendors/openai/v1',
  anthropic: '/vendors/anthropic/v1',
  gemini: '/vendors/gemini/v1beta',
  openrouter: '/vendors/openrouter/api/v1',
  compatible: '/vendors/compatible/v1',
}

const OPENAI_POSTS: Readonly<Record<string, VendorApi>> = {
  '/chat/completions': 'chat',
  '/responses': 'responses',
  '/responses/input_tokens': 'count',
  '/embeddings': 'embeddings',
  '/audio/transcriptions': 'transcriptions',
  '/images/generations': 'images',
}
/** The paths to which a vendor's clients post. Gemini names its methods after the model. */
const POSTS: Readonly<Record<Exclude<Vendor, 'gemini'>, Readonly<Record<string, VendorApi>>>> = {
  openai: OPENAI_POSTS,
  anthropic: { '/messages': 'messages', '/messages/count_tokens': 'count' },
  openrouter: {
    '/chat/completions': 'chat',
    '/responses': 'responses',
    '/messages': 'messages',
    '/embeddings': 'embeddings',
  },
  compatible: OPENAI_POSTS,
}
const GEMINI_METHODS: Readonly<Record<string, VendorApi>> = {
  generateContent: 'generate',
  streamGenerateContent: 'generate',
  countTokens: 'count',
  embedContent: 'embeddings',
  batchEmbedContents: 'embeddings',
}

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  /** Parsed JSON, or text. */
  body: unknown
}

/** Whom a request asks for what; undefined when it asks no vendor. @param persona whose key it carries, if that is known */
export function readCall({ method, path, query, body }: Asked, persona?: Persona): VendorCall | undefined {
  const vendor = VENDORS.find((name) => path.startsWith(`/vendors/${name}/`))
  if (vendor === undefined) return undefined
  const within = path.startsWith(`${BASES[vendor]}/`) ? path.slice(BASES[vendor].length) : ''
  const told = isJson(body) ? body : {}
  const named = typeof told['model'] === 'string' ? told['model'] : ''
  const about = (api: VendorApi, model = named) => ({
    vendor,
    api,
    model,
    persona: vendor === 'compatible' ? (persona ?? personaOf(model)) : vendor,
    stream: told['stream'] === true,
  })
  if (method === 'GET' && (within === '/models' || within.startsWith('/models/'))) {
    const rest = decodeURIComponent(within.slice('/models/'.length))
    return { ...about('models', rest), ...(rest === '' ? {} : { rest }) }
  }
  if (method !== 'POST') return about('other')
  if (vendor !== 'gemini') return about(POSTS[vendor][within] ?? 'other')
  const [, model = '', action = ''] = /^\/models\/([^:]+):(\w+)$/.exec(within) ?? []
  const alt = query.get('alt')
  return {
    ...about(GEMINI_METHODS[action] ?? 'other', decodeURIComponent(model)),
    stream: action === 'streamGenerateContent',
    rest: action,
    ...(alt === null ? {} : { alt }),
  }
}
