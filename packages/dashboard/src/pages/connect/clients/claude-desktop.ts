import type { Recipe } from './recipe.js'

/** By what makers of other gateways document of "third-party inference" (2026-10); not recorded. */
export const claudeDesktop: Recipe = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  kind: 'app',
  speaks: 'Anthropic Messages',
  programs: ['claude-desktop'],
  paths: ['/v1/messages'],
  steps: ({ address, key }) => [
    { kind: 'fields', where: ['Help', 'Troubleshooting', 'Enable Developer Mode'], fields: [], note: 'desktopRestart' },
    {
      kind: 'fields',
      where: ['Developer', 'Configure Third-Party Inference…'],
      fields: [
        ['Inference provider', 'Gateway'],
        ['Gateway base URL', address],
        ['Gateway API key', key],
        ['Gateway auth scheme', 'bearer'],
      ],
    },
  ],
  notes: ['desktopModels'],
}
