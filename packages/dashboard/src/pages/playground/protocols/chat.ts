import {
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

/** `POST /v1/chat/completions` */
export function chatRequest(asking: Asking): WireRequest {
  const { model, system, turns, stream, effort, tier, maxTokens, temperature, tools } = asking
  return {
    path: '/v1/chat/completions',
    keyIn: 'authorization',
    headers: {},
    body: {
      model,
      messages: [...(system === '' ? [] : [{ role: 'system', content: system }]), ...turns.flatMap(messagesOf)],
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...(effort === undefined ? {} : { reasoning_effort: effort }),
      ...(tier === undefined ? {} : { service_tier: tier === 'fast' ? 'priority' : 'flex' }),
      ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(tools.length === 0
        ? {}
        : {
            tools: tools.map((tool) => ({
              type: 'function',
              function: { name: tool.name, description: tool.description, parameters: schemaOf(tool) },
            })),
          }),
    },
  }
}

function messagesOf({ role, parts, wire }: Turn): unknown[] {
  if (wire?.protocol === 'chat') return [...wire.items]
  if (role === 'assistant') {
    const calls = parts.flatMap((part) =>
      part.kind === 'call'
        ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.args } }]
        : [],
    )
    return [
      {
        role,
        content: parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      },
    ]
  }
  const results = parts.flatMap((part) =>
    part.kind === 'result' ? [{ role: 'tool', tool_call_id: part.id, content: part.text }] : [],
  )
  const content = parts.flatMap((part): Json[] => {
    if (part.kind === 'text') return [{ type: 'text', text: part.text }]
    if (part.kind === 'image') return [{ type: 'image_url', image_url: { url: part.url } }]
    return []
  })
  const only = content.length === 1 && content[0]?.['type'] === 'text' ? content[0]['text'] : content
  return [...results, ...(content.length === 0 ? [] : [{ role, content: only }])]
}

/** Reads `chat.completion` and its chunks, reasoning in `reasoning_content` among them. */
export function chatReader(): ReplyReader {
  let text = ''
  let reasoning = ''
  const images: string[] = []
  const calls: { id: string; name: string; args: string }[] = []
  let usage: TokenUse | undefined
  let stop: string | undefined
  let error: string | undefined

  function take(choice: Json, said: Json): void {
    text += textOf(said['content'])
    reasoning += textOf(said['reasoning_content']) || textOf(said['reasoning'])
    for (const image of listOf(said['images'])) {
      const { image_url: place } = image
      const url = isObject(place) ? textOf(place['url']) : ''
      if (url !== '') images.push(url)
    }
    for (const [at, told] of listOf(said['tool_calls']).entries()) {
      const index = typeof told['index'] === 'number' ? told['index'] : at
      const call = (calls[index] ??= { id: '', name: '', args: '' })
      const { function: called } = told
      call.id ||= textOf(told['id'])
      if (isObject(called)) {
        call.name += textOf(called['name'])
        call.args += textOf(called['arguments'])
      }
    }
    stop = textOf(choice['finish_reason']) || stop
  }

  function read(body: unknown, field: 'delta' | 'message'): void {
    error = errorIn(body) ?? error
    if (!isObject(body)) return
    const { usage: told } = body
    for (const choice of listOf(body['choices'])) {
      const said = choice[field]
      if (isObject(said)) take(choice, said)
    }
    if (isObject(told)) {
      const { prompt_tokens_details: input, completion_tokens_details: output } = told
      usage = usageOf({
        input: told['prompt_tokens'],
        cached: isObject(input) ? input['cached_tokens'] : undefined,
        output: told['completion_tokens'],
        reasoning: isObject(output) ? output['reasoning_tokens'] : undefined,
      })
    }
  }

  return {
    event: (data) => read(data, 'delta'),
    whole: (body) => read(body, 'message'),
    soFar() {
      const called = calls.filter((call) => call !== undefined)
      const parts: Part[] = [
        ...(reasoning === '' ? [] : [{ kind: 'reasoning' as const, text: reasoning }]),
        ...(text === '' ? [] : [{ kind: 'text' as const, text }]),
        ...images.map((url) => ({ kind: 'image' as const, url })),
        ...called.map((call) => ({ kind: 'call' as const, ...call })),
      ]
      const message = {
        role: 'assistant',
        content: text,
        ...(called.length === 0
          ? {}
          : {
              tool_calls: called.map(({ id, name, args }) => ({
                id,
                type: 'function',
                function: { name, arguments: args },
              })),
            }),
      }
      return { parts, wire: [message], ...told({ usage, stop, error }) }
    },
  }
}

function told(of: { usage: TokenUse | undefined; stop: string | undefined; error: string | undefined }) {
  return {
    ...(of.usage === undefined ? {} : { usage: of.usage }),
    ...(of.stop === undefined ? {} : { stop: of.stop }),
    ...(of.error === undefined ? {} : { error: of.error }),
  }
}
