import { describe, expect, test } from 'vitest'
import { FailureError } from '../../failure.js'
import { openaiResponses } from './index.js'

const BASE = { model: 'gpt-5.5', input: 'hi' }

describe('a broken Responses request is told what is wrong, and where', () => {
  test.each<[unknown, string | null, string]>([
    [[], null, 'the body must be a JSON object'],
    [null, null, 'the body must be a JSON object'],
    ['text', null, 'the body must be a JSON object'],
    [7, null, 'the body must be a JSON object'],
    [{ model: 7, input: 'hi' }, 'model', 'expected a string, found number (at /model)'],
    [{ model: 'm' }, 'input', 'a request needs input: a string or a list of items (at /input)'],
    [{ model: 'm', input: null }, 'input', 'a request needs input: a string or a list of items (at /input)'],
    [{ model: 'm', input: 7 }, 'input', 'expected a string or a list of items, found number (at /input)'],
    [
      { model: 'm', input: { role: 'user' } },
      'input',
      'expected a string or a list of items, found object (at /input)',
    ],
    [{ model: 'm', input: ['hi'] }, 'input[0]', 'expected an item, found string (at /input/0)'],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: 'x' }, null] },
      'input[1]',
      'expected an item, found null (at /input/1)',
    ],
    [{ model: 'm', input: [{ content: 'x' }] }, 'input[0].type', 'an item needs a type (at /input/0/type)'],
    [{ model: 'm', input: [{ type: 7 }] }, 'input[0].type', 'an item needs a type (at /input/0/type)'],
    [
      { model: 'm', input: [{ type: 'message', content: 'x' }] },
      'input[0].role',
      'expected user, assistant, system or developer, found nothing (at /input/0/role)',
    ],
    [
      { model: 'm', input: [{ role: 'tool', content: 'x' }] },
      'input[0].role',
      'expected user, assistant, system or developer, found "tool" (at /input/0/role)',
    ],
    [
      { model: 'm', input: [{ role: 7, content: 'x' }] },
      'input[0].role',
      'expected user, assistant, system or developer, found 7 (at /input/0/role)',
    ],
    [
      { model: 'm', input: [{ role: 'user' }] },
      'input[0].content',
      'expected a string or a list of parts, found nothing (at /input/0/content)',
    ],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: 7 }] },
      'input[0].content',
      'expected a string or a list of parts, found number (at /input/0/content)',
    ],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: { type: 'input_text' } }] },
      'input[0].content',
      'expected a string or a list of parts, found object (at /input/0/content)',
    ],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: ['x'] }] },
      'input[0].content[0]',
      'expected a part, found string (at /input/0/content/0)',
    ],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: [{ text: 'x' }] }] },
      'input[0].content[0].type',
      'a part needs a type (at /input/0/content/0/type)',
    ],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: [{ type: 'input_text' }] }] },
      'input[0].content[0].text',
      'expected a string, found nothing (at /input/0/content/0/text)',
    ],
    [
      { model: 'm', input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 7 }] }] },
      'input[0].content[0].text',
      'expected a string, found number (at /input/0/content/0/text)',
    ],
    [
      {
        model: 'm',
        input: [
          { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }, { type: 'input_image' }] },
        ],
      },
      'input[0].content[1].image_url',
      'an image needs image_url (a URL or a data: URL) or file_id (at /input/0/content/1/image_url)',
    ],
    [
      {
        model: 'm',
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_image', image_url: { url: 'x' } }] }],
      },
      'input[0].content[0].image_url',
      'an image needs image_url (a URL or a data: URL) or file_id (at /input/0/content/0/image_url)',
    ],
    [
      { model: 'm', input: [{ role: 'assistant', content: [{ type: 'refusal' }] }] },
      'input[0].content[0].refusal',
      'expected a string, found nothing (at /input/0/content/0/refusal)',
    ],
    [
      { model: 'm', input: [{ type: 'function_call', name: 'n', arguments: '{}' }] },
      'input[0].call_id',
      'expected a string, found nothing (at /input/0/call_id)',
    ],
    [
      { model: 'm', input: [{ type: 'function_call', call_id: 'c', arguments: '{}' }] },
      'input[0].name',
      'expected a string, found nothing (at /input/0/name)',
    ],
    [
      { model: 'm', input: [{ type: 'function_call', call_id: 'c', name: 'n', arguments: {} }] },
      'input[0].arguments',
      'expected a string, found object (at /input/0/arguments)',
    ],
    [
      { model: 'm', input: [{ type: 'function_call_output', output: 'x' }] },
      'input[0].call_id',
      'expected a string, found nothing (at /input/0/call_id)',
    ],
    [
      { model: 'm', input: [{ type: 'function_call_output', call_id: 'c' }] },
      'input[0].output',
      'expected a string or a list of parts, found nothing (at /input/0/output)',
    ],
    [
      { model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: [1] }] },
      'input[0].output[0]',
      'expected a part, found number (at /input/0/output/0)',
    ],
    [
      { model: 'm', input: [{ type: 'custom_tool_call', call_id: 'c', name: 'n' }] },
      'input[0].input',
      'expected a string, found nothing (at /input/0/input)',
    ],
    [
      { model: 'm', input: [{ type: 'reasoning', summary: 'x' }] },
      'input[0].summary',
      'expected a list, found string (at /input/0/summary)',
    ],
    [{ ...BASE, stream: 'yes' }, 'stream', 'expected true or false, found string (at /stream)'],
    [{ ...BASE, instructions: ['x'] }, 'instructions', 'expected a string, found array (at /instructions)'],
    [{ ...BASE, tools: {} }, 'tools', 'expected a list, found object (at /tools)'],
    [{ ...BASE, tools: ['x'] }, 'tools[0]', 'expected a tool, found string (at /tools/0)'],
    [{ ...BASE, tools: [{ name: 'x' }] }, 'tools[0].type', 'a tool needs a type (at /tools/0/type)'],
    [
      { ...BASE, tools: [{ type: 'function' }] },
      'tools[0].name',
      'expected a string, found nothing (at /tools/0/name)',
    ],
    [
      { ...BASE, tools: [{ type: 'function', function: { name: 'x' } }] },
      'tools[0].function',
      'this is the shape of chat completions; here name and parameters stand beside type (at /tools/0/function)',
    ],
    [
      { ...BASE, tools: [{ type: 'function', name: 'x', parameters: 'y' }] },
      'tools[0].parameters',
      'expected a JSON schema, found string (at /tools/0/parameters)',
    ],
    [
      { ...BASE, tool_choice: 7 },
      'tool_choice',
      'expected auto, none, required, or an object with a type (at /tool_choice)',
    ],
    [
      { ...BASE, tool_choice: { name: 'x' } },
      'tool_choice',
      'expected auto, none, required, or an object with a type (at /tool_choice)',
    ],
    [
      { ...BASE, tool_choice: { type: 'function' } },
      'tool_choice.name',
      'a chosen function needs its name (at /tool_choice/name)',
    ],
    [{ ...BASE, reasoning: 'high' }, 'reasoning', 'expected an object, found string (at /reasoning)'],
    [
      { ...BASE, reasoning: { effort: 7 } },
      'reasoning.effort',
      'expected a string, found number (at /reasoning/effort)',
    ],
    [{ ...BASE, text: 'json' }, 'text', 'expected an object, found string (at /text)'],
    [{ ...BASE, text: { format: 'json' } }, 'text.format', 'expected an object, found string (at /text/format)'],
    [
      { ...BASE, text: { format: {} } },
      'text.format.type',
      'a format needs a type: text, json_object or json_schema (at /text/format/type)',
    ],
    [
      { ...BASE, text: { format: { type: 'json_schema', schema: {} } } },
      'text.format.name',
      'a JSON schema needs a name (at /text/format/name)',
    ],
    [
      { ...BASE, text: { format: { type: 'json_schema', name: 'n' } } },
      'text.format.schema',
      'expected a JSON schema (at /text/format/schema)',
    ],
    [{ ...BASE, metadata: 'x' }, 'metadata', 'expected an object, found string (at /metadata)'],
    [
      { ...BASE, max_output_tokens: '7' },
      'max_output_tokens',
      'expected a number, found string (at /max_output_tokens)',
    ],
    [{ ...BASE, temperature: 'hot' }, 'temperature', 'expected a number, found string (at /temperature)'],
    [{ ...BASE, include: 'x' }, 'include', 'expected a list, found string (at /include)'],
    [
      { ...BASE, parallel_tool_calls: 1 },
      'parallel_tool_calls',
      'expected true or false, found number (at /parallel_tool_calls)',
    ],
    [{ ...BASE, prompt_cache_key: 1 }, 'prompt_cache_key', 'expected a string, found number (at /prompt_cache_key)'],
    [{ ...BASE, client_metadata: [] }, 'client_metadata', 'expected an object, found array (at /client_metadata)'],
  ])('%j', (body, param, message) => {
    let failure: unknown
    try {
      openaiResponses.serve.decodeRequest(body, { headers: {} })
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(FailureError)
    const told = (failure as FailureError).failure
    expect(told).toMatchObject({ kind: 'invalid_request', scope: 'request', phase: 'unsent', retry: 'never' })
    expect(openaiResponses.serve.encodeError(told)).toEqual({
      status: 400,
      headers: {},
      body: { error: { message, type: 'invalid_request_error', param, code: null } },
    })
  })
})
