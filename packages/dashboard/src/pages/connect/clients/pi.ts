import { json, word } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 6. */
export const pi: Recipe = {
  id: 'pi',
  name: 'pi',
  kind: 'terminal',
  speaks: 'Responses',
  seen: '0.73.1',
  programs: ['pi'],
  paths: ['/v1/responses', '/v1/chat/completions', '/v1/messages', '/v1beta/models/'],
  steps: ({ address, key, model, shell }) => [
    {
      kind: 'file',
      path: '~/.pi/agent/models.json',
      code: json({
        providers: {
          dragoman: {
            baseUrl: `${address}/v1`,
            api: 'openai-responses',
            apiKey: key,
            models: [{ id: model, reasoning: true, input: ['text', 'image'] }],
          },
        },
      }),
      note: 'piOther',
    },
    { kind: 'run', code: `pi --provider dragoman --model ${word(shell, model)}` },
  ],
  notes: [],
}
