import { describe, expect, test } from 'vitest'
import { responseReducer, type PivotEvent, type PivotRequest } from '../../../pivot/index.js'
import { decodeResponse } from './decode-response.js'
import { restoreCalls } from './restore-calls.js'

const request: PivotRequest = {
  model: 'm',
  input: [],
  tools: [
    { type: 'function', name: 'plain' },
    { type: 'custom', name: 'patch' },
    { type: 'namespace', name: 'ns', tools: [{ type: 'function', name: 'f' }] },
  ],
}

function reply(name: string, args: string): PivotEvent[] {
  const tool_calls = [{ id: 'a', type: 'function', function: { name, arguments: args } }]
  return decodeResponse({ id: 'x', choices: [{ index: 0, message: { tool_calls }, finish_reason: 'tool_calls' }] })
}

describe('calls of emulated tools come back as the tools that were offered', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['patch', '{"input":"*** Begin"}', { type: 'custom_tool_call', name: 'patch', input: '*** Begin' }],
    ['patch', 'not JSON', { type: 'custom_tool_call', name: 'patch', input: 'not JSON' }],
    ['patch', '{"other":1}', { type: 'custom_tool_call', name: 'patch', input: '{"other":1}' }],
    ['ns__f', '{"x":1}', { type: 'function_call', namespace: 'ns', name: 'f', arguments: '{"x":1}' }],
    ['plain', '{}', { type: 'function_call', name: 'plain', arguments: '{}' }],
  ])('%s(%s)', (name, args, expected) => {
    const events = restoreCalls(request, 'compatible')?.(reply(name, args)) ?? []
    const reducer = responseReducer()
    reducer.push(events)
    expect(reducer.response().output).toEqual([expect.objectContaining({ call_id: 'a', ...expected })])
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output: [expected] } })
    const custom = expected['type'] === 'custom_tool_call'
    expect(events.some((event) => event.type.startsWith('response.function_call_arguments'))).toBe(!custom)
    expect(events.filter((event) => event.type === 'response.custom_tool_call_input.delta')).toHaveLength(
      custom ? 1 : 0,
    )
  })

  test('nothing emulated, nothing to restore', () => {
    expect(restoreCalls({ model: 'm', input: [], tools: [{ type: 'custom', name: 'c' }] }, 'openai')).toBeUndefined()
    expect(restoreCalls({ model: 'm', input: [] }, 'compatible')).toBeUndefined()
  })
})
