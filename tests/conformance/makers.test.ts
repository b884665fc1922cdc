import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Persona, Vendor } from '@dragoman/simulator'
import { Secret } from '../../packages/gateway/src/telemetry/index.js'
import { openHouse, type House } from '../house.js'

/** One model of each maker, over each wire that it has. The simulator refuses what the maker would refuse. */
const UPSTREAMS: readonly { vendor: Vendor; wire: string; model: string; plays?: Persona }[] = [
  { vendor: 'openai', wire: 'chat', model: 'gpt-4o' },
  { vendor: 'openai', wire: 'chat', model: 'gpt-5' },
  { vendor: 'openai', wire: 'responses', model: 'gpt-5' },
  { vendor: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5' },
  { vendor: 'anthropic', wire: 'anthropic', model: 'claude-opus-5' },
  { vendor: 'gemini', wire: 'gemini', model: 'gemini-2.5-pro' },
  { vendor: 'gemini', wire: 'gemini', model: 'gemini-3-pro-preview' },
  { vendor: 'openrouter', wire: 'chat', model: 'anthropic/claude-sonnet-4.5' },
  { vendor: 'openrouter', wire: 'anthropic', model: 'anthropic/claude-sonnet-4.5' },
  { vendor: 'compatible', wire: 'chat', model: 'deepseek-reasoner', plays: 'deepseek' },
  { vendor: 'compatible', wire: 'chat', model: 'openai/gpt-oss-120b', plays: 'groq' },
  { vendor: 'compatible', wire: 'chat', model: 'mistral-large-latest', plays: 'mistral' },
  { vendor: 'compatible', wire: 'chat', model: 'grok-3-mini', plays: 'xai' },
  { vendor: 'compatible', wire: 'responses', model: 'grok-4', plays: 'xai' },
  { vendor: 'compatible', wire: 'chat', model: 'kimi-k2-thinking', plays: 'moonshot' },
  { vendor: 'compatible', wire: 'chat', model: 'qwen-plus', plays: 'qwen' },
  { vendor: 'compatible', wire: 'chat', model: 'local-model', plays: 'plain' },
]

const CLAUDE_5 = `m${UPSTREAMS.findIndex(({ model }) => model === 'claude-opus-5')}`

let house: House
beforeAll(async () => {
  house = await openHouse()
  for (const [at, { vendor, wire, model, plays }] of UPSTREAMS.entries()) {
    const { key } = house.simulator.addVendorKey({ vendor, ...(plays === undefined ? {} : { plays }) })
    await house.gateway.store.apiKeys.add({
      // As its owner would call it.
      provider: `${plays ?? vendor}${at}`,
      kind: vendor,
      wire,
      baseUrl: house.simulator.vendors[vendor].baseUrl,
      models: [{ id: `m${at}`, upstream: model }],
      capabilities: ['chat'],
      apiKey: new Secret(key),
    })
  }
})
afterAll(() => house.close())

const scene = [
  { type: 'reasoning', summary: 'I look it up.', text: 'I look it up.', sealed: true },
  {
    type: 'toolCalls',
    calls: [
      { name: 'weather', arguments: { city: 'Oslo' } },
      { name: 'weather', arguments: { city: 'Rome' } },
    ],
  },
] as const
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

/** A turn with two calls, their results, and a word after them, as each SDK's users write it. */
const CLIENTS: Readonly<Record<string, (model: string) => Promise<string>>> = {
  async chat(model) {
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters } }]
    const messages: object[] = [{ role: 'user', content: 'The weather?' }]
    const ask = () =>
      house.openai.chat.completions.create({
        model,
        messages: messages as never,
        tools,
        max_tokens: 2000,
        temperature: 0.5,
        seed: 7,
        reasoning_effort: 'low',
      })
    const first = (await ask()).choices[0]?.message
    const calls = first?.tool_calls ?? []
    messages.push(first ?? {}, ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'sunny' })))
    return `${calls.length} calls, ${(await ask()).choices[0]?.message.content}`
  },
  async messages(model) {
    const messages: object[] = [{ role: 'user', content: 'The weather?' }]
    const ask = () =>
      house.anthropic.messages.create({
        model,
        max_tokens: 4000,
        // Newer models decide themselves how much they think.
        thinking:
          model === CLAUDE_5 ? { type: 'adaptive' as const } : { type: 'enabled' as const, budget_tokens: 2000 },
        messages: messages as never,
        tools: [{ name: 'weather', input_schema: parameters as never }],
      })
    const first = await ask()
    const calls = first.content.filter((block) => block.type === 'tool_use')
    const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'sunny' }))
    messages.push({ role: 'assistant', content: first.content }, { role: 'user', content: results })
    const said = (await ask()).content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    return `${calls.length} calls, ${said}`
  },
  async responses(model) {
    const input: object[] = [{ role: 'user', content: 'The weather?' }]
    const ask = () =>
      house.openai.responses.create({
        model,
        input: input as never,
        store: false,
        include: ['reasoning.encrypted_content'],
        reasoning: { effort: 'low', summary: 'auto' },
        tools: [{ type: 'function', name: 'weather', parameters, strict: false }],
      })
    const first = await ask()
    const calls = first.output.filter((item) => item.type === 'function_call')
    input.push(
      ...first.output,
      ...calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'sunny' })),
    )
    return `${calls.length} calls, ${(await ask()).output_text}`
  },
  async gemini(model) {
    const contents: object[] = [{ role: 'user', parts: [{ text: 'The weather?' }] }]
    const ask = () =>
      house.google.models.generateContent({
        model,
        contents: contents as never,
        config: {
          maxOutputTokens: 4000,
          thinkingConfig: { includeThoughts: true },
          tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: parameters }] }],
        },
      })
    const first = await ask()
    const calls = first.functionCalls ?? []
    const results = calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { result: 'sunny' } } }))
    contents.push(first.candidates?.[0]?.content ?? {}, { role: 'user', parts: results })
    return `${calls.length} calls, ${(await ask()).text}`
  },
}

describe.each(Object.keys(CLIENTS))('a tool turn of a client of %s', (client) => {
  test.each(
    UPSTREAMS.map(
      (upstream, at) => [`${upstream.plays ?? upstream.vendor} ${upstream.wire} ${upstream.model}`, at] as const,
    ),
  )('at %s', async (_, at) => {
    const { vendor } = UPSTREAMS[at]!
    const first = house.simulator.script({ at: 'vendors', vendor, times: 1, scene })
    const second = house.simulator.script({ at: 'vendors', vendor, scene: [{ type: 'text', text: 'It is sunny.' }] })
    try {
      expect(await CLIENTS[client]?.(`m${at}`)).toBe('2 calls, It is sunny.')
    } finally {
      first.remove()
      second.remove()
    }
  })
})
