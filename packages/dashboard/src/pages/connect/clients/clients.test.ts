import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { RECIPES, type ClientId, type Filling, type Step } from './index.js'

const FILLING: Filling = {
  address: 'http://127.0.0.1:8080',
  ollamaAddress: 'http://127.0.0.1:11434',
  key: 'dgm-0123456789',
  model: 'gpt-5.5',
  smallModel: 'gpt-5.4-mini',
  shell: 'posix',
}

function stepsOf(id: ClientId, filling: Partial<Filling> = {}): readonly Step[] {
  const recipe = RECIPES.find((one) => one.id === id)
  if (recipe === undefined) throw new Error(id)
  return recipe.steps({ ...FILLING, ...filling })
}

function codeOf(id: ClientId, filling: Partial<Filling> = {}): string {
  return stepsOf(id, filling)
    .map((step) => (step.kind === 'fields' ? step.fields.map((field) => field.join(': ')).join('\n') : step.code))
    .join('\n\n')
}

describe('facts that were found out the hard way (clients 2 to 6)', () => {
  test('Codex gets model and model_provider at the top level, before any table', () => {
    const [config] = stepsOf('codex')
    expect(config).toMatchObject({ kind: 'file', path: '~/.codex/config.toml' })
    const top = codeOf('codex').split('\n[')[0]
    expect(top).toContain('model = "gpt-5.5"')
    expect(top).toContain('model_provider = "dragoman"')
    expect(codeOf('codex')).toContain('[model_providers.dragoman]')
    expect(codeOf('codex')).not.toContain('[profiles')
    expect(codeOf('codex')).toContain('wire_api = "responses"')
  })

  test('Claude Code gets the address without a path, a bearer, a small model, and tool search', () => {
    const code = codeOf('claude-code')
    expect(code).toContain('export ANTHROPIC_BASE_URL=http://127.0.0.1:8080\n')
    expect(code).toContain('export ANTHROPIC_AUTH_TOKEN=dgm-0123456789\n')
    expect(code).toContain('export ANTHROPIC_DEFAULT_HAIKU_MODEL=gpt-5.4-mini\n')
    expect(code).toContain('export ENABLE_TOOL_SEARCH=true\n')
  })

  test.each([
    ['cursor', 'http://127.0.0.1:8080/v1'],
    ['gemini-cli', 'GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8080\n'],
    ['cline', '-b http://127.0.0.1:8080/v1\n'],
    ['continue', 'apiBase: "http://127.0.0.1:8080/v1"'],
    ['opencode', '"baseURL": "http://127.0.0.1:8080/v1"'],
    ['aider', 'OPENAI_API_BASE=http://127.0.0.1:8080/v1\n'],
    ['cherry-studio', 'API Host: http://127.0.0.1:8080\n'],
    ['claude-desktop', 'Gateway base URL: http://127.0.0.1:8080\n'],
    ['ollama', 'OLLAMA_HOST=http://127.0.0.1:11434\n'],
    ['qwen-code', 'OPENAI_BASE_URL=http://127.0.0.1:8080/v1\n'],
    ['pi', '"baseUrl": "http://127.0.0.1:8080/v1"'],
  ] as const)('%s gets its base URL as it wants it', (id, text) => {
    expect(`${codeOf(id)}\n`).toContain(text)
  })
})

test('every client but those of Ollama gets the key, and the model where it takes one', () => {
  for (const { id } of RECIPES) {
    const code = codeOf(id, { key: 'dgm-KEY', model: 'the-model' })
    if (id !== 'ollama') expect(code, id).toContain('dgm-KEY')
    if (!['cherry-studio', 'claude-desktop'].includes(id)) expect(code, id).toContain('the-model')
  }
})

/** A model's name may come from a provider or an alias, and says what it likes. */
const HOSTILE = `a"b'c $(touch /tmp/never) \`id\` \\ ;|& #x`

test.each(RECIPES.map(({ id }) => id))('%s: no name breaks out of what is to be run', (id) => {
  for (const step of stepsOf(id, { model: HOSTILE, smallModel: HOSTILE, key: HOSTILE })) {
    if (step.kind !== 'run') continue
    // Every command is a function that prints its words; a name that is run, or falls apart, shows.
    const commands = ['codex', 'claude', 'gemini', 'cline', 'cn', 'opencode', 'aider', 'ollama', 'qwen', 'pi', 'curl']
    const functions = commands.map((name) => `${name}() { printf '%s\\0' "$@"; }`).join('\n')
    const words = execFileSync('sh', ['-c', `${functions}\n${step.code}\nprintf '%s\\0' "$ANTHROPIC_MODEL"`], {
      encoding: 'utf8',
    }).split('\0')
    if (/(?:-m|--model|run) /.test(step.code)) {
      expect(
        words.some((word) => word === HOSTILE || word.endsWith(`/${HOSTILE}`)),
        step.code,
      ).toBe(true)
    }
    if (step.code.includes('ANTHROPIC_MODEL')) expect(words).toContain(HOSTILE)
  }
})

test.each(['gemini-cli', 'opencode', 'pi', 'claude-code'] as const)('%s: its file is JSON whatever the names', (id) => {
  for (const step of stepsOf(id, { model: HOSTILE, key: HOSTILE })) {
    if (step.kind === 'file') expect(() => JSON.parse(step.code) as unknown).not.toThrow()
  }
})

test('a POSIX shell and PowerShell quote as each of them does', () => {
  expect(codeOf('gemini-cli', { key: "o'brien" })).toContain(String.raw`export GEMINI_API_KEY='o'\''brien'`)
  expect(codeOf('gemini-cli', { key: "o'brien", shell: 'powershell' })).toContain("$env:GEMINI_API_KEY = 'o''brien'")
})
