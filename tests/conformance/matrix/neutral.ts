import { isKnownItem, type PivotResponse, type Usage } from '@dragoman/protocol'

/** What an answer says, whatever the protocol: the thing that no translation may change. */
export interface Neutral {
  text: string
  reasoning: string
  /** In order. Arguments parsed; the free text of a custom tool stands as `{ input }`. */
  calls: { name: string; arguments: unknown }[]
  /** Web pages that the text cites, in order, each once. */
  citations: string[]
  images: number
  finish: 'stop' | 'calls' | 'length' | 'filtered'
  usage: { input: number; cached: number; output: number; reasoning: number } | undefined
}

/** Paragraph breaks between parts belong to the protocol, not to the answer. */
export function words(...pieces: readonly (string | null | undefined)[]): string {
  return pieces.join('').replace(/\s+/g, '')
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown
  } catch {
    return text
  }
}

export function once(urls: readonly (string | undefined)[]): string[] {
  return [...new Set(urls.filter((url) => url !== undefined && url !== ''))] as string[]
}

export function neutralOf(response: PivotResponse): Neutral {
  const texts: string[] = []
  const thoughts: string[] = []
  const calls: Neutral['calls'] = []
  const urls: (string | undefined)[] = []
  let images = 0
  for (const item of response.output) {
    if (!isKnownItem(item)) continue
    switch (item.type) {
      case 'message':
        for (const part of typeof item.content === 'string' ? [] : item.content) {
          if (part.type === 'output_text') {
            texts.push(part.text)
            urls.push(...(part.annotations ?? []).map((annotation) => annotation.url))
          } else if (part.type === 'refusal') texts.push(part.refusal)
        }
        break
      case 'reasoning':
        thoughts.push(...[...item.summary, ...(item.content ?? [])].map((part) => part.text))
        break
      case 'function_call':
        calls.push({ name: item.name, arguments: parsed(item.arguments) })
        break
      case 'custom_tool_call':
        calls.push({ name: item.name, arguments: { input: item.input } })
        break
      case 'image_generation_call':
        if (typeof item.result === 'string' && item.result !== '') images++
        break
      default:
    }
  }
  return {
    text: words(...texts),
    reasoning: words(...thoughts),
    calls,
    citations: once(urls),
    images,
    finish: finishOf(response, calls.length > 0),
    usage: usageOf(response.usage),
  }
}

function finishOf(response: PivotResponse, calls: boolean): Neutral['finish'] {
  if (response.status === 'incomplete') {
    if (response.incomplete_details?.reason === 'max_output_tokens') return 'length'
    if (response.incomplete_details?.reason === 'content_filter') return 'filtered'
  }
  return calls ? 'calls' : 'stop'
}

function usageOf(usage: Usage | null | undefined): Neutral['usage'] {
  return usage == null
    ? undefined
    : {
        input: usage.input_tokens,
        cached: usage.input_tokens_details?.cached_tokens ?? 0,
        output: usage.output_tokens,
        reasoning: usage.output_tokens_details?.reasoning_tokens ?? 0,
      }
}
