import { environment, word } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 6. */
export const qwenCode: Recipe = {
  id: 'qwen-code',
  name: 'Qwen Code',
  kind: 'terminal',
  speaks: 'Chat Completions',
  seen: '0.24.4',
  programs: ['qwen-code'],
  paths: ['/v1/chat/completions', '/v1/messages', '/v1beta/models/'],
  steps: (filling) => [
    {
      kind: 'run',
      code: `${environment(filling, [
        ['OPENAI_API_KEY', filling.key],
        ['OPENAI_BASE_URL', `${filling.address}/v1`],
        ['OPENAI_MODEL', filling.model],
      ])}\nqwen --auth-type openai -m ${word(filling.shell, filling.model)}`,
      note: 'qwenThree',
    },
  ],
  notes: [],
}
