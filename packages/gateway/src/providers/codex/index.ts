export { createCodexProvider } from './codex-provider.js'
export type { CodexOptions } from './codex-provider.js'
export { fetchCodexModels } from './fetch-models.js'
