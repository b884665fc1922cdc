import { environment, json, word } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 4. */
export const geminiCli: Recipe = {
  id: 'gemini-cli',
  name: 'Gemini CLI',
  kind: 'terminal',
  speaks: 'Gemini',
  seen: '0.61.0',
  programs: ['gemini-cli'],
  paths: ['/v1beta/models/'],
  steps: (filling) => [
    {
      kind: 'file',
      path: '~/.gemini/settings.json',
      code: json({ security: { auth: { selectedType: 'gemini-api-key' } } }),
      note: 'geminiSettings',
    },
    {
      kind: 'run',
      code: `${environment(filling, [
        ['GEMINI_API_KEY', filling.key],
        ['GOOGLE_GEMINI_BASE_URL', filling.address],
      ])}\ngemini -m ${word(filling.shell, filling.model)}`,
    },
  ],
  notes: [],
}
