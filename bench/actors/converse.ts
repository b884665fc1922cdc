import { request, type Agent } from 'node:http'
import { StringDecoder } from 'node:string_decoder'

/** A coding agent's conversation: each turn brings the result of the call that the last one made. */
export interface Conversation {
  port: number
  clientKey: string
  turns: number
  /** Makes its texts another's. */
  name: string
}

/** @returns time from sending to the first piece of output, ms, turn by turn */
export async function converse(about: Conversation, agent: Agent): Promise<number[]> {
  const words = wordsOf(about.name)
  const input: unknown[] = [message(words(2_000))]
  const fixed = {
    model: 'gpt-5.5',
    stream: true,
    store: false,
    instructions: words(20_000),
    tools: Array.from({ length: 12 }, (_, at) => ({
      type: 'function',
      name: `tool_${at}`,
      description: words(1_200),
      strict: false,
      parameters: {
        type: 'object',
        properties: { path: { type: 'string', description: words(60) }, limit: { type: 'integer' } },
        required: ['path'],
      },
    })),
  }
  const times: number[] = []
  for (let turn = 0; turn < about.turns; turn++) {
    const { firstMs, output } = await ask(about, JSON.stringify({ ...fixed, input }), agent)
    times.push(firstMs)
    input.push(...output)
    for (const item of output) {
      if (item['type'] !== 'function_call') continue
      input.push({ type: 'function_call_output', call_id: item['call_id'], output: words(4_000) })
    }
  }
  return times
}

type Item = Record<string, unknown>

function message(text: string): Item {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
}

function ask(
  { port, clientKey, name }: Conversation,
  body: string,
  agent: Agent,
): Promise<{ firstMs: number; output: Item[] }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${clientKey}`,
      'session-id': name,
    }
    const began = performance.now()
    let firstMs: number | undefined
    const req = request({ port, method: 'POST', path: '/v1/responses', headers, agent }, (res) => {
      const utf8 = new StringDecoder()
      let text = ''
      res.on('data', (chunk: Buffer) => {
        text += utf8.write(chunk)
        if (text.includes('event: response.output_item.added')) firstMs ??= performance.now() - began
      })
      res.on('error', reject)
      res.on('end', () => {
        const output = [...text.matchAll(/^data: (\{"type":"response\.output_item\.done".*)$/gm)].map(
          ([, data = '{}']) => (JSON.parse(data) as { item: Item }).item,
        )
        if (firstMs === undefined || !text.includes('event: response.completed')) {
          reject(new Error(`status ${res.statusCode}: ${text.slice(0, 300)}`))
        } else resolve({ firstMs, output })
      })
    })
    req.on('error', reject)
    req.end(body)
  })
}

/** Text that compresses about as prose and code do: words of a vocabulary, often the same few. The same for the same seed. */
function wordsOf(seed: string): (characters: number) => string {
  let state = [...seed].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7)
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const vocabulary = Array.from({ length: 2_000 }, () =>
    Array.from({ length: 2 + Math.floor(random() * 8) }, () =>
      String.fromCharCode(97 + Math.floor(random() * 26)),
    ).join(''),
  )
  return (characters) => {
    let text = ''
    while (text.length < characters) text += `${vocabulary[Math.floor(random() ** 3 * vocabulary.length)] ?? ''} `
    return text.slice(0, characters)
  }
}
