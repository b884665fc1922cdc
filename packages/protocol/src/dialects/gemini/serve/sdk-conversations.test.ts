import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { GoogleGenAI, type Part } from '@google/genai'
import { generateText, jsonSchema, streamText, tool, type ModelMessage, type ToolSet } from 'ai'
import { afterEach, describe, expect, test } from 'vitest'
import {
  escapeText,
  type FunctionCallItem,
  type MessageItem,
  type PivotEvent,
  type PivotItem,
  type PivotRequest,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { decodeRequest } from './decode-request.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

/** A gateway in small: answers every request with the same items, by stream or whole, and keeps what was asked. */
interface House {
  baseUrl: string
  asked: PivotRequest[]
}

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

async function house(output: readonly PivotItem[]): Promise<House> {
  const asked: PivotRequest[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
      const [, model = '', method] = /models\/([^:]+):(\w+)/.exec(pathname) ?? []
      const stream = method === 'streamGenerateContent'
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
      const { value } = decodeRequest(body, {
        headers: {},
        path: { model, stream, alt: searchParams.get('alt') ?? '' },
      })
      asked.push(value)
      const about = { requestId: 'r', model, createdAt: 1, request: value }
      response.setHeader('content-type', stream ? 'text/event-stream' : 'application/json')
      response.end(
        stream
          ? streamEncoder(about).push(told(output))
          : JSON.stringify(encodeResponse({ id: 'resp', status: 'completed', output: [...output] }, about)),
      )
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  open.push(
    () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  )
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** The answer as a stream tells it, its texts in pieces. */
function told(output: readonly PivotItem[]): PivotEvent[] {
  const pieces = (text: string) => (text.match(/[^]{1,4}/gu) ?? []).map((piece) => escapeText(piece))
  const events = output.flatMap((item, output_index): PivotEvent[] => {
    const at = { item_id: item.id ?? '', output_index }
    const deltas = (): PivotEvent[] => {
      if (item.type === 'message') {
        return ((item as MessageItem).content as { text: string }[]).flatMap(({ text }, content_index) =>
          pieces(text).map((escaped) => ({ type: 'response.output_text.delta', ...at, content_index, escaped })),
        )
      }
      if (item.type === 'reasoning') {
        return (item as ReasoningItem).summary.flatMap(({ text }, summary_index) =>
          pieces(text).map((escaped) => ({
            type: 'response.reasoning_summary_text.delta',
            ...at,
            summary_index,
            escaped,
          })),
        )
      }
      return []
    }
    return [
      { type: 'response.output_item.added', output_index, item },
      ...deltas(),
      { type: 'response.output_item.done', output_index, item },
    ]
  })
  return [
    { type: 'response.created', response: { id: 'resp', output: [] } },
    ...events,
    { type: 'response.completed', response: { id: 'resp', status: 'completed', output: [] } },
  ]
}

const codex = (id: string, ...summary: string[]): ReasoningItem => ({
  type: 'reasoning',
  id,
  summary: summary.map((text) => ({ type: 'summary_text', text })),
  encrypted_content: `gAAAA-${id}`,
})
const claude = (text: string, signature: string): ReasoningItem => ({
  type: 'reasoning',
  summary: text === '' ? [] : [{ type: 'summary_text', text }],
  extra: { 'anthropic-messages': { signature } },
})
const said = (text: string): MessageItem => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
})
const called = (call_id: string, name: string, args: object = {}): FunctionCallItem => ({
  type: 'function_call',
  call_id,
  name,
  arguments: JSON.stringify(args),
})

const ANSWERS: [string, PivotItem[]][] = [
  ['a text after a thought', [codex('rs_1', 'Plan it'), said('Here you are.')]],
  ['a thought of several parts', [codex('rs_1', 'One', 'Two\n\nthree', '四 🤔'), said('Done: "四" \\ 🤔')]],
  ['a thought that shows nothing', [codex('rs_1'), said('Fine.')]],
  ['a call after a thought', [codex('rs_1', 'Look'), called('call_a', 'look', { city: 'Rom' })]],
  [
    'parallel calls after several thoughts',
    [codex('rs_1', 'Look'), codex('rs_2'), called('call_a', 'look', { city: 'Rom' }), called('call_b', 'look')],
  ],
  [
    'a thought before each of two calls, and a text between',
    [
      codex('rs_1', 'First'),
      said('Let me look.'),
      codex('rs_2', 'Then'),
      called('call_a', 'look', { city: 'Rom' }),
      codex('rs_3', 'Last'),
      called('call_b', 'look', { city: 'Bern' }),
    ],
  ],
  ['a thought of another vendor', [claude('Hm.', 'c2lnbmF0dXJl'), said('So.')]],
  ['hidden thoughts of another vendor', [claude('', 'cmVkYWN0ZWQ='), called('call_a', 'look')]],
]

/** What the model of the next request is told that it thought, said and called. */
function remembered(request: PivotRequest | undefined): unknown[] {
  const items = request?.input ?? []
  return items.flatMap((item): unknown[] => {
    switch (item.type) {
      case 'reasoning':
        return [item]
      case 'function_call': {
        const { call_id, name, arguments: args } = item as FunctionCallItem
        return [{ call_id, name, args: JSON.parse(args) as unknown }]
      }
      case 'message': {
        const { role, content } = item as MessageItem
        if (role !== 'assistant') return []
        return [(content as { text: string }[]).map(({ text }) => text).join('')]
      }
      default:
        return []
    }
  })
}

/** The items themselves, in the same words. */
const expected = (output: PivotItem[]) => remembered({ model: 'm', input: output })
const results = (request: PivotRequest | undefined) =>
  (request?.input ?? []).filter(({ type }) => type === 'function_call_output').map((item) => item['call_id' as never])
const callIds = (output: PivotItem[]) =>
  output.filter(({ type }) => type === 'function_call').map((item) => item['call_id' as never])

/** What the user says next: the results of the calls, or a word. */
function nextMessage(output: PivotItem[]) {
  const ids = callIds(output)
  return ids.length === 0
    ? 'go on'
    : ids.map((id) => ({ functionResponse: { id, name: 'look', response: { output: 'sunny' } } }))
}

interface Content {
  role?: string | undefined
  parts: Part[]
}

/** What other clients make of the parts that they were told. */
const HABITS: [string, (contents: Content[]) => Content[]][] = [
  ['gives everything back as it came', (contents) => contents],
  [
    'drops thoughts',
    (contents) => contents.map(({ role, parts }) => ({ role, parts: parts.filter(({ thought }) => thought !== true) })),
  ],
  [
    'joins neighbouring texts and thoughts into one part, all in one content',
    (contents) => {
      const out: Content[] = []
      for (const { role, parts } of contents) {
        if (out.at(-1)?.role !== role) out.push({ role, parts: [] })
        const content = out.at(-1)!
        for (const part of parts) {
          const before = content.parts.at(-1)
          const joins =
            before?.text !== undefined &&
            part.text !== undefined &&
            before.thought === part.thought &&
            !(before.thoughtSignature !== undefined && part.thoughtSignature !== undefined)
          if (joins) content.parts[content.parts.length - 1] = { ...before, ...part, text: before.text! + part.text! }
          else content.parts.push(part)
        }
      }
      return out
    },
  ],
  [
    'leaves ids out',
    (contents) => {
      return contents.map(({ role, parts }) => ({
        role,
        parts: parts.map((part) => {
          if (part.functionCall === undefined) return part
          const { id: _id, ...functionCall } = part.functionCall
          return { ...part, functionCall }
        }),
      }))
    },
  ],
  [
    'writes the bytes of signatures in the alphabet of URLs and without padding',
    (contents) =>
      contents.map(({ role, parts }) => ({
        role,
        parts: parts.map((part) =>
          part.thoughtSignature === undefined
            ? part
            : { ...part, thoughtSignature: Buffer.from(part.thoughtSignature, 'base64').toString('base64url') },
        ),
      })),
  ],
  [
    'copies the first signature to every call',
    (contents) => {
      const signed = contents.flatMap(({ parts }) => parts).find(({ functionCall }) => functionCall !== undefined)
      return contents.map(({ role, parts }) => ({
        role,
        parts: parts.map((part) =>
          part.functionCall === undefined || part.thoughtSignature !== undefined || !signed?.thoughtSignature
            ? part
            : { ...part, thoughtSignature: signed.thoughtSignature },
        ),
      }))
    },
  ],
]

describe.each([
  ['thoughts shown', { includeThoughts: true }],
  ['thoughts hidden', {}],
])('a chat of the official Gemini SDK, %s', (_, thinkingConfig) => {
  describe.each([['stream'], ['whole']])('%s', (form) => {
    test.each(ANSWERS)('%s', async (_name, output) => {
      const { baseUrl, asked } = await house(output)
      const ai = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl } })
      const chat = ai.chats.create({ model: 'gpt-5.5', config: { thinkingConfig } })
      const send = async (message: string | object[]) => {
        if (form === 'whole') await chat.sendMessage({ message })
        else for await (const chunk of await chat.sendMessageStream({ message })) expect(chunk.responseId).toBe('resp')
      }
      await send('hi')
      await send(nextMessage(output))
      expect(remembered(asked[1])).toEqual(expected(output))
      expect(results(asked[1])).toEqual(callIds(output))

      const history = chat.getHistory(true).map(({ role, parts }) => ({ role, parts: parts ?? [] }))
      for (const [habit, change] of HABITS) {
        const { value } = decodeRequest({ contents: change(history) }, { headers: {} })
        const twice = [...expected(output), ...expected(output)].map(withoutId)
        expect(remembered(value).map(withoutId), habit).toEqual(twice)
        expect(results(value), habit).toHaveLength(callIds(output).length)
      }
    })
  })
})

/** A client that leaves ids out, or uses one in two turns, is told other ones. */
function withoutId(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || !('call_id' in item)) return item
  const { call_id: _id, ...rest } = item
  return rest
}

describe('a conversation of the AI SDK', () => {
  const tools: ToolSet = { look: tool({ description: 'Looks', inputSchema: jsonSchema({ type: 'object' }) }) }

  test.each(ANSWERS)('%s', async (_name, output) => {
    for (const form of ['stream', 'whole']) {
      const { baseUrl, asked } = await house(output)
      const google = createGoogleGenerativeAI({ apiKey: 'k', baseURL: `${baseUrl}/v1beta` })
      const ask = async (messages: ModelMessage[]): Promise<ModelMessage[]> => {
        const about = {
          model: google('gpt-5.5'),
          messages,
          tools,
          maxRetries: 0,
          providerOptions: { google: { thinkingConfig: { includeThoughts: true } } },
        }
        const { response } = form === 'whole' ? await generateText(about) : streamText(about)
        return (await response).messages
      }
      const hi: ModelMessage = { role: 'user', content: 'hi' }
      const answer = await ask([hi])
      const ids = callIds(output)
      const next: ModelMessage =
        ids.length === 0
          ? { role: 'user', content: 'go on' }
          : {
              role: 'tool',
              content: ids.map((toolCallId) => ({
                type: 'tool-result',
                toolCallId,
                toolName: 'look',
                output: { type: 'text', value: 'sunny' },
              })),
            }
      await ask([hi, ...answer, next])
      expect(remembered(asked[1]).map(withoutId), form).toEqual(expected(output).map(withoutId))
      expect(results(asked[1])).toHaveLength(ids.length)
      expect(results(asked[1])).toEqual(
        asked[1]!.input.filter(({ type }) => type === 'function_call').map((item) => item['call_id' as never]),
      )
    }
  })
})
