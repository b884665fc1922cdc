import { json } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 5. The adapter for Responses loses least. */
export const opencode: Recipe = {
  id: 'opencode',
  name: 'opencode',
  kind: 'terminal',
  speaks: 'Responses',
  seen: '1.18.33',
  programs: ['opencode'],
  paths: ['/v1/responses', '/v1/chat/completions', '/v1/messages', '/v1beta/models/'],
  steps: ({ address, key, model, smallModel }) => [
    {
      kind: 'file',
      path: 'opencode.json',
      code: json({
        $schema: 'https://opencode.ai/config.json',
        provider: {
          dragoman: {
            npm: '@ai-sdk/openai',
            name: 'Dragoman',
            options: { baseURL: `${address}/v1`, apiKey: key },
            models: { [model]: {}, [smallModel]: {} },
          },
        },
        model: `dragoman/${model}`,
        small_model: `dragoman/${smallModel}`,
      }),
      note: 'opencodeAdapters',
    },
    { kind: 'run', code: 'opencode' },
  ],
  notes: [],
}
