import type { Target } from '../actors/load.js'
import { distribution, type Distribution } from '../statistics.js'
import type { Measure } from './measure.js'

/** A request of a coding agent: 86 KB of system text, tools and one turn, counted here with the real tokenizer. */
export const tokenCount: Measure = {
  name: 'tokens',
  goals: ['tokens.new', 'tokens.turn'],
  run: (stage) =>
    stage.withGateway(async (gateway) => {
      const count = (of: Target): Promise<Distribution> => stage.load.ask('oneByOne', { target: of, times: 1 })
      const times = stage.span(60, 20)
      // The tokenizer is loaded with the first one.
      await count(request(gateway.port, stage.home.clientKey, 'warm', 0))
      const fresh: number[] = []
      const turns: number[] = []
      for (let n = 0; n < times; n++) {
        const conversation = `conversation ${n}`
        fresh.push((await count(request(gateway.port, stage.home.clientKey, conversation, 0))).p50)
        turns.push((await count(request(gateway.port, stage.home.clientKey, conversation, 1))).p50)
      }
      const [first, next] = [distribution(fresh), distribution(turns)]
      return {
        values: { 'tokens.new': first.p50, 'tokens.turn': next.p50 },
        detail: `new conversation p99 ${first.p99.toFixed(1)} ms, next turn p99 ${next.p99.toFixed(1)} ms`,
      }
    }),
}

/** Sizes as recorded from an agent: 40 KB of system text, twelve tools, 12 KB of messages; every text names its conversation. */
function request(port: number, clientKey: string, conversation: string, turn: number): Target {
  const line = 'Read the file first; then say what is wrong with it, in one paragraph, and why. '
  const text = (length: number, about: string): string =>
    Array.from({ length: Math.ceil(length / line.length) }, (_, at) => `${about} ${at}: ${line}`)
      .join('\n')
      .slice(0, length)
  const tools = Array.from({ length: 12 }, (_, at) => ({
    name: `tool_${at}`,
    description: text(2_500, `Tool ${at}.`),
    input_schema: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Where' }, limit: { type: 'integer' } },
      required: ['path'],
    },
  }))
  const messages = [{ role: 'user', content: text(12_000, conversation) }]
  if (turn > 0) {
    messages.push({ role: 'assistant', content: 'It is wrong.' }, { role: 'user', content: text(400, 'And now?') })
  }
  return {
    port,
    method: 'POST',
    path: '/v1/messages/count_tokens',
    headers: { 'content-type': 'application/json', 'x-api-key': clientKey, 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({
      model: 'claude-opus-4-7',
      system: [{ type: 'text', text: text(40_000, conversation) }],
      tools,
      messages,
    }),
  }
}
