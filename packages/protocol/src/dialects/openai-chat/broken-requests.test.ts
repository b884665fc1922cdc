import { describe, expect, test } from 'vitest'
import { FailureError } from '../../failure.js'
import { openaiChat } from './index.js'

const HELLO = [{ role: 'user', content: 'hi' }]

describe('a broken chat request is told what is wrong, and where', () => {
  test.each<[unknown, string | null, string]>([
    [null, null, 'the body must be a JSON object'],
    ['text', null, 'the body must be a JSON object'],
    [[], null, 'the body must be a JSON object'],
    [{}, 'messages', 'expected an array of messages (at /messages)'],
    [{ messages: null }, 'messages', 'expected an array of messages (at /messages)'],
    [{ messages: 'hi' }, 'messages', 'expected an array (at /messages)'],
    [{ messages: [] }, 'messages', 'expected at least one message (at /messages)'],
    [{ messages: ['hi'] }, 'messages[0]', 'expected an object (at /messages/0)'],
    [
      { messages: [{ content: 'hi' }] },
      'messages[0].role',
      "expected 'system', 'developer', 'user', 'assistant', 'tool' or 'function' (at /messages/0/role)",
    ],
    [
      { messages: [{ role: 'robot', content: 'hi' }] },
      'messages[0].role',
      "expected 'system', 'developer', 'user', 'assistant', 'tool' or 'function' (at /messages/0/role)",
    ],
    [
      { messages: [{ role: 'constructor', content: 'hi' }] },
      'messages[0].role',
      "expected 'system', 'developer', 'user', 'assistant', 'tool' or 'function' (at /messages/0/role)",
    ],
    [
      { messages: [{ role: 'system' }] },
      'messages[0].content',
      'expected a string or an array of parts (at /messages/0/content)',
    ],
    [
      { messages: [{ role: 'user' }] },
      'messages[0].content',
      'expected a string or an array of parts (at /messages/0/content)',
    ],
    [
      { messages: [{ role: 'user', content: null }] },
      'messages[0].content',
      'expected a string or an array of parts (at /messages/0/content)',
    ],
    [
      { messages: [{ role: 'user', content: 7 }] },
      'messages[0].content',
      'expected a string or an array of parts (at /messages/0/content)',
    ],
    [
      { messages: [{ role: 'user', content: [7] }] },
      'messages[0].content[0]',
      'expected an object (at /messages/0/content/0)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages[0].content[0].text',
      'expected a string (at /messages/0/content/0/text)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: 1 }] }] },
      'messages[0].content[0].text',
      'expected a string (at /messages/0/content/0/text)',
    ],
    [
      { messages: [{ role: 'user', content: [{}] }] },
      'messages[0].content[0].type',
      'expected the type of a content part (at /messages/0/content/0/type)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'messages[0].content[0].image_url',
      'expected a string that is not empty (at /messages/0/content/0/image_url)',
    ],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image_url', image_url: {} },
            ],
          },
        ],
      },
      'messages[0].content[1].image_url.url',
      'expected a string that is not empty (at /messages/0/content/1/image_url/url)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x', detail: 'ultra' } }] }] },
      'messages[0].content[0].image_url.detail',
      "expected 'auto', 'low', 'high' or 'original' (at /messages/0/content/0/image_url/detail)",
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
      'messages[0].content[0].source',
      'expected an object (at /messages/0/content/0/source)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', data: 'x' } }] }] },
      'messages[0].content[0].source.media_type',
      'expected a string that is not empty (at /messages/0/content/0/source/media_type)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      'messages[0].content[0].input_audio',
      'expected an object (at /messages/0/content/0/input_audio)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'x' } }] }] },
      'messages[0].content[0].input_audio.format',
      'expected a string that is not empty (at /messages/0/content/0/input_audio/format)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'file' }] }] },
      'messages[0].content[0].file',
      'expected an object (at /messages/0/content/0/file)',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'file', file: { filename: 'x' } }] }] },
      'messages[0].content[0].file',
      'expected file_data or file_id (at /messages/0/content/0/file)',
    ],
    [
      { messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].tool_call_id',
      'expected a string (at /messages/0/tool_call_id)',
    ],
    [
      { messages: [{ role: 'tool', tool_call_id: 7, content: 'x' }] },
      'messages[0].tool_call_id',
      'expected a string (at /messages/0/tool_call_id)',
    ],
    [
      { messages: [{ role: 'tool', tool_call_id: 'a', content: 7 }] },
      'messages[0].content',
      'expected a string or an array of parts (at /messages/0/content)',
    ],
    [
      { messages: [{ role: 'function', content: 'x' }] },
      'messages[0].name',
      'expected a string that is not empty (at /messages/0/name)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', content: 7 },
        ],
      },
      'messages[1].content',
      'expected a string or an array of parts (at /messages/1/content)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', tool_calls: {} },
        ],
      },
      'messages[1].tool_calls',
      'expected an array (at /messages/1/tool_calls)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] },
        ],
      },
      'messages[1].tool_calls[0].function',
      'expected an object (at /messages/1/tool_calls/0/function)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: '', arguments: '{}' } }] },
        ],
      },
      'messages[1].tool_calls[0].function.name',
      'expected a string that is not empty (at /messages/1/tool_calls/0/function/name)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: 7 } }] },
        ],
      },
      'messages[1].tool_calls[0].function.arguments',
      'expected a string (at /messages/1/tool_calls/0/function/arguments)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', tool_calls: [{ id: 'a', type: 'custom', custom: { input: 'x' } }] },
        ],
      },
      'messages[1].tool_calls[0].custom.name',
      'expected a string that is not empty (at /messages/1/tool_calls/0/custom/name)',
    ],
    [
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', function_call: { arguments: '{}' } },
        ],
      },
      'messages[1].function_call.name',
      'expected a string that is not empty (at /messages/1/function_call/name)',
    ],
    [{ messages: HELLO, model: 7 }, 'model', 'expected a string (at /model)'],
    [{ messages: HELLO, stream: 'yes' }, 'stream', 'expected true or false (at /stream)'],
    [{ messages: HELLO, tools: {} }, 'tools', 'expected an array (at /tools)'],
    [{ messages: HELLO, tools: [null] }, 'tools[0]', 'expected an object (at /tools/0)'],
    [{ messages: HELLO, tools: [{}] }, 'tools[0].type', 'expected the type of a tool (at /tools/0/type)'],
    [
      { messages: HELLO, tools: [{ type: 'function', function: {} }] },
      'tools[0].function.name',
      'expected a string that is not empty (at /tools/0/function/name)',
    ],
    [
      { messages: HELLO, tools: [{ type: 'function', function: { name: '' } }] },
      'tools[0].function.name',
      'expected a string that is not empty (at /tools/0/function/name)',
    ],
    [
      { messages: HELLO, tools: [{ type: 'function', function: { name: 'f', description: 7 } }] },
      'tools[0].function.description',
      'expected a string (at /tools/0/function/description)',
    ],
    [
      { messages: HELLO, tools: [{ type: 'function', function: { name: 'f', parameters: 'object' } }] },
      'tools[0].function.parameters',
      'expected an object (at /tools/0/function/parameters)',
    ],
    [
      { messages: HELLO, tools: [{ type: 'function', function: { name: 'f', parameters: { type: 7 } } }] },
      'tools[0].function.parameters.type',
      'expected the type of a JSON schema (at /tools/0/function/parameters/type)',
    ],
    [
      { messages: HELLO, tools: [{ type: 'function', function: { name: 'f', strict: 'yes' } }] },
      'tools[0].function.strict',
      'expected true or false (at /tools/0/function/strict)',
    ],
    [
      { messages: HELLO, tools: [{ type: 'custom', custom: { name: 'c', format: { type: 'ebnf' } } }] },
      'tools[0].custom.format.type',
      "expected 'text' or 'grammar' (at /tools/0/custom/format/type)",
    ],
    [
      {
        messages: HELLO,
        tools: [{ type: 'custom', custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark' } } } }],
      },
      'tools[0].custom.format.grammar.definition',
      'expected a string (at /tools/0/custom/format/grammar/definition)',
    ],
    [
      { messages: HELLO, functions: [{}] },
      'functions[0].name',
      'expected a string that is not empty (at /functions/0/name)',
    ],
    [
      { messages: HELLO, tool_choice: 'sometimes' },
      'tool_choice',
      "expected 'auto', 'none', 'required' or a tool (at /tool_choice)",
    ],
    [
      { messages: HELLO, tool_choice: { type: 'function', function: {} } },
      'tool_choice.function.name',
      'expected a string that is not empty (at /tool_choice/function/name)',
    ],
    [
      { messages: HELLO, tool_choice: {} },
      'tool_choice.type',
      'expected the type of a tool choice (at /tool_choice/type)',
    ],
    [
      { messages: HELLO, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto' } } },
      'tool_choice.allowed_tools.tools',
      'expected an array (at /tool_choice/allowed_tools/tools)',
    ],
    [
      { messages: HELLO, parallel_tool_calls: 1 },
      'parallel_tool_calls',
      'expected true or false (at /parallel_tool_calls)',
    ],
    [{ messages: HELLO, response_format: 'json' }, 'response_format', 'expected an object (at /response_format)'],
    [
      { messages: HELLO, response_format: { type: 'yaml' } },
      'response_format.type',
      "expected 'text', 'json_object' or 'json_schema' (at /response_format/type)",
    ],
    [
      { messages: HELLO, response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
      'response_format.json_schema.schema',
      'expected a JSON schema (at /response_format/json_schema/schema)',
    ],
    [
      { messages: HELLO, response_format: { type: 'json_schema', json_schema: { name: 'n', schema: 'x' } } },
      'response_format.json_schema.schema',
      'expected an object (at /response_format/json_schema/schema)',
    ],
    [
      { messages: HELLO, response_format: { type: 'json_schema', json_schema: { name: 7, schema: {} } } },
      'response_format.json_schema.name',
      'expected a string that is not empty (at /response_format/json_schema/name)',
    ],
    [{ messages: HELLO, reasoning_effort: 3 }, 'reasoning_effort', 'expected a string (at /reasoning_effort)'],
    [{ messages: HELLO, reasoning: 'high' }, 'reasoning', 'expected an object (at /reasoning)'],
    [{ messages: HELLO, reasoning: { effort: 3 } }, 'reasoning.effort', 'expected a string (at /reasoning/effort)'],
    [{ messages: HELLO, max_tokens: '10' }, 'max_tokens', 'expected a number (at /max_tokens)'],
    [{ messages: HELLO, temperature: 'hot' }, 'temperature', 'expected a number (at /temperature)'],
    [{ messages: HELLO, top_p: [] }, 'top_p', 'expected a number (at /top_p)'],
    [{ messages: HELLO, stop: [1] }, 'stop[0]', 'expected a string (at /stop/0)'],
    [{ messages: HELLO, stop: 1 }, 'stop', 'expected a string or an array of strings (at /stop)'],
    [{ messages: HELLO, n: 0 }, 'n', 'expected a whole number of at least 1 (at /n)'],
    [{ messages: HELLO, n: 1.5 }, 'n', 'expected a whole number of at least 1 (at /n)'],
    [{ messages: HELLO, metadata: 'x' }, 'metadata', 'expected an object (at /metadata)'],
    [{ messages: HELLO, service_tier: 1 }, 'service_tier', 'expected a string (at /service_tier)'],
    [{ messages: HELLO, stream_options: true }, 'stream_options', 'expected an object (at /stream_options)'],
    [{ messages: HELLO, logit_bias: [] }, 'logit_bias', 'expected an object (at /logit_bias)'],
    [{ messages: HELLO, logit_bias: { '1': 'x' } }, 'logit_bias[1]', 'expected a number (at /logit_bias/1)'],
    [{ messages: HELLO, seed: 'x' }, 'seed', 'expected a number (at /seed)'],
    [{ messages: HELLO, top_k: 'x' }, 'top_k', 'expected a number (at /top_k)'],
    [{ messages: HELLO, repetition_penalty: 'x' }, 'repetition_penalty', 'expected a number (at /repetition_penalty)'],
    [{ messages: HELLO, logprobs: 1 }, 'logprobs', 'expected true or false (at /logprobs)'],
  ])('%j', (body, param, message) => {
    let failure: unknown
    try {
      openaiChat.serve.decodeRequest(body, { headers: {} })
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(FailureError)
    const told = (failure as FailureError).failure
    expect(told).toMatchObject({ kind: 'invalid_request', scope: 'request', phase: 'unsent', retry: 'never' })
    expect(openaiChat.serve.encodeError(told)).toEqual({
      status: 400,
      headers: {},
      body: { error: { message, type: 'invalid_request_error', param, code: null } },
    })
  })
})
