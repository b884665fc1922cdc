import { environment, json } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 3; `ENABLE_TOOL_SEARCH` by the client's own reference (2026-11): it is off for addresses other than its maker's. */
export const claudeCode: Recipe = {
  id: 'claude-code',
  name: 'Claude Code',
  kind: 'terminal',
  speaks: 'Anthropic Messages',
  seen: '2.1.329',
  programs: ['claude-code'],
  paths: ['/v1/messages'],
  steps(filling) {
    const variables = [
      ['ANTHROPIC_BASE_URL', filling.address],
      ['ANTHROPIC_AUTH_TOKEN', filling.key],
      ['ANTHROPIC_MODEL', filling.model],
      ['ANTHROPIC_DEFAULT_HAIKU_MODEL', filling.smallModel],
      ['ENABLE_TOOL_SEARCH', 'true'],
    ] as const
    return [
      { kind: 'run', code: `${environment(filling, variables)}\nclaude`, note: 'claudeNoPath' },
      {
        kind: 'file',
        path: '~/.claude/settings.json',
        code: json({ env: Object.fromEntries(variables) }),
        note: 'claudeModels',
      },
    ]
  },
  notes: ['claudeToolSearch', 'claudeQuiet'],
}
