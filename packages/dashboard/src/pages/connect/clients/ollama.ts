import { environment, word } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 2.1 and 4; parity 5. */
export const ollama: Recipe = {
  id: 'ollama',
  name: 'Ollama',
  kind: 'app',
  speaks: 'Ollama',
  seen: '0.6.4',
  programs: ['ollama'],
  paths: ['/api/'],
  needsOllama: true,
  steps: (filling) => [
    {
      kind: 'run',
      code: `${environment(filling, [['OLLAMA_HOST', filling.ollamaAddress]])}\nollama run ${word(filling.shell, filling.model)}`,
      note: 'ollamaNoKey',
    },
    {
      kind: 'run',
      title: 'Codex CLI --oss',
      code: `${environment(filling, [['CODEX_OSS_BASE_URL', `${filling.ollamaAddress}/v1`]])}
codex exec --oss --local-provider ollama -m ${word(filling.shell, filling.model)} --skip-git-repo-check ${word(filling.shell, 'Say hello')}`,
      note: 'ollamaCodex',
    },
  ],
  notes: ['ollamaOff'],
}
