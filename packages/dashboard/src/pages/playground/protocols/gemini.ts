import {
  dataUrl,
  errorIn,
  isObject,
  listOf,
  schemaOf,
  textOf,
  usageOf,
  type Asking,
  type Json,
  type Part,
  type ReplyReader,
  type TokenUse,
  type Turn,
  type WireRequest,
} from '../conversation.js'

/** `POST /v1beta/models/{model}:streamGenerateContent`, or `:generateContent` */
export function geminiRequest(asking: Asking): WireRequest {
  const { model, system, turns, stream, effort, tier, maxTokens, temperature, tools } = asking
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent'
  const config = {
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(effort === undefined ? {} : { thinkingConfig: { includeThoughts: true, thinkingLevel: effort.toUpperCase() } }),
  }
  return {
    // The protocol names no tier; a suffix of the model does.
    path: `/v1beta/models/${encodeURIComponent(tier === undefined ? model : `${model}-${tier}`)}:${method}`,
    keyIn: 'x-goog-api-key',
    headers: {},
    body: {
      ...(system === '' ? {} : { systemInstruction: { parts: [{ text: system }] } }),
      contents: turns.map(contentOf),
      ...(Object.keys(config).length === 0 ? {} : { generationConfig: config }),
      ...(tools.length === 0
        ? {}
        : {
            tools: [
              {
                functionDeclarations: tools.map((tool) => ({
                  name: tool.name,
                  description: tool.description,
                  parametersJsonSchema: schemaOf(tool),
                })),
              },
            ],
          }),
    },
  }
}

function contentOf({ role, parts, wire }: Turn): Json {
  const named = role === 'user' ? 'user' : 'model'
  if (wire?.protocol === 'gemini') return { role: named, parts: wire.items }
  return {
    role: named,
    parts: parts.flatMap((part): Json[] => {
      switch (part.kind) {
        case 'text':
          return [{ text: part.text }]
        case 'image': {
          const data = dataUrl(part.url)
          return data === undefined ? [] : [{ inlineData: { mimeType: data.type, data: data.base64 } }]
        }
        case 'call':
          return [{ functionCall: { id: part.id, name: part.name, args: parsed(part.args) } }]
        case 'result':
          return [{ functionResponse: { id: part.id, name: part.name, response: { output: part.text } } }]
        case 'reasoning':
          return []
        default:
          return part satisfies never
      }
    }),
  }
}

function parsed(args: string): unknown {
  try {
    return JSON.parse(args) as unknown
  } catch {
    return {}
  }
}

/** Reads `GenerateContentResponse`s, of which a stream is many. */
export function geminiReader(): ReplyReader {
  const wire: Json[] = []
  let usage: TokenUse | undefined
  let stop: string | undefined
  let error: string | undefined

  function read(body: unknown): void {
    error = errorIn(body) ?? error
    if (!isObject(body)) return
    const { usageMetadata: told } = body
    for (const candidate of listOf(body['candidates'])) {
      const { content } = candidate
      if (isObject(content)) for (const part of listOf(content['parts'])) add(part)
      stop = textOf(candidate['finishReason']) || stop
    }
    if (!isObject(told)) return
    const { candidatesTokenCount: said, thoughtsTokenCount: thought } = told
    usage = usageOf({
      input: told['promptTokenCount'],
      cached: told['cachedContentTokenCount'],
      // Thoughts are told beside what was said, and are output all the same.
      output: typeof said === 'number' && typeof thought === 'number' ? said + thought : said,
      reasoning: thought,
    })
  }

  /** Pieces of one text become one part, as long as nothing but text is in them. */
  function add(part: Json): void {
    const last = wire.at(-1)
    const same = last !== undefined && onlyText(last) && onlyText(part) && last['thought'] === part['thought']
    if (same) last['text'] = textOf(last['text']) + textOf(part['text'])
    else wire.push(structuredClone(part))
  }

  return {
    event: read,
    whole: read,
    soFar: () => ({
      parts: wire.flatMap(partsOf),
      wire,
      ...(usage === undefined ? {} : { usage }),
      ...(stop === undefined ? {} : { stop }),
      ...(error === undefined ? {} : { error }),
    }),
  }
}

function onlyText(part: Json): boolean {
  return Object.keys(part).every((name) => name === 'text' || name === 'thought')
}

function partsOf(part: Json, at: number): Part[] {
  const { functionCall: call, inlineData: picture } = part
  if (isObject(call)) {
    const name = textOf(call['name'])
    return [{ kind: 'call', id: textOf(call['id']) || `${name}_${at}`, name, args: JSON.stringify(call['args'] ?? {}) }]
  }
  if (isObject(picture)) {
    return [{ kind: 'image', url: `data:${textOf(picture['mimeType'])};base64,${textOf(picture['data'])}` }]
  }
  const text = textOf(part['text'])
  if (text === '') return []
  return [{ kind: part['thought'] === true ? 'reasoning' : 'text', text }]
}
