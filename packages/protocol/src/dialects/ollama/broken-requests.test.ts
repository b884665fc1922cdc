import { describe, expect, test } from 'vitest'
import { FailureError } from '../../failure.js'
import { ollama } from './index.js'

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
const GENERATE = { model: 'm', prompt: 'hi' }
const ROLES = "expected 'system', 'user', 'assistant' or 'tool'"
const call = (fields: object) => ({ model: 'm', messages: [{ role: 'assistant', content: '', tool_calls: [fields] }] })
const from = (role: string, fields: object) => ({ model: 'm', messages: [{ role, ...fields }] })

describe('a broken request is told what is wrong, and where', () => {
  test.each<[unknown, string]>([
    [null, 'the body must be a JSON object'],
    ['text', 'the body must be a JSON object'],
    [7, 'the body must be a JSON object'],
    [[], 'the body must be a JSON object'],
    [{ ...CHAT, model: 7 }, 'expected a string (at /model)'],
    [{ ...CHAT, stream: 'yes' }, 'expected true or false (at /stream)'],
    [{ model: 'm', messages: 'hi' }, 'expected an array (at /messages)'],
    [{ model: 'm', messages: {} }, 'expected an array (at /messages)'],
    [{ model: 'm', messages: ['hi'] }, 'expected an object (at /messages/0)'],
    [{ model: 'm', messages: [null] }, 'expected an object (at /messages/0)'],
    [{ model: 'm', messages: [{ content: 'hi' }] }, `${ROLES} (at /messages/0/role)`],
    [from('robot', {}), `${ROLES} (at /messages/0/role)`],
    [from('constructor', {}), `${ROLES} (at /messages/0/role)`],
    [{ model: 'm', messages: [{ role: 7 }] }, `${ROLES} (at /messages/0/role)`],
    [from('user', { content: 7 }), 'expected a string (at /messages/0/content)'],
    [from('user', { content: [{ type: 'text', text: 'hi' }] }), 'expected a string (at /messages/0/content)'],
    [from('system', { content: {} }), 'expected a string (at /messages/0/content)'],
    [from('tool', { content: {} }), 'expected a string (at /messages/0/content)'],
    [from('tool', { content: 'x', tool_name: 7 }), 'expected a string (at /messages/0/tool_name)'],
    [from('tool', { content: 'x', tool_call_id: 7 }), 'expected a string (at /messages/0/tool_call_id)'],
    [from('tool', { content: 'x', name: [] }), 'expected a string (at /messages/0/name)'],
    [from('assistant', { content: 7 }), 'expected a string (at /messages/0/content)'],
    [from('assistant', { thinking: true }), 'expected a string (at /messages/0/thinking)'],
    [from('user', { images: 'x' }), 'expected an array (at /messages/0/images)'],
    [from('user', { images: [7] }), 'expected a string (at /messages/0/images/0)'],
    [from('user', { images: [''] }), 'expected a picture in base64 (at /messages/0/images/0)'],
    [from('user', { images: ['aGk=', 'no base64!'] }), 'expected a picture in base64 (at /messages/0/images/1)'],
    [from('user', { images: ['a=Gk'] }), 'expected a picture in base64 (at /messages/0/images/0)'],
    [from('user', { images: ['aGkaa'] }), 'expected a picture in base64 (at /messages/0/images/0)'],
    [from('assistant', { tool_calls: {} }), 'expected an array (at /messages/0/tool_calls)'],
    [call([]), 'expected an object (at /messages/0/tool_calls/0)'],
    [call({}), 'expected an object (at /messages/0/tool_calls/0/function)'],
    [call({ function: {} }), 'expected a string that is not empty (at /messages/0/tool_calls/0/function/name)'],
    [
      call({ function: { name: '' } }),
      'expected a string that is not empty (at /messages/0/tool_calls/0/function/name)',
    ],
    [
      call({ function: { name: 'f', arguments: [] } }),
      'expected an object (at /messages/0/tool_calls/0/function/arguments)',
    ],
    [
      call({ function: { name: 'f', arguments: 7 } }),
      'expected an object (at /messages/0/tool_calls/0/function/arguments)',
    ],
    [call({ id: 7, function: { name: 'f' } }), 'expected a string (at /messages/0/tool_calls/0/id)'],
    [{ ...CHAT, tools: {} }, 'expected an array (at /tools)'],
    [{ ...CHAT, tools: [7] }, 'expected an object (at /tools/0)'],
    [{ ...CHAT, tools: [{}] }, 'expected the type of a tool (at /tools/0/type)'],
    [
      { ...CHAT, tools: [{ type: 'function', function: {} }] },
      'expected a string that is not empty (at /tools/0/function/name)',
    ],
    [
      { ...CHAT, tools: [{ type: 'function', function: { name: 'f', parameters: 7 } }] },
      'expected an object (at /tools/0/function/parameters)',
    ],
    [{ ...CHAT, think: 'a lot' }, "expected true, false, 'low', 'medium', 'high', 'xhigh' or 'max' (at /think)"],
    [{ ...CHAT, think: 7 }, "expected true, false, 'low', 'medium', 'high', 'xhigh' or 'max' (at /think)"],
    [{ ...CHAT, format: 'xml' }, "expected 'json' or a JSON schema (at /format)"],
    [{ ...CHAT, format: [] }, "expected 'json' or a JSON schema (at /format)"],
    [{ ...CHAT, format: true }, "expected 'json' or a JSON schema (at /format)"],
    [{ ...CHAT, options: [] }, 'expected an object (at /options)'],
    [{ ...CHAT, options: { temperature: 'hot' } }, 'expected a number (at /options/temperature)'],
    [{ ...CHAT, options: { top_p: {} } }, 'expected a number (at /options/top_p)'],
    [{ ...CHAT, options: { num_predict: '9' } }, 'expected a number (at /options/num_predict)'],
    [{ ...CHAT, options: { top_k: true } }, 'expected a number (at /options/top_k)'],
    [{ ...CHAT, options: { min_p: [] } }, 'expected a number (at /options/min_p)'],
    [{ ...CHAT, options: { seed: 'x' } }, 'expected a number (at /options/seed)'],
    [{ ...CHAT, options: { repeat_penalty: 'x' } }, 'expected a number (at /options/repeat_penalty)'],
    [{ ...CHAT, options: { presence_penalty: 'x' } }, 'expected a number (at /options/presence_penalty)'],
    [{ ...CHAT, options: { frequency_penalty: 'x' } }, 'expected a number (at /options/frequency_penalty)'],
    [{ ...CHAT, options: { stop: 7 } }, 'expected a string or an array of strings (at /options/stop)'],
    [{ ...CHAT, options: { stop: ['a', 7] } }, 'expected a string (at /options/stop/1)'],
    [{ ...CHAT, keep_alive: {} }, 'expected a duration (at /keep_alive)'],
    [{ ...CHAT, logprobs: 1 }, 'expected true or false (at /logprobs)'],
    [{ ...CHAT, top_logprobs: '1' }, 'expected a number (at /top_logprobs)'],
    [{ ...CHAT, truncate: 'x' }, 'expected true or false (at /truncate)'],
    [{ ...CHAT, shift: 'x' }, 'expected true or false (at /shift)'],
    [{ ...GENERATE, prompt: 7 }, 'expected a string (at /prompt)'],
    [{ ...GENERATE, system: 7 }, 'expected a string (at /system)'],
    [{ ...GENERATE, images: [7] }, 'expected a string (at /images/0)'],
    [{ ...GENERATE, images: {} }, 'expected an array (at /images)'],
    [{ ...GENERATE, raw: 'x' }, 'expected true or false (at /raw)'],
    [{ ...GENERATE, template: 7 }, 'expected a string (at /template)'],
    [{ ...GENERATE, suffix: 7 }, 'expected a string (at /suffix)'],
    [{ ...GENERATE, context: 'x' }, 'expected an array (at /context)'],
    [{ ...GENERATE, context: [1, 'x'] }, 'expected a number (at /context/1)'],
    [{ ...GENERATE, width: 'x' }, 'expected a number (at /width)'],
  ])('%j', (body, message) => {
    try {
      ollama.serve.decodeRequest(body, { headers: {} })
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      expect(error.failure).toMatchObject({ kind: 'invalid_request', retry: 'never', message })
      expect(ollama.serve.encodeError(error.failure)).toEqual({ status: 400, headers: {}, body: { error: message } })
      return
    }
    expect.unreachable('it was taken')
  })
})
