import { singleQuoted } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 6, SDKs; `docs/clients.md`. */
export const node: Recipe = {
  id: 'node',
  name: 'Node',
  kind: 'code',
  speaks: 'Responses, Anthropic Messages, Gemini',
  seen: 'openai 7.55, @anthropic-ai/sdk 1.11, @google/genai 3.1',
  programs: ['node', 'ai-sdk'],
  paths: ['/v1/responses', '/v1/chat/completions', '/v1/messages', '/v1beta/models/'],
  steps({ address, key, model }) {
    const [base, secret, named] = [address, key, model].map(singleQuoted)
    return [
      {
        kind: 'code',
        title: 'openai',
        code: `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${singleQuoted(`${address}/v1`)}, apiKey: ${secret} })
const answer = await client.responses.create({ model: ${named}, input: 'Hello' })
console.log(answer.output_text)
`,
        note: 'sdkResponses',
      },
      {
        kind: 'code',
        title: '@anthropic-ai/sdk',
        code: `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: ${base}, apiKey: ${secret} })
const message = await client.messages.create({
  model: ${named},
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(message.content)
`,
      },
      {
        kind: 'code',
        title: '@google/genai',
        code: `import { GoogleGenAI } from '@google/genai'

const client = new GoogleGenAI({ apiKey: ${secret}, httpOptions: { baseUrl: ${base} } })
const answer = await client.models.generateContent({ model: ${named}, contents: 'Hello' })
console.log(answer.text)
`,
      },
    ]
  },
  notes: ['sdkEffort'],
}
