import { environment, quoted, word } from './write.js'
import type { Recipe } from './recipe.js'

/** Source: clients 2.1. `model_provider` stands at the top level; `[profiles.default]` is ignored in silence by current versions. */
export const codex: Recipe = {
  id: 'codex',
  name: 'Codex CLI',
  kind: 'terminal',
  speaks: 'Responses',
  seen: '0.169.0',
  programs: ['codex'],
  paths: ['/v1/responses'],
  steps: (filling) => [
    {
      kind: 'file',
      path: '~/.codex/config.toml',
      code: `model = ${quoted(filling.model)}
model_provider = "dragoman"

[model_providers.dragoman]
name = "Dragoman"
base_url = ${quoted(`${filling.address}/v1`)}
wire_api = "responses"
env_key = "DRAGOMAN_KEY"
supports_websockets = true
`,
      note: 'codexTopLevel',
    },
    {
      kind: 'run',
      code: `${environment(filling, [['DRAGOMAN_KEY', filling.key]])}
codex exec --skip-git-repo-check ${word(filling.shell, 'Say hello')}`,
    },
  ],
  notes: ['codexSockets', 'codexOwnLogin'],
}
