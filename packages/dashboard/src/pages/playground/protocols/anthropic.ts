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

/** The protocol wants a number; this is what its clients send when nobody chose. */
const DEFAULT_MAX_TOKENS = 8192

/** `POST /v1/messages` */
export function anthropicRequest(asking: Asking): WireRequest {
  const { model, system, turns, stream, effort, tier, maxTokens, temperature, tools } = asking
  return {
    path: '/v1/messages',
    keyIn: 'x-api-key',
    headers: { 'anthropic-version': '2023-06-01' },
    body: {
      // The protocol has a word for fast only; a suffix of the model says the other one.
      model: tier === 'flex' ? `${model}-flex` : model,
      max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
      ...(system === '' ? {} : { system }),
      messages: turns.map(messageOf),
      ...(stream ? { stream: true } : {}),
      ...(effort === undefined
        ? {}
        : effort === 'none'
          ? { thinking: { type: 'disabled' } }
          : { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort } }),
      ...(tier === 'fast' ? { speed: 'fast' } : {}),
      ...(temperature === undefined ? {} : { temperature }),
      ...(tools.length === 0
        ? {}
        : {
            tools: tools.map((tool) => ({
              name: tool.name,
              description: tool.description,
              input_schema: { type: 'object', ...schemaOf(tool) },
            })),
          }),
    },
  }
}

function messageOf({ role, parts, wire }: Turn): Json {
  if (wire?.protocol === 'anthropic') return { role, content: wire.items }
  const content = parts.flatMap((part): Json[] => {
    switch (part.kind) {
      case 'text':
        return [{ type: 'text', text: part.text }]
      case 'image':
        return role === 'user' ? [{ type: 'image', source: sourceOf(part.url) }] : []
      case 'call':
        return [{ type: 'tool_use', id: part.id, name: part.name, input: objectIn(part.args) }]
      case 'result':
        return [{ type: 'tool_result', tool_use_id: part.id, content: part.text }]
      case 'reasoning':
        return []
      default:
        return part satisfies never
    }
  })
  const [only] = content
  if (content.length === 1 && only?.['type'] === 'text') return { role, content: only['text'] }
  return { role, content }
}

function sourceOf(url: string): Json {
  const data = dataUrl(url)
  return data === undefined ? { type: 'url', url } : { type: 'base64', media_type: data.type, data: data.base64 }
}

/** Arguments as the object that this protocol wants; a model may have written anything. */
function objectIn(args: string): Json {
  try {
    const value: unknown = JSON.parse(args)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** Reads a message and the events that one is told in. */
export function anthropicReader(): ReplyReader {
  const blocks: Json[] = []
  /** Arguments of calls while they stream, by block. */
  const inputs = new Map<number, string>()
  let told: Json = {}
  let stop: string | undefined
  let error: string | undefined

  function grow(index: number, delta: Json): void {
    const block = (blocks[index] ??= { type: 'text', text: '' })
    switch (delta['type']) {
      case 'text_delta':
        block['text'] = textOf(block['text']) + textOf(delta['text'])
        return
      case 'thinking_delta':
        block['thinking'] = textOf(block['thinking']) + textOf(delta['thinking'])
        return
      case 'signature_delta':
        block['signature'] = textOf(block['signature']) + textOf(delta['signature'])
        return
      case 'input_json_delta':
        inputs.set(index, (inputs.get(index) ?? '') + textOf(delta['partial_json']))
        return
    }
  }

  function event(data: unknown): void {
    error = errorIn(data) ?? error
    if (!isObject(data)) return
    const index = typeof data['index'] === 'number' ? data['index'] : 0
    const { message, delta, content_block: block, usage } = data
    switch (data['type']) {
      case 'message_start':
        if (isObject(message) && isObject(message['usage'])) told = { ...told, ...message['usage'] }
        return
      case 'content_block_start':
        if (isObject(block)) blocks[index] = structuredClone(block)
        return
      case 'content_block_delta':
        if (isObject(delta)) grow(index, delta)
        return
      case 'message_delta':
        if (isObject(delta)) stop = textOf(delta['stop_reason']) || stop
        if (isObject(usage)) told = { ...told, ...usage }
        return
    }
  }

  return {
    event,
    whole(body) {
      error = errorIn(body) ?? error
      if (!isObject(body)) return
      blocks.push(...listOf(body['content']))
      stop = textOf(body['stop_reason']) || stop
      if (isObject(body['usage'])) told = body['usage']
    },
    soFar() {
      const present = blocks.flatMap((block, index) => {
        const args = inputs.get(index)
        return block === undefined ? [] : [args === undefined ? block : { ...block, input: objectIn(args) }]
      })
      const usage = usageIn(told)
      return {
        parts: blocks.flatMap((block, index) => (block === undefined ? [] : partsOf(block, inputs.get(index)))),
        wire: present,
        ...(usage === undefined ? {} : { usage }),
        ...(stop === undefined ? {} : { stop }),
        ...(error === undefined ? {} : { error }),
      }
    },
  }
}

/** What was read from the cache, and written to it, is told beside the rest of the input here. */
function usageIn(told: Json): TokenUse | undefined {
  const usage = usageOf({
    input: told['input_tokens'],
    cached: told['cache_read_input_tokens'],
    output: told['output_tokens'],
    reasoning: undefined,
  })
  const written = told['cache_creation_input_tokens']
  if (usage?.input === undefined) return usage
  return { ...usage, input: usage.input + (usage.cached ?? 0) + (typeof written === 'number' ? written : 0) }
}

function partsOf(block: Json, args: string | undefined): Part[] {
  switch (block['type']) {
    case 'text':
      return textOf(block['text']) === '' ? [] : [{ kind: 'text', text: textOf(block['text']) }]
    case 'thinking':
      return textOf(block['thinking']) === '' ? [] : [{ kind: 'reasoning', text: textOf(block['thinking']) }]
    case 'tool_use':
      return [
        {
          kind: 'call',
          id: textOf(block['id']),
          name: textOf(block['name']),
          args: args ?? JSON.stringify(block['input'] ?? {}),
        },
      ]
    default:
      return []
  }
}
