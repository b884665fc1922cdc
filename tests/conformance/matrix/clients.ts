import { once as happens } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import type { DialectId, PivotResponse } from '@dragoman/protocol'
import { GoogleGenAI, type GenerateContentResponse } from '@google/genai'
import { Ollama, type ChatResponse } from 'ollama'
import OpenAI from 'openai'
import { neutralOf, once, parsed, words, type Neutral } from './neutral.js'

/** A reply as some dialect wrote it. */
export interface Written {
  contentType: string
  body: string
}

/** The vendors' own SDKs, each reading what it is served. */
export interface Clients {
  read(dialect: DialectId, form: 'stream' | 'whole', written: Written): Promise<Neutral>
  close(): Promise<void>
}

/** Where the SDKs find what they read. */
export interface ClientsAt {
  /** The OpenAI SDK's; ends where its paths begin. */
  openai: string
  anthropic: string
  google: string
  ollama: string
  key: string
  model: string
  /** Ask to be shown what the model thought, where a protocol shows it only then. */
  thoughts?: boolean
}

export async function openClients(): Promise<Clients> {
  let next: Written = { contentType: '', body: '' }
  const server = createServer((req, res) => {
    req.resume()
    res.writeHead(200, { 'content-type': next.contentType })
    res.end(next.body)
  }).listen(0, '127.0.0.1')
  await happens(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const readers = readersAt({ openai: url, anthropic: url, google: url, ollama: url, key: 'k', model: 'm' })
  return {
    read(dialect, form, written) {
      next = written
      return readers[dialect][form]()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await happens(server, 'close')
    },
  }
}

/** Every vendor's SDK asking for the same; what it hears comes back in neutral form. */
export function readersAt(at: ClientsAt): Record<DialectId, Record<'stream' | 'whole', () => Promise<Neutral>>> {
  const { key, model, thoughts = false } = at
  const message = {
    model,
    max_tokens: 2048,
    ...(thoughts ? { thinking: { type: 'enabled' as const, budget_tokens: 1024 } } : {}),
  }
  const question = {
    model,
    contents: 'x',
    ...(thoughts ? { config: { thinkingConfig: { includeThoughts: true } } } : {}),
  }
  const openai = new OpenAI({ baseURL: at.openai, apiKey: key, maxRetries: 0 })
  const anthropic = new Anthropic({ baseURL: at.anthropic, apiKey: key, maxRetries: 0 })
  const google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: at.google } })
  const ollama = new Ollama({ host: at.ollama, headers: { authorization: `Bearer ${key}` } })
  const messages = [{ role: 'user' as const, content: 'x' }]

  return {
    'openai-chat': {
      // Its own helpers know neither the thoughts of other providers nor calls of custom tools.
      stream: async () =>
        ofChat(
          await foldChat(
            await openai.chat.completions.create({
              model,
              messages,
              stream: true,
              stream_options: { include_usage: true },
            }),
          ),
        ),
      whole: async () => ofChat(await openai.chat.completions.create({ model, messages })),
    },
    'openai-responses': {
      // Its own helper breaks on events of hosted tools.
      stream: async () =>
        neutralOf(await foldResponses(await openai.responses.create({ model, input: 'x', stream: true }))),
      whole: async () => neutralOf((await openai.responses.create({ model, input: 'x' })) as never as PivotResponse),
    },
    'anthropic-messages': {
      stream: async () => ofMessage(await anthropic.messages.stream({ ...message, messages }).finalMessage()),
      whole: async () => ofMessage(await anthropic.messages.create({ ...message, messages })),
    },
    gemini: {
      async stream() {
        const chunks: GenerateContentResponse[] = []
        const stream = await google.models.generateContentStream(question)
        for await (const chunk of stream) chunks.push(chunk)
        return ofGemini(chunks)
      },
      whole: async () => ofGemini([await google.models.generateContent(question)]),
    },
    ollama: {
      async stream() {
        const chunks: ChatResponse[] = []
        for await (const chunk of await ollama.chat({ model, messages, stream: true })) chunks.push(chunk)
        return ofOllama(chunks)
      },
      whole: async () => ofOllama([await ollama.chat({ model, messages })]),
    },
  }
}

async function foldChat(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<OpenAI.ChatCompletion> {
  const message: Record<string, unknown> = { role: 'assistant' }
  const calls: Record<string, Record<string, unknown>>[] = []
  const lists: Record<string, unknown[]> = { annotations: [], images: [] }
  let finish_reason: string | null = null
  let usage: unknown
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage
    const choice = chunk.choices[0]
    if (choice === undefined) continue
    finish_reason = choice.finish_reason ?? finish_reason
    const delta = choice.delta as Record<string, unknown>
    for (const field of ['content', 'reasoning_content', 'refusal']) {
      if (typeof delta[field] === 'string') message[field] = String(message[field] ?? '') + delta[field]
    }
    for (const field of Object.keys(lists)) lists[field]?.push(...((delta[field] as unknown[] | undefined) ?? []))
    for (const { index, ...call } of choice.delta.tool_calls ?? []) {
      const known = calls[index]
      const told = call as unknown as Record<string, Record<string, unknown>>
      if (known === undefined) calls[index] = structuredClone(told)
      else if (known['function']) known['function']['arguments'] += String(told['function']?.['arguments'] ?? '')
      else if (known['custom']) known['custom']['input'] += String(told['custom']?.['input'] ?? '')
    }
  }
  return {
    choices: [{ index: 0, finish_reason, message: { ...message, ...lists, tool_calls: calls } }],
    usage,
  } as unknown as OpenAI.ChatCompletion
}

/** The items as they were finished one by one, and the end's word on everything else. */
async function foldResponses(stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>): Promise<PivotResponse> {
  const items = new Map<number, unknown>()
  for await (const event of stream) {
    if (event.type === 'response.output_item.done') items.set(event.output_index, event.item)
    if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      const output = [...items].sort(([a], [b]) => a - b).map(([, item]) => item)
      return { ...event.response, output } as never as PivotResponse
    }
  }
  throw new Error('the stream had no end')
}

function ofChat(completion: OpenAI.ChatCompletion): Neutral {
  const choice = completion.choices[0]
  const message = choice?.message as
    (OpenAI.ChatCompletionMessage & { reasoning_content?: string; images?: unknown[] }) | undefined
  const { usage } = completion
  const finish = choice?.finish_reason
  return {
    text: words(message?.content, message?.refusal),
    reasoning: words(message?.reasoning_content),
    calls: (message?.tool_calls ?? []).map((call) =>
      call.type === 'custom'
        ? { name: call.custom.name, arguments: { input: call.custom.input } }
        : { name: call.function.name, arguments: parsed(call.function.arguments) },
    ),
    citations: once((message?.annotations ?? []).map(({ url_citation }) => url_citation?.url)),
    images: message?.images?.length ?? 0,
    finish:
      finish === 'tool_calls' ? 'calls' : finish === 'length' ? 'length' : finish === 'stop' ? 'stop' : 'filtered',
    usage:
      usage == null
        ? undefined
        : {
            input: usage.prompt_tokens,
            cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
            output: usage.completion_tokens,
            reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
          },
  }
}

/** This API has no block for pictures that a model made; they stand in the text, as Markdown. */
const PICTURE = /!\[[^\]]*\]\(data:image\/[^)]+\)/g

function ofMessage(message: Anthropic.Message): Neutral {
  const texts = message.content.filter((block) => block.type === 'text')
  const { usage, stop_reason } = message
  const text = texts.map(({ text }) => text).join('')
  return {
    text: words(text.replace(PICTURE, '')),
    reasoning: words(...message.content.map((block) => (block.type === 'thinking' ? block.thinking : ''))),
    calls: message.content
      .filter((block) => block.type === 'tool_use')
      .map(({ name, input }) => ({ name, arguments: input })),
    citations: once(
      texts
        .flatMap(({ citations }) => citations ?? [])
        .map((citation) => ('url' in citation ? citation.url : undefined)),
    ),
    images: text.match(PICTURE)?.length ?? 0,
    finish:
      stop_reason === 'tool_use'
        ? 'calls'
        : stop_reason === 'max_tokens'
          ? 'length'
          : stop_reason === 'refusal'
            ? 'filtered'
            : 'stop',
    usage: {
      input: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      cached: usage.cache_read_input_tokens ?? 0,
      output: usage.output_tokens,
      reasoning:
        (usage as { output_tokens_details?: { thinking_tokens?: number } }).output_tokens_details?.thinking_tokens ?? 0,
    },
  }
}

function ofGemini(chunks: readonly GenerateContentResponse[]): Neutral {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
  const candidates = chunks.flatMap((chunk) => chunk.candidates?.[0] ?? [])
  const finish = candidates.findLast(({ finishReason }) => finishReason !== undefined)?.finishReason
  const usage = chunks.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata
  const calls = parts
    .flatMap(({ functionCall }) => functionCall ?? [])
    .map(({ name, args }) => ({ name: name ?? '', arguments: args ?? {} }))
  const thoughts = usage?.thoughtsTokenCount ?? 0
  return {
    text: words(...parts.filter(({ thought }) => thought !== true).map(({ text }) => text)),
    reasoning: words(...parts.filter(({ thought }) => thought === true).map(({ text }) => text)),
    calls,
    citations: once(
      candidates
        .flatMap(({ groundingMetadata }) => groundingMetadata?.groundingChunks ?? [])
        .map(({ web }) => web?.uri),
    ),
    images: parts.filter(({ inlineData }) => inlineData !== undefined).length,
    finish: finish === 'STOP' ? (calls.length > 0 ? 'calls' : 'stop') : finish === 'MAX_TOKENS' ? 'length' : 'filtered',
    usage: usage && {
      input: usage.promptTokenCount ?? 0,
      cached: usage.cachedContentTokenCount ?? 0,
      output: (usage.candidatesTokenCount ?? 0) + thoughts,
      reasoning: thoughts,
    },
  }
}

function ofOllama(chunks: readonly ChatResponse[]): Neutral {
  const last = chunks.at(-1)
  const calls = chunks
    .flatMap(({ message }) => message.tool_calls ?? [])
    .map(({ function: { name, arguments: given } }) => ({ name, arguments: given as unknown }))
  return {
    text: words(...chunks.map(({ message }) => message.content)),
    reasoning: words(...chunks.map(({ message }) => message.thinking)),
    calls,
    citations: [],
    images: chunks.reduce((count, { message }) => count + (message.images?.length ?? 0), 0),
    finish: last?.done_reason === 'length' ? 'length' : calls.length > 0 ? 'calls' : 'stop',
    usage: last && { input: last.prompt_eval_count, cached: 0, output: last.eval_count, reasoning: 0 },
  }
}
