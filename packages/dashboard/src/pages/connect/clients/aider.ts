import { environment, word } from './write.js'
import type { Recipe } from './recipe.js'

/** By the program's documentation. */
export const aider: Recipe = {
  id: 'aider',
  name: 'Aider',
  kind: 'terminal',
  speaks: 'Chat Completions',
  programs: ['aider'],
  paths: ['/v1/chat/completions'],
  steps: (filling) => [
    {
      kind: 'run',
      code: `${environment(filling, [
        ['OPENAI_API_BASE', `${filling.address}/v1`],
        ['OPENAI_API_KEY', filling.key],
      ])}\naider --model ${word(filling.shell, `openai/${filling.model}`)}`,
      note: 'aiderPrefix',
    },
  ],
  notes: [],
}
