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
  type ReplySoFar,
  type Turn,
  type WireRequest,
} from '../conversation.js'

/** `POST /v1/responses`; nothing is stored, every turn goes along. */
export function responsesRequest(asking: Asking): WireRequest {
  const { model, system, turns, stream, effort, tier, maxTokens, temperature, tools } = asking
  return {
    path: '/v1/responses',
    keyIn: 'authorization',
    headers: {},
    body: {
      model,
      ...(system === '' ? {} : { instructions: system }),
      input: turns.flatMap(itemsOf),
      store: false,
      ...(stream ? { stream: true } : {}),
      ...(effort === undefined ? {} : { reasoning: { effort, summary: 'auto' } }),
      include: ['reasoning.encrypted_content'],
      ...(tier === undefined ? {} : { service_tier: tier === 'fast' ? 'priority' : 'flex' }),
      ...(maxTokens === undefined ? {} : { max_output_tokens: maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(tools.length === 0
        ? {}
        : {
            tools: tools.map((tool) => ({
              type: 'function',
              name: tool.name,
              description: tool.description,
              parameters: schemaOf(tool),
              strict: false,
            })),
          }),
    },
  }
}

function itemsOf({ role, parts, wire }: Turn): unknown[] {
  if (wire?.protocol === 'responses') return [...wire.items]
  const calls = parts.flatMap((part): Json[] => {
    if (part.kind === 'call')
      return [{ type: 'function_call', call_id: part.id, name: part.name, arguments: part.args }]
    if (part.kind === 'result') return [{ type: 'function_call_output', call_id: part.id, output: part.text }]
    return []
  })
  const content = parts.flatMap((part): Json[] => {
    if (part.kind === 'text') return [{ type: role === 'user' ? 'input_text' : 'output_text', text: part.text }]
    if (part.kind === 'image' && role === 'user') return [{ type: 'input_image', image_url: part.url }]
    return []
  })
  const message = content.length === 0 ? [] : [{ type: 'message', role, content }]
  return role === 'user' ? [...calls, ...message] : [...message, ...calls]
}

/** Reads the events of a response, and a response as a whole. */
export function responsesReader(): ReplyReader {
  /** By their places in the output. */
  const items: Json[] = []
  let ended: Json | undefined
  let error: string | undefined

  /** The item at a place; what has not been told of it yet is made up as its first delta needs it. */
  function at(index: unknown, type: string): Json {
    const place = typeof index === 'number' ? index : items.length
    return (items[place] ??= { type })
  }

  function grow(item: Json, list: 'content' | 'summary', index: unknown, type: string, delta: unknown): void {
    const parts = Array.isArray(item[list]) ? (item[list] as Json[]) : (item[list] = [])
    const part = ((parts as Json[])[typeof index === 'number' ? index : 0] ??= { type, text: '' })
    part['text'] = textOf(part['text']) + textOf(delta)
  }

  function event(data: unknown): void {
    if (!isObject(data)) return
    const index = data['output_index']
    switch (data['type']) {
      case 'response.output_item.added':
      case 'response.output_item.done':
        if (isObject(data['item']) && typeof index === 'number') items[index] = structuredClone(data['item'])
        return
      case 'response.output_text.delta':
        return grow(at(index, 'message'), 'content', data['content_index'], 'output_text', data['delta'])
      case 'response.refusal.delta':
        return grow(at(index, 'message'), 'content', data['content_index'], 'output_text', data['delta'])
      case 'response.reasoning_summary_text.delta':
        return grow(at(index, 'reasoning'), 'summary', data['summary_index'], 'summary_text', data['delta'])
      case 'response.reasoning_text.delta':
        return grow(at(index, 'reasoning'), 'content', data['content_index'], 'reasoning_text', data['delta'])
      case 'response.function_call_arguments.delta': {
        const item = at(index, 'function_call')
        item['arguments'] = textOf(item['arguments']) + textOf(data['delta'])
        return
      }
      case 'response.custom_tool_call_input.delta': {
        const item = at(index, 'custom_tool_call')
        item['input'] = textOf(item['input']) + textOf(data['delta'])
        return
      }
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        if (isObject(data['response'])) end(data['response'])
        return
      case 'error':
        error = errorIn(data) ?? textOf(data['message'])
        return
      default:
        error = errorIn(data) ?? error
    }
  }

  function end(response: Json): void {
    ended = response
    error = errorIn(response) ?? error
    const output = listOf(response['output'])
    if (output.length > 0) items.splice(0, items.length, ...output)
  }

  return {
    event,
    whole(body) {
      error = errorIn(body) ?? error
      if (isObject(body)) end(body)
    },
    soFar() {
      const present = items.filter((item) => item !== undefined)
      const usage = ended?.['usage']
      const status = textOf(ended?.['status'])
      const tokens = isObject(usage) ? usageIn(usage) : undefined
      const reply: ReplySoFar = { parts: present.flatMap(partsOf), wire: present.map(withoutStatus) }
      return {
        ...reply,
        ...(tokens === undefined ? {} : { usage: tokens }),
        ...(status === '' ? {} : { stop: status }),
        ...(error === undefined ? {} : { error }),
      }
    },
  }
}

function usageIn(usage: Json) {
  const { input_tokens_details: input, output_tokens_details: output } = usage
  return usageOf({
    input: usage['input_tokens'],
    cached: isObject(input) ? input['cached_tokens'] : undefined,
    output: usage['output_tokens'],
    reasoning: isObject(output) ? output['reasoning_tokens'] : undefined,
  })
}

function partsOf(item: Json): Part[] {
  const texts = (list: unknown): string =>
    listOf(list)
      .map((part) => textOf(part['text']) || textOf(part['refusal']))
      .filter((text) => text !== '')
      .join('\n\n')
  switch (item['type']) {
    case 'message': {
      const text = texts(item['content'])
      return text === '' ? [] : [{ kind: 'text', text }]
    }
    case 'reasoning': {
      const text = texts(item['summary']) || texts(item['content'])
      return text === '' ? [] : [{ kind: 'reasoning', text }]
    }
    case 'function_call':
    case 'custom_tool_call':
      return [
        {
          kind: 'call',
          id: textOf(item['call_id']),
          name: textOf(item['name']),
          args: textOf(item['arguments']) || textOf(item['input']),
        },
      ]
    case 'image_generation_call': {
      const base64 = textOf(item['result'])
      const type = textOf(item['output_format']) || 'png'
      return base64 === '' ? [] : [{ kind: 'image', url: `data:image/${type};base64,${base64}` }]
    }
    default:
      return []
  }
}

/** An item of the output is one of the next input but for its state. */
function withoutStatus(item: Json): Json {
  const { status: _, ...rest } = item
  return rest
}
