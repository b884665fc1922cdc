import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openaiChat } from '../../openai-chat/index.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { carry } from '../../carried-state.js'
import { serve } from '../serve/index.js'
import { encodeRequest } from './encode-request.js'

type Json = Record<string, unknown>

const FOLDER = new URL('../../../../../../../shared/fixtures/clients/', import.meta.url)
const body = (name: string) =>
  (JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as { body: Json }).body

function there(wire: Json) {
  const decoded = serve.decodeRequest(wire, { headers: {} })
  const encoded = encodeRequest(decoded.value, { model: String(wire['model']), rules: 'compatible' })
  return { wire: encoded.value, notes: encoded.receipt }
}

const asBlocks = (content: unknown) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content)

/** What a request is allowed to lose or change, each with its reason. */
function meant(wire: Json): Json {
  const system = asBlocks(wire['system']) as Json[] | undefined
  const messages = (wire['messages'] as Json[]).map((message) => ({
    ...message,
    content: asBlocks(message['content']),
  }))
  const tools = wire['tools'] as Json[] | undefined
  return {
    ...wire,
    // A text is one block; and the name of a client's build, which differs with every request, would spoil the cache.
    ...(system === undefined
      ? {}
      : { system: system.filter((block) => !String(block['text']).startsWith('x-anthropic-billing-header')) }),
    messages,
    // Every tool without a type is custom; every schema of an object may have properties.
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ type, ...tool }) => ({
            ...tool,
            ...(type === undefined || type === 'custom' ? {} : { type }),
            ...(tool['input_schema'] === undefined
              ? {}
              : { input_schema: { type: 'object', properties: {}, ...(tool['input_schema'] as Json) } }),
          })),
        }),
  }
}

describe.skipIf(!existsSync(FOLDER))('recorded requests come out as they went in', () => {
  test.each([
    'claude-code-gpt-model-tool-followup',
    'claude-code-haiku-budget',
    'claude-code-opus',
    'claude-code-sonnet-bearer',
    'opencode-anthropic',
  ])('%s', (name) => {
    const { wire, notes } = there(body(name))
    expect(wire).toEqual(meant(body(name)))
    expect(notes).toEqual([])
  })
})

describe.skipIf(!existsSync(FOLDER))('recorded requests of other clients become what Anthropic takes', () => {
  test.each([
    ['opencode-chat', openaiChat],
    ['opencode-title-call', openaiChat],
    ['opencode-responses', openaiResponses],
    ['codex-chatgpt-http', openaiResponses],
    ['codex-chatgpt-ws-tool-followup', openaiResponses],
  ])('%s', (name, dialect) => {
    const { value } = dialect.serve.decodeRequest(body(name), { headers: {} })
    const { value: wire } = encodeRequest(value, { model: 'claude-opus-5', rules: 'compatible' })
    const messages = wire['messages'] as { role: string; content: Json[] }[]
    expect(messages[0]?.role).toBe('user')
    messages.forEach(({ role, content }, index) => {
      expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant')
      expect(content.length).toBeGreaterThan(0)
      const calls = content.filter(({ type }) => type === 'tool_use').map(({ id }) => id)
      const answers = messages[index + 1]?.content.slice(0, calls.length).map((block) => block['tool_use_id'])
      if (calls.length > 0) expect(answers?.sort()).toEqual(calls.sort())
    })
    for (const tool of (wire['tools'] ?? []) as Json[]) expect(tool['name']).toMatch(/^[\w-]{1,128}$/)
    expect(JSON.stringify(wire).split('"cache_control"').length - 1).toBeLessThanOrEqual(4)
  })
})

const HI: Json = { role: 'user', content: [{ type: 'text', text: 'hi' }] }
const LS: Json = { name: 'ls', input_schema: { type: 'object', properties: {} } }
const SEARCH: Json = { type: 'web_search_20250305', name: 'web_search', max_uses: 3, allowed_domains: ['a.example'] }

function conversation(...messages: Json[]): Json {
  return { messages }
}
const user = (...content: Json[]): Json => ({ role: 'user', content })
const assistant = (...content: Json[]): Json => ({ role: 'assistant', content })
const use = (id: string, input: Json = {}): Json => ({ type: 'tool_use', id, name: 'ls', input })
const result = (id: string, fields: Json = {}): Json => ({
  type: 'tool_result',
  tool_use_id: id,
  content: 'ok',
  ...fields,
})
const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } }

describe('what a client of this dialect says comes out as it went in', () => {
  test.each<[string, Json]>([
    ['sampling', { temperature: 0.5, top_p: 0.9, top_k: 3, stop_sequences: ['x', ' '] }],
    ['a budget', { max_tokens: 4_096, thinking: { type: 'enabled', budget_tokens: 2_000 }, temperature: 1 }],
    ['no thinking', { thinking: { type: 'disabled' } }],
    ['effort and format', { output_config: { effort: 'max', format: { type: 'json_schema', schema: { a: 1 } } } }],
    ['the format of the beta', { output_format: { type: 'json_schema', schema: { type: 'object' } } }],
    ['who the user is', { metadata: { user_id: 'u' } }],
    ['tiers', { service_tier: 'standard_only', speed: 'fast' }],
    ['fields of betas', { mcp_servers: [{ type: 'url', name: 'x', url: 'https://x.example' }], container: 'c' }],
    ['fields of the future', { of_the_future: { a: [1] } }],
    ['context management', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
    ['one mark for all', { cache_control: { type: 'ephemeral' } }],
    [
      'a system of blocks',
      {
        system: [
          { type: 'text', text: 'a', ...mark },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    ['a stream', { stream: true }],
    ['tools', { tools: [{ ...LS, description: 'd', strict: true, ...mark }], tool_choice: { type: 'auto' } }],
    ['a forced tool', { tools: [LS], tool_choice: { type: 'tool', name: 'ls', disable_parallel_tool_use: true } }],
    ['any tool', { tools: [LS], tool_choice: { type: 'any' } }],
    ['no tool', { tools: [LS], tool_choice: { type: 'none' } }],
    ['a search', { tools: [SEARCH, LS], tool_choice: { type: 'tool', name: 'web_search' } }],
    [
      "tools of Anthropic's, at their places",
      {
        tools: [
          { type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 },
          LS,
          { type: 'bash_20250124', name: 'bash' },
          { ...LS, name: 'late', defer_loading: true },
          SEARCH,
          { type: 'code_execution_20250825', name: 'code_execution' },
        ],
      },
    ],
    [
      'a tool that only Anthropic has, forced',
      {
        tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }],
        tool_choice: { type: 'tool', name: 'web_fetch' },
      },
    ],
    [
      'pictures and documents',
      conversation(
        user(
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' }, ...mark },
          { type: 'image', source: { type: 'url', url: 'https://a.example/x.png' } },
          { type: 'image', source: { type: 'file', file_id: 'file_1' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }, title: 'T' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain ü' }, context: 'C' },
          { type: 'document', source: { type: 'url', url: 'https://a.example/x.pdf' }, citations: { enabled: true } },
          { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'chunk' }] } },
          { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'found' }] },
          { type: 'container_upload', file_id: 'file_2' },
        ),
      ),
    ],
    [
      'thoughts, calls and results',
      conversation(
        HI,
        assistant(
          { type: 'thinking', thinking: 'hm', signature: 'sig' },
          { type: 'redacted_thinking', data: 'r' },
          { type: 'text', text: 'look', ...mark },
          use('toolu_1', { a: 1 }),
          use('toolu_2'),
        ),
        user(
          result('toolu_2', { is_error: true }),
          result('toolu_1', {
            content: [
              { type: 'text', text: 'a' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
              { type: 'tool_reference', tool_name: 'ls' },
            ],
            ...mark,
          }),
          { type: 'text', text: 'and?' },
        ),
      ),
    ],
    [
      'a search and its citations',
      conversation(
        HI,
        assistant(
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
          {
            type: 'web_search_tool_result',
            tool_use_id: 'srvtoolu_1',
            content: [{ type: 'web_search_result', url: 'https://a.example', title: 'A', encrypted_content: 'x' }],
          },
          {
            type: 'text',
            text: 'found',
            citations: [{ type: 'web_search_result_location', url: 'https://a.example', encrypted_index: 'i' }],
          },
        ),
        HI,
      ),
    ],
    [
      "blocks of Anthropic's",
      conversation(
        HI,
        assistant(
          { type: 'compaction', content: 'summary' },
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'code_execution', input: { code: '1' } },
          { type: 'code_execution_tool_result', tool_use_id: 'srvtoolu_1', content: { type: 'code_execution_result' } },
          { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } },
        ),
        HI,
      ),
    ],
    [
      'instructions in between',
      conversation(
        { role: 'system', content: [{ type: 'text', text: 'first' }] },
        HI,
        { role: 'system', content: [{ type: 'text', text: 'now' }], clear_at: 'next_user_message' },
        assistant({ type: 'text', text: 'hi' }),
        HI,
      ),
    ],
    ['a begun answer', conversation(HI, assistant({ type: 'text', text: 'The answer is' }))],
    ['a call without a result', conversation(HI, assistant(use('toolu_1')), HI)],
    ['a result without a call', conversation(user(result('toolu_9')))],
  ])('%s', (_, fields) => {
    const wire = { model: 'm', max_tokens: 99, messages: [HI], ...fields }
    const { wire: out, notes } = there(wire)
    expect(out).toEqual(meant(wire))
    expect(notes).toEqual([])
  })
})

describe('a conversation that another model began', () => {
  const theirs = carry('openai-responses', { id: 'rs_1', encrypted_content: 'x', cuts: [2] })
  const turn = [
    HI,
    assistant({ type: 'thinking', thinking: 'hm', signature: theirs }, use('toolu_1')),
    user(result('toolu_1')),
  ]
  const keep = { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] }

  test.each([
    ['a budget would be refused', { type: 'enabled', budget_tokens: 2_000 }, true],
    ['adaptive thinking would not', { type: 'adaptive' }, false],
  ])('goes on without its thoughts: %s', (_, thinking, dropped) => {
    const { wire, notes } = there({
      model: 'm',
      max_tokens: 9_000,
      messages: turn,
      thinking,
      context_management: keep,
    })
    expect((wire['messages'] as Json[])[1]).toEqual(assistant(use('toolu_1')))
    expect('thinking' in wire).toBe(!dropped)
    expect('context_management' in wire).toBe(!dropped)
    expect(notes.map(({ pointer }) => pointer)).toEqual(['/input/1', ...(dropped ? ['/thinking'] : [])])
  })
})
