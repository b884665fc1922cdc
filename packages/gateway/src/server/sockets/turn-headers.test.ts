import { describe, expect, test } from 'vitest'
import { turnHeaders } from './turn-headers.js'

describe('what a frame’s metadata says in the place of headers', () => {
  test.each<[string, Record<string, unknown>, object, object]>([
    ['the turn state travels only here', { 'x-codex-turn-state': 't' }, { 'x-codex-turn-state': 't' }, {}],
    [
      'a time of the client’s clock is nobody’s',
      { 'x-codex-ws-stream-request-start-ms': '1' },
      { 'x-codex-ws-stream-request-start-ms': '1' },
      {},
    ],
    [
      'what HTTP says twice is said twice',
      { 'x-codex-window-id': 'w' },
      { 'x-codex-window-id': 'w' },
      { 'x-codex-window-id': 'w' },
    ],
    [
      'a header by its own mark',
      { ws_request_header_x_openai_internal_codex_responses_lite: 'true' },
      { 'x-openai-internal-codex-responses-lite': 'true' },
      {},
    ],
    ['a trace', { ws_request_header_traceparent: '00-a-b-01' }, { traceparent: '00-a-b-01' }, {}],
    ['other fields stay', { thread_id: 't', mcp_attribution: '{}' }, {}, { thread_id: 't', mcp_attribution: '{}' }],
    ['never a credential', { ws_request_header_authorization: 'Bearer x', ws_request_header_cookie: 'a' }, {}, {}],
    ['nor whose account it is', { ws_request_header_chatgpt_account_id: 'a' }, {}, {}],
    ['nor what no header can hold', { 'x-codex-window-id': 'a\r\nb: c' }, {}, { 'x-codex-window-id': 'a\r\nb: c' }],
    ['nor a number', { 'x-codex-window-id': 7 }, {}, { 'x-codex-window-id': 7 }],
  ])('%s', (_, metadata, headers, rest) => {
    expect(turnHeaders(metadata)).toEqual({ headers, rest })
  })

  test.each([undefined, null, 'x', ['x-codex-window-id']])('%j says nothing', (metadata) => {
    expect(turnHeaders(metadata)).toEqual({ headers: {}, rest: undefined })
  })
})
