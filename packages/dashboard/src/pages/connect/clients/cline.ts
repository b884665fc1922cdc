import { word } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 6. */
export const cline: Recipe = {
  id: 'cline',
  name: 'Cline',
  kind: 'editor',
  speaks: 'Chat Completions',
  seen: '3.0.65',
  programs: ['cline'],
  paths: ['/v1/chat/completions', '/v1/responses'],
  steps({ address, key, model, shell }) {
    const name = word(shell, model)
    return [
      {
        kind: 'run',
        code: `cline auth -p openai-compatible -k ${word(shell, key)} -m ${name} -b ${word(shell, `${address}/v1`)}
cline -P openai-compatible -m ${name} ${word(shell, 'Say hello')}`,
        note: 'clineResponses',
      },
    ]
  },
  notes: ['clineProviders'],
}
