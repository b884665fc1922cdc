import type { Recipe } from './recipe.js'

/** By the program's documentation; its requests come from its maker's servers. */
export const cursor: Recipe = {
  id: 'cursor',
  name: 'Cursor',
  kind: 'editor',
  speaks: 'Chat Completions',
  programs: ['cursor'],
  paths: ['/v1/chat/completions'],
  needsPublicAddress: true,
  steps: ({ address, key, model }) => [
    {
      kind: 'fields',
      where: ['Settings', 'Models'],
      fields: [
        ['OpenAI API Key', key],
        ['Override OpenAI Base URL', `${address}/v1`],
        ['Add model', model],
      ],
    },
  ],
  notes: ['cursorServers', 'cursorHost', 'cursorKey'],
}
