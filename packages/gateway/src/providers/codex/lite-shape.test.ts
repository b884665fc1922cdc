import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isLite, liteShape } from './lite-shape.js'

const tools = [{ type: 'function', name: 'ls' }, { type: 'web_search' }]
const user = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }
const additional = { type: 'additional_tools', role: 'developer', tools }

describe('a classic request in the lite shape', () => {
  test('tools and instructions are items, hosted tools too', () => {
    const body = {
      model: 'm',
      instructions: 'be kind',
      tools,
      input: [user],
      reasoning: { effort: 'high' },
      tool_choice: 'auto',
    }
    expect(liteShape(body)).toEqual({
      value: {
        model: 'm',
        input: [
          additional,
          { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'be kind' }] },
          user,
        ],
        tool_choice: 'auto',
        parallel_tool_calls: false,
        reasoning: { effort: 'high', context: 'all_turns' },
      },
      receipt: [],
    })
  })

  test('without tools, instructions and input it is the least that there is', () => {
    expect(liteShape({ model: 'm', instructions: '', input: [] }).value).toEqual({
      model: 'm',
      input: [{ ...additional, tools: [] }],
      parallel_tool_calls: false,
      reasoning: { context: 'all_turns' },
    })
  })

  test('another tool choice stays', () => {
    const choice = { type: 'function', name: 'ls' }
    expect(liteShape({ tools, input: [user], tool_choice: choice }).value['tool_choice']).toBe(choice)
  })

  test('parallel calls that were asked for are noted', () => {
    expect(liteShape({ model: 'm', tools, input: [user], parallel_tool_calls: true }).receipt).toMatchObject([
      { pointer: '/parallel_tool_calls', what: 'approximated' },
    ])
  })

  test('a half-way shape becomes one: both lists of tools are kept', () => {
    const { value } = liteShape({ tools: [{ type: 'custom', name: 'x' }], input: [additional, user] })
    expect(value['input']).toEqual([{ ...additional, tools: [...tools, { type: 'custom', name: 'x' }] }, user])
  })
})

const recording = new URL(
  '../../../../../../shared/fixtures/clients/codex-03-http-responses-lite-gpt6.json',
  import.meta.url,
)
describe.skipIf(!existsSync(recording))('what the official client sends', () => {
  test('stays as it is', () => {
    const { body } = JSON.parse(readFileSync(recording, 'utf8')) as { body: Record<string, unknown> }
    expect(isLite(body)).toBe(true)
    expect(liteShape(body)).toEqual({ value: body, receipt: [] })
  })
})
