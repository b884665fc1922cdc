import type { PivotRequest } from '@dragoman/protocol'

/** What only the Codex client sends. The predecessors' opt-out headers begin with `x-codex-` too and are not among them. */
const NATIVE_HEADERS = ['x-codex-window-id', 'x-codex-turn-metadata', 'x-codex-turn-state', 'x-codex-beta-features']

/**
 * Does the Codex client itself speak? Its own originators are `codex_cli_rs`, `codex-tui`, `codex_vscode`, `codex_exec`,
 * `codex_sdk_ts` and `Codex Desktop`; behind a custom provider it may leave them out, but not its turn headers and the metadata
 * in the body. Source: upstream-codex 2.2, recordings of codex-cli 0.169.
 */
export function isNativeCodexClient(
  request: PivotRequest,
  dialect: string,
  headers: Readonly<Record<string, string | undefined>>,
): boolean {
  if (dialect !== 'openai-responses') return false
  if (/^codex[ _-]/i.test(headers['originator'] ?? '')) return true
  if (NATIVE_HEADERS.some((name) => headers[name] !== undefined)) return true
  return request.client_metadata?.['x-codex-installation-id'] !== undefined || bringsToolsInInput(request)
}

/** The shape of newer models: tools stand in the first item of the input, and the field `tools` must be absent. */
export function bringsToolsInInput(request: PivotRequest): boolean {
  return request.input[0]?.type === 'additional_tools'
}
