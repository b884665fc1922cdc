/**
 * How programs name themselves, the surest first. Those of Codex, Claude Code, Gemini CLI, opencode, Qwen Code and Continue were seen
 * 2026-11 (clients 2 to 6), those of the SDKs stand in their sources; the others are guesses that can only miss.
 */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/^codex[_ -]/i, 'codex'],
  // Qwen Code borrows the name and keeps its own version, which is below 1 (clients 6).
  [/^claude-cli\/0\./i, 'qwen-code'],
  [/^claude-cli\//i, 'claude-code'],
  [/^claude.*\belectron\//i, 'claude-desktop'],
  [/^geminicli/i, 'gemini-cli'],
  [/^opencode\//i, 'opencode'],
  [/^qwencode\//i, 'qwen-code'],
  [/^pi\//i, 'pi'],
  [/\bcherrystudio\//i, 'cherry-studio'],
  [/\bcursor\b/i, 'cursor'],
  [/\bcline\b/i, 'cline'],
  // The OpenAI SDK with its names made short, as Continue bundles it.
  [/\bcontinue\b|^ls\/js /i, 'continue'],
  [/^aider\b|^litellm\//i, 'aider'],
  [/^ollama/i, 'ollama'],
  [/^(?:async)?(?:openai|anthropic)\/python\b|\bgl-python\//i, 'python'],
  [/^(?:openai|anthropic)\/js\b|\bgl-node\//i, 'node'],
  [/\bai-sdk\//i, 'ai-sdk'],
  [/^curl\//i, 'curl'],
  [/^python-(?:requests|httpx)\/|\baiohttp\//i, 'python'],
  [/^(?:node|undici|node-fetch|axios)\b/i, 'node'],
  [/^mozilla\/5\.0\b/i, 'browser'],
]

/**
 * Which program asks, by what it says of itself: a hint for people, never a reason to treat it otherwise.
 * @returns one of a few words such as `codex`, `claude-code`, `curl`; undefined when it is none that is known
 * @example clientProgram({ 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4.0.46 runtime/bun/1.3.14' }) // 'opencode'
 */
export function clientProgram(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const told = headers['user-agent']
  if (typeof told !== 'string') return undefined
  const said = told.slice(0, 300)
  return PROGRAMS.find(([pattern]) => pattern.test(said))?.[1]
}
