import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lastAsked, openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
const rules: { remove(): void }[] = []
afterEach(() => rules.splice(0).forEach((rule) => rule.remove()))

/** A pair, an open map and an optional field: three things that strict schemas of the upstream do not know. */
const schema = {
  type: 'object',
  properties: {
    place: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], minItems: 2, maxItems: 2 },
    names: { type: 'object', additionalProperties: { type: 'string' } },
    note: { type: 'string' },
  },
  required: ['place', 'names'],
}
/** The same value as the upstream's model writes it under the schema that it was given. */
const written =
  '{"place":{"0":59.9,"1":10.7},"names":[{"key":"en","value":"Oslo"},{"key":"fr","value":"Ôslo"}],"note":null}'
const meant = { place: [59.9, 10.7], names: { en: 'Oslo', fr: 'Ôslo' } }

const say = (text: string): void => {
  rules.push(house.simulator.script({ scene: [{ type: 'text', text, chunkSize: 3 }] }))
}
const model = 'gpt-5.5'
const strict = { type: 'json_schema', name: 'place', strict: true, schema } as const

/** Every way to ask for the same thing; each gives the pieces in which the answer came. */
const WAYS: Record<string, () => Promise<string[]>> = {
  async 'chat, streamed'() {
    const pieces: string[] = []
    const stream = await house.openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'x' }],
      response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } },
      stream: true,
    })
    for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? '')
    return pieces
  },
  async 'responses, streamed'() {
    const pieces: string[] = []
    const stream = await house.openai.responses.create({ model, input: 'x', text: { format: strict }, stream: true })
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') pieces.push(event.delta)
      if (event.type === 'response.output_text.done') expect(JSON.parse(event.text)).toEqual(meant)
      if (event.type === 'response.completed') expect(JSON.stringify(event.response.output)).not.toContain('\\"key\\"')
    }
    return pieces
  },
  async 'responses, whole'() {
    const { output_text } = await house.openai.responses.create({ model, input: 'x', text: { format: strict } })
    return [output_text]
  },
  async 'messages, streamed'() {
    const pieces: string[] = []
    const stream = await house.anthropic.messages.create({
      model,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'x' }],
      output_config: { format: { type: 'json_schema', schema } },
      stream: true,
    })
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') pieces.push(event.delta.text)
    }
    return pieces
  },
  async 'gemini, streamed'() {
    const pieces: string[] = []
    const stream = await house.google.models.generateContentStream({
      model,
      contents: 'x',
      config: { responseMimeType: 'application/json', responseJsonSchema: schema },
    })
    for await (const chunk of stream) pieces.push(chunk.text ?? '')
    return pieces
  },
}

describe('a schema that the upstream would refuse', () => {
  test.each(Object.entries(WAYS))('%s: is changed, and the answer is changed back', async (way, ask) => {
    say(written)
    const pieces = await ask()
    expect(JSON.parse(pieces.join(''))).toEqual(meant)
    if (!way.includes('whole')) expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(5)
    const { text } = lastAsked(house)?.body as { text: { format: { strict: boolean; schema: typeof schema } } }
    expect(text.format.strict).toBe(true)
    expect(JSON.stringify(text.format.schema)).not.toContain('prefixItems')
    expect(text.format.schema.required).toEqual(['place', 'names', 'note'])
  })

  test('arguments of a strict function are changed back too', async () => {
    rules.push(
      house.simulator.script({
        scene: [{ type: 'toolCalls', calls: [{ name: 'go', arguments: written }], chunkSize: 4 }],
      }),
    )
    const stream = house.openai.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'x' }],
      tools: [{ type: 'function', function: { name: 'go', strict: true, parameters: schema } }],
    })
    const message = await stream.finalMessage()
    const [call] = message.tool_calls ?? []
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual(meant)
  })

  test('an answer that keeps to no schema is passed on as it is', async () => {
    const sorry = 'I cannot tell: {"place" is unknown]'
    say(sorry)
    expect((await WAYS['chat, streamed']?.())?.join('')).toBe(sorry)
  })
})
