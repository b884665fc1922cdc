import { quoted } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 6, SDKs; `docs/clients.md`. */
export const python: Recipe = {
  id: 'python',
  name: 'Python',
  kind: 'code',
  speaks: 'Responses, Anthropic Messages, Gemini',
  programs: ['python'],
  paths: ['/v1/responses', '/v1/chat/completions', '/v1/messages', '/v1beta/models/'],
  steps: ({ address, key, model }) => [
    {
      kind: 'code',
      title: 'openai',
      code: `from openai import OpenAI

client = OpenAI(base_url=${quoted(`${address}/v1`)}, api_key=${quoted(key)})
print(client.responses.create(model=${quoted(model)}, input="Hello").output_text)
`,
      note: 'sdkResponses',
    },
    {
      kind: 'code',
      title: 'anthropic',
      code: `from anthropic import Anthropic

client = Anthropic(base_url=${quoted(address)}, api_key=${quoted(key)})
message = client.messages.create(
    model=${quoted(model)}, max_tokens=1024, messages=[{"role": "user", "content": "Hello"}]
)
print(message.content[0].text)
`,
    },
    {
      kind: 'code',
      title: 'google-genai',
      code: `from google import genai

client = genai.Client(api_key=${quoted(key)}, http_options={"base_url": ${quoted(address)}})
print(client.models.generate_content(model=${quoted(model)}, contents="Hello").text)
`,
    },
  ],
  notes: ['sdkEffort'],
}
