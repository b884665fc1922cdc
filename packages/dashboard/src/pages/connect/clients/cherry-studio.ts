import type { Recipe } from './recipe.js'

/** By the program's documentation: it appends the path itself. */
export const cherryStudio: Recipe = {
  id: 'cherry-studio',
  name: 'Cherry Studio',
  kind: 'app',
  speaks: 'Chat Completions',
  programs: ['cherry-studio'],
  paths: ['/v1/chat/completions'],
  steps: ({ address, key }) => [
    {
      kind: 'fields',
      where: ['Settings', 'Model Provider', 'Add'],
      fields: [
        ['Provider Type', 'OpenAI'],
        ['API Host', address],
        ['API Key', key],
      ],
      note: 'cherryPath',
    },
  ],
  notes: ['cherryModels'],
}
