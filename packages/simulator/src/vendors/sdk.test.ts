import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI, type Content } from '@google/genai'
import OpenAI from 'openai'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Rule, ScriptedRule } from '../faults/rules.js'
import type { Scene } from '../scene/index.js'
import { startSimulator } from '../simulator.js'
import type { Vendor } from './vendor.js'

const simulator = await startSimulator()
let scripted: ScriptedRule[] = []
// No reset: it would close connections that the clients' pools still hold.
afterEach(() => {
  for (const rule of scripted) rule.remove()
  scripted = []
})
afterAll(() => simulator.close())

function script(rule: Rule): void {
  scripted.push(simulator.script(rule))
}

function openai(vendor: Exclude<Vendor, 'anthropic' | 'gemini'> = 'openai'): OpenAI {
  const { key } = simulator.addVendorKey({ vendor })
  return new OpenAI({ baseURL: simulator.vendors[vendor].baseUrl, apiKey: key, maxRetries: 0 })
}
function anthropic(): Anthropic {
  const { key } = simulator.addVendorKey({ vendor: 'anthropic' })
  // The SDK adds `/v1` itself.
  return new Anthropic({
    baseURL: simulator.vendors.anthropic.baseUrl.replace(/\/v1$/, ''),
    apiKey: key,
    maxRetries: 0,
  })
}
function google(): GoogleGenAI {
  const { key } = simulator.addVendorKey({ vendor: 'gemini' })
  const baseUrl = simulator.vendors.gemini.baseUrl.replace(/\/v1beta$/, '')
  return new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl } })
}

const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const scene: Scene = [
  { type: 'reasoning', summary: 'The user greets.', sealed: true },
  { type: 'text', text: 'Good day to you.' },
  { type: 'usage', inputTokens: 11, outputTokens: 7, reasoningTokens: 3 },
]
const callScene: Scene = [
  { type: 'reasoning', summary: 'I need the weather.', sealed: true },
  { type: 'toolCalls', calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
]

describe('the OpenAI SDK', () => {
  test('reads a chat stream and a whole chat', async () => {
    const client = openai()
    script({ at: 'vendor-chat', scene })
    const messages = [{ role: 'user' as const, content: 'Hello' }]
    const stream = client.chat.completions.stream({
      model: 'gpt-4o',
      messages,
      stream_options: { include_usage: true },
    })
    const streamed = await stream.finalChatCompletion()
    const whole = await client.chat.completions.create({ model: 'gpt-4o', messages })
    for (const { choices, usage } of [streamed, whole]) {
      expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Good day to you.' } })
      expect(choices[0]?.message).not.toHaveProperty('reasoning_content')
      expect(usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 })
    }
  })

  test('goes on with a tool call in chat', async () => {
    const client = openai()
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: weather } }]
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Weather in Oslo?' }]
    script({ at: 'vendor-chat', times: 1, scene: callScene })
    const first = await client.chat.completions.create({ model: 'gpt-4o', messages, tools })
    const message = first.choices[0]?.message
    const call = message?.tool_calls?.[0]
    if (message === undefined || call?.type !== 'function') throw new Error('no call')
    expect(call.function).toEqual({ name: 'weather', arguments: '{"city":"Oslo"}' })
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: 'rain' })
    const second = await client.chat.completions.create({ model: 'gpt-4o', messages, tools })
    expect(second.choices[0]?.message.content).toContain('rain')
  })

  test('reads Responses and gives encrypted reasoning back', async () => {
    const client = openai()
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: 'Weather in Oslo?' }]
    const tools = [{ type: 'function' as const, name: 'weather', parameters: weather, strict: false }]
    const about = { model: 'gpt-5', tools, store: false, include: ['reasoning.encrypted_content' as const] }
    script({ at: 'vendor-responses', times: 1, scene: callScene })
    const first = await client.responses.stream({ ...about, input }).finalResponse()
    expect(first.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call'])
    const call = first.output[1]
    if (call?.type !== 'function_call') throw new Error('no call')
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]), {
      type: 'function_call_output',
      call_id: call.call_id,
      output: 'snow',
    })
    const second = await client.responses.create({ ...about, input })
    expect(second.output_text).toContain('snow')
    const forged = { ...first.output[0], encrypted_content: 'gAAAAAforged' } as OpenAI.Responses.ResponseReasoningItem
    const refused = client.responses.create({ ...about, input: [...input.slice(0, 1), forged, ...input.slice(2)] })
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'invalid_encrypted_content' })
  })
})

describe('the OpenAI SDK at other makers', () => {
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  test.each([
    ['openrouter', 'openai/gpt-4o'],
    ['compatible', 'deepseek-chat'],
    ['compatible', 'mistral-small-latest'],
    ['compatible', 'llama-3.3-70b-versatile'],
  ] as const)('reads %s with %s', async (vendor, model) => {
    const client = openai(vendor)
    script({ at: 'vendor-chat', vendor, scene: scene.slice(1) })
    const streamed = await client.chat.completions.stream({ model, messages }).finalChatCompletion()
    const whole = await client.chat.completions.create({ model, messages })
    for (const { choices, usage } of [streamed, whole]) {
      expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Good day to you.' } })
      expect(usage).toMatchObject({ total_tokens: 18 })
    }
  })

  test("reads Responses of a server of one's own", async () => {
    const client = openai('compatible')
    script({ at: 'vendor-responses', scene })
    expect((await client.responses.create({ model: 'local', input: 'Hello' })).output_text).toBe('Good day to you.')
    const stream = client.responses.stream({ model: 'local', input: 'Hello' })
    expect((await stream.finalResponse()).output_text).toBe('Good day to you.')
  })

  test('throws what a stream says in its middle', async () => {
    script({ at: 'vendor-chat', scene, fault: { type: 'fail', at: 2, code: 'overloaded', message: 'Too many.' } })
    const stream = openai().chat.completions.stream({ model: 'gpt-4o', messages })
    await expect(stream.finalChatCompletion()).rejects.toThrow('Too many.')
  })
})

describe('the Anthropic SDK', () => {
  test('throws what is said in place of an answer, and in the middle of one', async () => {
    const client = anthropic()
    const about = { model: 'claude-haiku-4-5', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Hello' }] }
    script({ at: 'vendor-messages', times: 1, fault: { type: 'status', name: 'overloaded' } })
    await expect(client.messages.create(about)).rejects.toMatchObject({ status: 529, type: 'overloaded_error' })
    script({ at: 'vendor-messages', fault: { type: 'fail', at: 3, code: 'overloaded' } })
    await expect(client.messages.stream(about).finalMessage()).rejects.toThrow('Overloaded')
  })

  test('reads a stream and a whole message, and its thoughts come back signed', async () => {
    const client = anthropic()
    const about = {
      model: 'claude-haiku-4-5',
      max_tokens: 4000,
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
      tools: [{ name: 'weather', input_schema: weather as Anthropic.Tool.InputSchema }],
    }
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Weather in Oslo?' }]
    script({ at: 'vendor-messages', times: 2, scene: callScene })
    const streamed = await client.messages.stream({ ...about, messages }).finalMessage()
    const whole = await client.messages.create({ ...about, messages })
    for (const reply of [streamed, whole]) {
      expect(reply.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use'])
      expect(reply.stop_reason).toBe('tool_use')
      const call = reply.content[1]
      if (call?.type !== 'tool_use') throw new Error('no call')
      const next: Anthropic.MessageParam[] = [
        ...messages,
        { role: 'assistant', content: reply.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'hail' }] },
      ]
      const after = await client.messages.create({ ...about, messages: next })
      expect(after.content.at(-1)).toMatchObject({ type: 'text', text: expect.stringContaining('hail') as string })
    }
  })
})

describe('the Google SDK', () => {
  test('throws what is said in place of an answer', async () => {
    script({ at: 'vendor-generate', fault: { type: 'status', name: 'rate_limited' } })
    const asking = google().models.generateContent({ model: 'gemini-2.5-flash', contents: 'Hello' })
    await expect(asking).rejects.toMatchObject({ status: 429, message: expect.stringContaining('RetryInfo') as string })
  })

  test('reads a stream and a whole reply, and its calls come back signed', async () => {
    const client = google()
    const config = { tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: weather }] }] }
    const model = 'gemini-3-pro-preview'
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'Weather in Oslo?' }] }]
    script({ at: 'vendor-generate', times: 2, scene: callScene })
    const whole = await client.models.generateContent({ model, contents, config })
    const parts = []
    for await (const chunk of await client.models.generateContentStream({ model, contents, config })) {
      parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []))
    }
    for (const turn of [whole.candidates?.[0]?.content?.parts ?? [], parts]) {
      const call = turn.find((part) => part.functionCall !== undefined)
      expect(call).toMatchObject({ functionCall: { name: 'weather', args: { city: 'Oslo' } } })
      expect(call?.thoughtSignature).toBeTruthy()
      const next: Content[] = [
        ...contents,
        { role: 'model', parts: call === undefined ? [] : [call] },
        { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { output: 'fog' } } }] },
      ]
      const after = await client.models.generateContent({ model, contents: next, config })
      expect(after.text).toContain('fog')
    }
  })
})
