import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isTerminal,
  responseReducer,
  type PivotEvent,
  type PivotRequest,
  type PivotResponse,
} from '../../pivot/index.js'
import { openaiResponses } from '../openai-responses/index.js'
import { streamDecoder } from './call/stream-decoder.js'
import { openaiChat } from './index.js'
import type { ChatCompletion } from './wire.js'

/** Recorded replies of real providers and requests of real clients; not part of a clone. */
const FIXTURES = fileURLToPath(new URL('../../../../../../shared/fixtures', import.meta.url))
const RECORDED = join(FIXTURES, 'recorded')
const CLIENTS = join(FIXTURES, 'clients')

type Json = Record<string, unknown>

const utf8 = new TextEncoder()

function read(...path: string[]): string {
  return readFileSync(join(RECORDED, ...path), 'utf8')
}

/** A stream's bytes: a `.chunks.txt` holds one payload a line. */
function stream(folder: string, name: string, end = 'data: [DONE]\n\n'): Uint8Array {
  if (name.endsWith('.sse')) return utf8.encode(read(folder, name))
  const lines = read(folder, name)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return utf8.encode(lines.map((line) => `data: ${line}\n\n`).join('') + end)
}

function decode(bytes: Uint8Array, keepFrames = false): PivotEvent[] {
  const decoder = openaiChat.call.streamDecoder({ keepFrames })
  return [...decoder.push(bytes), ...decoder.end()]
}

function response(events: readonly PivotEvent[]): PivotResponse {
  const reducer = responseReducer()
  reducer.push(events)
  return reducer.response()
}

const request: PivotRequest = { model: 'm', input: [] }
const about = { requestId: 'r', model: 'm', createdAt: 1, request }

/** What a chat client would read: the answer in chat's own words. */
function answer(of: PivotResponse) {
  const { choices, usage } = openaiChat.serve.encodeResponse(of, about) as ChatCompletion
  const { message, finish_reason } = choices[0]
  const calls = message.tool_calls?.map((call) =>
    call.type === 'function' ? [call.id, call.function.name, call.function.arguments] : [],
  )
  return {
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? '',
    calls: calls ?? [],
    finish_reason,
    usage,
  }
}

describe.skipIf(!existsSync(RECORDED))('recorded streams', () => {
  test.each<
    [string, string, { text: RegExp; reasoning: RegExp; calls?: unknown[]; finish: string; usage: Json | undefined }]
  >([
    [
      'openai-chat',
      'openai-text.chunks.txt',
      {
        text: /^\*\*Holiday Name/,
        reasoning: /^$/,
        finish: 'stop',
        usage: { prompt_tokens: 16, completion_tokens: 300, total_tokens: 316 },
      },
    ],
    [
      'deepseek-chat',
      'deepseek-text.chunks.txt',
      {
        text: /^## \*\*H.* silent looking at$/s,
        reasoning: /^$/,
        finish: 'length',
        usage: { prompt_tokens: 13, completion_tokens: 400 },
      },
    ],
    [
      'deepseek-chat',
      'deepseek-tool-call.chunks.txt',
      {
        text: /^$/,
        reasoning: /^The user is/,
        calls: [['call_00_ioIn7yN9p1ZOMNpDLwd4MgAF', 'weather', '{"location": "San Francisco"}']],
        finish: 'tool_calls',
        usage: {
          prompt_tokens: 339,
          prompt_tokens_details: { cached_tokens: 320 },
          completion_tokens_details: { reasoning_tokens: 39 },
        },
      },
    ],
    [
      'groq',
      'groq-reasoning.chunks.txt',
      {
        text: /strawberry/,
        reasoning: /^Okay, let me try/,
        finish: 'stop',
        usage: { prompt_tokens: 17, completion_tokens: 1107, completion_tokens_details: { reasoning_tokens: 963 } },
      },
    ],
    [
      'groq',
      'groq-tool-call.chunks.txt',
      {
        text: /^$/,
        reasoning: /^$/,
        calls: [['tk85n1k4m', 'weather', '{}']],
        finish: 'tool_calls',
        usage: { total_tokens: 225 },
      },
    ],
    [
      'mistral',
      'mistral-text.chunks.txt',
      { text: /^Hello, world! .*response\.$/, reasoning: /^$/, finish: 'stop', usage: { total_tokens: 21 } },
    ],
    [
      'mistral',
      'mistral-reasoning.chunks.txt',
      {
        text: /^2 \+ 2 = 4$/,
        reasoning: /^The user is asking for 2\+2.*=4\.$/,
        finish: 'stop',
        usage: { total_tokens: 56 },
      },
    ],
    [
      'mistral',
      'mistral-incremental-tool-call.chunks.txt',
      {
        text: /^$/,
        reasoning: /^$/,
        calls: [['chatcmpl-tool-9f149c74c42f265b', 'webSearchTool', '{"query": "current Berlin weather"}']],
        finish: 'tool_calls',
        usage: { prompt_tokens: 171, prompt_tokens_details: { cached_tokens: 128 } },
      },
    ],
    [
      'openai-compatible-chat',
      'xai-text.chunks.txt',
      {
        text: /^Grok$/,
        reasoning: /^First,/,
        finish: 'stop',
        // Reasoning is counted in the output, whatever xAI does.
        usage: {
          prompt_tokens: 12,
          completion_tokens: 342,
          total_tokens: 354,
          prompt_tokens_details: { cached_tokens: 11 },
        },
      },
    ],
    [
      'openai-compatible-chat',
      'anthropic-fallback-tool-call.sse',
      {
        text: /^Reading it\.$/,
        reasoning: /^$/,
        calls: [['toolu_sanitized', 'read_file', '{"path": "a.txt"}']],
        finish: 'tool_calls',
        usage: undefined,
      },
    ],
  ])('%s %s', (folder, name, expected) => {
    const told = answer(response(decode(stream(folder, name))))
    expect(told.text).toMatch(expected.text)
    expect(told.reasoning).toMatch(expected.reasoning)
    expect(told.calls).toEqual(expected.calls ?? [])
    expect(told.finish_reason).toBe(expected.finish)
    if (expected.usage === undefined) expect(told.usage).toBeUndefined()
    else expect(told.usage).toMatchObject(expected.usage)
  })

  const streams = !existsSync(RECORDED)
    ? []
    : ['openai-chat', 'deepseek-chat', 'groq', 'mistral', 'openai-compatible-chat'].flatMap((folder) =>
        readdirSync(join(RECORDED, folder))
          .filter((name) => name.endsWith('.chunks.txt') || name.endsWith('.sse'))
          .map((name) => [folder, name] as const),
      )

  test.each(streams)('%s %s: any split, the same events; all frames, the same bytes', (folder, name) => {
    const bytes = stream(folder, name)
    const whole = decode(bytes, true)
    expect(whole.map((event) => event.frame ?? '').join('')).toBe(new TextDecoder().decode(bytes))
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const decoder = openaiChat.call.streamDecoder({ keepFrames: true })
        const events: PivotEvent[] = []
        let from = 0
        for (const to of [...cuts.sort((a, b) => a - b), bytes.length]) {
          events.push(...decoder.push(bytes.subarray(from, to)))
          from = to
        }
        events.push(...decoder.end())
        expect(events).toEqual(whole)
      }),
      { numRuns: 10 },
    )
  })

  test.each(streams)('%s %s: byte by byte, and by both roads', (folder, name) => {
    const bytes = stream(folder, name).subarray(0, 60_000)
    const whole = decode(bytes)
    const decoder = openaiChat.call.streamDecoder()
    const events: PivotEvent[] = []
    for (let at = 0; at < bytes.length; at++) events.push(...decoder.push(bytes.subarray(at, at + 1)))
    expect([...events, ...decoder.end()]).toEqual(whole)
    const parsing = streamDecoder({ compareShapes: false })
    expect([...parsing.push(bytes), ...parsing.end()]).toEqual(whole)
  })

  test.each(streams)('%s %s: a chat client hears the same by stream and in one piece', (folder, name) => {
    const events = decode(stream(folder, name))
    const text = openaiChat.serve.streamEncoder(about).push(events)
    // This client did not ask for usage.
    const heard = answer(response(decode(utf8.encode(text))))
    const told = { ...answer(response(events)), usage: undefined }
    expect(heard).toEqual(told)
  })

  test('a stream cut anywhere before its finish reason has no end', () => {
    const lines = read('deepseek-chat', 'deepseek-tool-call.chunks.txt').split('\n').filter(Boolean)
    for (let at = 0; at < lines.length; at++) {
      const bytes = utf8.encode(
        lines
          .slice(0, at)
          .map((line) => `data: ${line}\n\n`)
          .join(''),
      )
      expect(decode(bytes).filter((event) => event.type === 'response.completed')).toEqual([])
    }
  })
})

describe.skipIf(!existsSync(RECORDED))('recorded whole replies', () => {
  const replies = !existsSync(RECORDED)
    ? []
    : ['openai-chat', 'deepseek-chat', 'groq', 'mistral', 'moonshotai', 'openai-compatible-chat'].flatMap((folder) =>
        readdirSync(join(RECORDED, folder))
          .filter((name) => name.endsWith('.json') && !name.includes('error'))
          .map((name) => [folder, name] as const),
      )

  test.each(replies)('%s %s: text, reasoning, calls, finish reason and usage', (folder, name) => {
    const body = JSON.parse(read(folder, name)) as { choices: [{ message: Json; finish_reason: string }]; usage: Json }
    const told = answer(response(openaiChat.call.decodeResponse(body)))
    const { message, finish_reason } = body.choices[0]
    const parts = Array.isArray(message['content']) ? (message['content'] as Json[]) : undefined
    const ofParts = (type: string) =>
      parts
        ?.filter((part) => part['type'] === type)
        .map((part) => (type === 'text' ? part['text'] : (part['thinking'] as Json[])[0]?.['text']))
        .join('')
    expect(told.text).toBe(ofParts('text') ?? message['content'] ?? '')
    expect(told.reasoning).toBe(ofParts('thinking') ?? message['reasoning_content'] ?? message['reasoning'] ?? '')
    expect(told.calls).toEqual(
      ((message['tool_calls'] ?? []) as { id: string; function: { name: string; arguments: string } }[]).map((call) => [
        call.id,
        call.function.name,
        call.function.arguments,
      ]),
    )
    expect(told.finish_reason).toBe(finish_reason)
    expect(told.usage?.prompt_tokens).toBe(body.usage['prompt_tokens'])
    expect(told.usage?.total_tokens).toBe(body.usage['total_tokens'])
  })

  test('an error body', () => {
    const body = utf8.encode(read('openai-chat', 'reasoning-model-legacy-parameter-error.json'))
    expect(openaiChat.call.decodeError(400, {}, body)).toMatchObject({
      kind: 'invalid_request',
      scope: 'request',
      retry: 'never',
      message: expect.stringContaining("'max_tokens' is not supported") as unknown,
    })
  })
})

describe.skipIf(!existsSync(RECORDED))('Responses upstreams, heard by a chat client', () => {
  const streams = !existsSync(RECORDED)
    ? []
    : readdirSync(join(RECORDED, 'openai-responses'))
        .filter((name) => name.endsWith('.chunks.txt') && !name.includes('error'))
        .map((name) => [name] as const)

  test.each(streams)('%s: by stream and in one piece the same', (name) => {
    const decoder = openaiResponses.call.streamDecoder()
    const all = [...decoder.push(stream('openai-responses', name, '')), ...decoder.end()]
    // Some recordings hold several responses, one after the other.
    const events = all.slice(0, all.findIndex(isTerminal) + 1)
    const whole = openaiChat.serve.encodeResponse(response(events), about) as ChatCompletion
    const text = openaiChat.serve.streamEncoder(about).push(events)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    const heard = { content: '', reasoning: '', calls: new Map<number, string>(), finish: '' }
    for (const frame of text.split('\n\n')) {
      if (!frame.startsWith('data: {')) continue
      const { choices } = JSON.parse(frame.slice(6)) as { choices: { delta: Json; finish_reason: string | null }[] }
      for (const { delta, finish_reason } of choices) {
        heard.content += String(delta['content'] ?? '')
        heard.reasoning += String(delta['reasoning_content'] ?? '')
        heard.finish += finish_reason ?? ''
        for (const call of (delta['tool_calls'] ?? []) as (Json & {
          index: number
          function?: Json
          custom?: Json
        })[]) {
          const piece = String(call.function?.['arguments'] ?? call.custom?.['input'] ?? '')
          heard.calls.set(call.index, (heard.calls.get(call.index) ?? '') + piece)
        }
      }
    }
    const { message, finish_reason } = whole.choices[0]
    expect(heard.content).toBe(message.content ?? '')
    expect(heard.reasoning).toBe(message.reasoning_content ?? '')
    expect(heard.finish).toBe(finish_reason)
    expect([...heard.calls.values()]).toEqual(
      (message.tool_calls ?? []).map((call) =>
        call.type === 'function' ? call.function.arguments : call.custom.input,
      ),
    )
  })

  test('a failed response becomes the error chunk', () => {
    const decoder = openaiResponses.call.streamDecoder()
    const events = [...decoder.push(stream('openai-responses', 'openai-error.1.chunks.txt', '')), ...decoder.end()]
    const text = openaiChat.serve.streamEncoder(about).push(events)
    expect(text).toMatch(/^data: \{"error":\{"message":"You exceeded your current quota.*\}\}\n\ndata: \[DONE\]\n\n$/)
  })
})

describe.skipIf(!existsSync(CLIENTS))('recorded requests of clients', () => {
  test.each(['opencode-chat.json', 'opencode-title-call.json'])(
    '%s: nothing lost on the way to a chat upstream',
    (name) => {
      const { body } = JSON.parse(readFileSync(join(CLIENTS, name), 'utf8')) as { body: Json }
      const { value, receipt } = openaiChat.serve.decodeRequest(body, { headers: {} })
      expect(receipt).toEqual([])
      const sent = openaiChat.call.encodeRequest(value, { model: String(body['model']), rules: 'compatible' })
      expect(sent.receipt).toEqual([])
      expect(sent.value).toEqual(asSent(body))
    },
  )

  /** Text beside calls that says nothing is left out. */
  function asSent(body: Json): Json {
    const messages = (body['messages'] as Json[]).map((message) =>
      message['content'] === '' && message['tool_calls'] !== undefined ? { ...message, content: null } : message,
    )
    return { ...body, messages }
  }
})
