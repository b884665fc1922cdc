import { expect, test } from 'vitest'
import { clientProgram } from './client-program.js'

// As seen in `spec/clients.md` and the recordings of 2026-11.
test.each([
  ['codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)', 'codex'],
  ['codex_cli_rs/0.169.0 (Mac OS 26.1.0; arm64) iTerm.app', 'codex'],
  ['claude-cli/2.1.329 (external, sdk-cli)', 'claude-code'],
  ['claude-cli/0.24.4 (external, cli)', 'qwen-code'],
  ['GeminiCLI-tui/0.61.0/gpt-5.4 (linux; x64; terminal)', 'gemini-cli'],
  ['opencode/1.18.33 ai-sdk/provider-utils/4.0.46 runtime/bun/1.3.14', 'opencode'],
  ['ls/JS 5.23.2', 'continue'],
  ['OpenAI/JS 6.49.0', 'node'],
  ['AsyncOpenAI/Python 2.8.0', 'python'],
  ['Anthropic/JS 1.11.0', 'node'],
  ['google-genai-sdk/2.32.0 gl-node/v24.1.0', 'node'],
  ['ollama-js/0.6.4 (x64 linux Node.js/v24.1.0)', 'ollama'],
  ['curl/8.14.1', 'curl'],
  ['node', 'node'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'browser'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/537.36 CherryStudio/1.7.2 Chrome/140.0.0.0 Electron/38.0.0', 'cherry-studio'],
  ['something-new/1.0', undefined],
])('%s is %s', (agent, program) => {
  expect(clientProgram({ 'user-agent': agent })).toBe(program)
})

test('who says nothing is nobody that is known', () => {
  expect(clientProgram({})).toBeUndefined()
  expect(clientProgram({ 'user-agent': `${'x'.repeat(400)} cursor` })).toBeUndefined()
})
