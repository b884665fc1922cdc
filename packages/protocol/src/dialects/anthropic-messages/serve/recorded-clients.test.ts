import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Note } from '../../../dialect.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { anthropicFields, keptFields } from '../wire.js'
import { decodeRequest } from './decode-request.js'

const FOLDER = fileURLToPath(new URL('../../../../../../../shared/fixtures/clients', import.meta.url))

function recorded(name: string): { body: Record<string, unknown>; value: PivotRequest; receipt: Note[] } {
  const { body, headers } = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as {
    body: Record<string, unknown>
    headers: Record<string, string>
  }
  return { body, ...decodeRequest(body, { headers }) }
}

const shape = ({ input }: PivotRequest) => input.map((item) => ('role' in item ? item['role'] : item.type))
const names = ({ tools }: PivotRequest) => (tools ?? []).map((tool) => tool['name'])

describe.skipIf(!existsSync(FOLDER))('recorded requests', () => {
  test.each([
    ['claude-code-opus', 'claude-opus-4-7', { effort: 'xhigh', summary: 'auto' }, 64_000, []],
    ['claude-code-sonnet-bearer', 'claude-sonnet-4-6', { effort: 'high' }, 32_000, []],
    ['claude-code-haiku-budget', 'claude-haiku-4-5', { effort: 'xhigh' }, 32_000, ['/thinking/budget_tokens']],
  ])('%s', (name, model, reasoning, limit, notes) => {
    const { body, value, receipt } = recorded(name)
    expect(value).toMatchObject({ model, reasoning, max_output_tokens: limit, stream: true })
    expect(receipt.map(({ pointer }) => pointer)).toEqual(notes)
    expect(shape(value)).toEqual(['user', 'function_call', 'function_call_output'])
    expect(value.input[1]).toMatchObject({ name: 'Bash', call_id: expect.stringMatching(/^toolu_/) as string })
    expect(value.input[2]).toMatchObject({ output: expect.stringContaining('hello-from-tool') as string })
    expect(value.instructions).toMatch(/^You are a Claude agent/)
    expect(JSON.stringify(value)).not.toContain('x-anthropic-billing-header')
    expect(keptFields(value).system).toHaveLength(2)
    expect(keptFields(value).fields).toHaveProperty('context_management')
    expect(value.user).toBe((body['metadata'] as { user_id: string }).user_id)
    expect(Object.keys(anthropicFields(value)).sort()).toEqual(
      ['metadata', 'thinking', ...(body['output_config'] === undefined ? [] : ['output_config'])].sort(),
    )
    const offered = (body['tools'] as { name: string }[]).map((tool) => tool.name)
    expect(names(value)).toEqual(offered.filter((tool) => tool !== 'DeferredToolPlaceholder'))
    expect(offered).toContain('DeferredToolPlaceholder')
  })

  test('claude-code-gpt-model-tool-followup', () => {
    const { value, receipt } = recorded('claude-code-gpt-model-tool-followup')
    expect(receipt).toEqual([])
    expect(shape(value)).toEqual(['user', 'developer', 'function_call', 'function_call_output'])
    expect(value.reasoning).toEqual({ effort: 'high' })
    expect(names(value)).not.toContain('DeferredToolPlaceholder')
  })

  test('opencode-anthropic', () => {
    const { body, value, receipt } = recorded('opencode-anthropic')
    expect(receipt).toEqual([])
    expect(shape(value).slice(0, 1)).toEqual(['user'])
    expect(names(value)).toHaveLength((body['tools'] as unknown[]).length)
    expect(value.tool_choice).toBe('auto')
    expect(value.max_output_tokens).toBe(body['max_tokens'])
  })
})
