import { quoted } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 6. */
export const continueDev: Recipe = {
  id: 'continue',
  name: 'Continue',
  kind: 'editor',
  speaks: 'Responses, Chat Completions',
  seen: '1.5.47',
  programs: ['continue'],
  paths: ['/v1/responses', '/v1/chat/completions'],
  steps: ({ address, key, model }) => [
    {
      kind: 'file',
      path: 'dragoman.yaml',
      code: `name: Dragoman
version: 1.0.0
schema: v1
models:
  - name: ${quoted(model)}
    provider: openai
    model: ${quoted(model)}
    apiBase: ${quoted(`${address}/v1`)}
    apiKey: ${quoted(key)}
    capabilities: [tool_use]
`,
    },
    { kind: 'run', code: 'cn --config dragoman.yaml', note: 'continueEditors' },
  ],
  notes: ['continueAnthropic', 'continueGemini'],
}
