import { describe, expect, test } from 'vitest'
import { endingOf, finishReason } from './finish-reason.js'
import { geminiUsage, pivotUsage, usageBeside } from './usage.js'

describe('counts', () => {
  test.each<[string, Record<string, unknown>]>([
    ['of a plain answer', { promptTokenCount: 9, candidatesTokenCount: 3, totalTokenCount: 12 }],
    [
      'of a cached prompt and thoughts',
      {
        promptTokenCount: 9,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 5,
        totalTokenCount: 17,
      },
    ],
    [
      'of tool prompts, and by kind',
      {
        promptTokenCount: 9,
        toolUsePromptTokenCount: 2,
        candidatesTokenCount: 3,
        totalTokenCount: 14,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
      },
    ],
  ])('%s come back as they were', (_, counts) => {
    const usage = pivotUsage(counts)!
    expect(usage.input_tokens + usage.output_tokens).toBe(counts['totalTokenCount'])
    expect(geminiUsage({ usage, extra: { gemini: { usage: usageBeside(counts) } } })).toEqual(counts)
  })

  test('of another upstream: cached is part of the prompt, thoughts are no part of the answer', () => {
    const usage = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 8 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 17,
    }
    expect(geminiUsage({ usage })).toEqual({
      promptTokenCount: 10,
      cachedContentTokenCount: 8,
      candidatesTokenCount: 2,
      thoughtsTokenCount: 5,
      totalTokenCount: 17,
    })
    expect(geminiUsage({ usage: null })).toBeUndefined()
    expect(pivotUsage({})).toBeUndefined()
  })
})

describe('why an answer ended', () => {
  // Every word of the official SDK's FinishReason.
  test.each([
    'STOP',
    'MAX_TOKENS',
    'SAFETY',
    'RECITATION',
    'LANGUAGE',
    'OTHER',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'MALFORMED_FUNCTION_CALL',
    'IMAGE_SAFETY',
    'UNEXPECTED_TOOL_CALL',
    'TOO_MANY_TOOL_CALLS',
    'IMAGE_PROHIBITED_CONTENT',
    'NO_IMAGE',
    'IMAGE_RECITATION',
    'IMAGE_OTHER',
    'CONTINUATION',
  ])('%s is told as its upstream said it', (reason) => {
    expect(finishReason({ ...endingOf(reason), extra: { gemini: { finishReason: reason } } }, false)).toBe(reason)
    // Without the word itself it is at least no ending of another kind.
    const told = finishReason(endingOf(reason), false)
    expect(told === 'STOP').toBe(reason === 'STOP')
    expect(told === 'MAX_TOKENS').toBe(reason === 'MAX_TOKENS')
  })

  test.each([
    ['max_output_tokens', 'MAX_TOKENS'],
    ['max_tokens', 'MAX_TOKENS'],
    ['model_context_window_exceeded', 'MAX_TOKENS'],
    ['content_filter', 'SAFETY'],
    ['pause_turn', 'OTHER'],
  ])('%s of another upstream is %s', (reason, expected) => {
    expect(finishReason({ status: 'incomplete', incomplete_details: { reason } }, false)).toBe(expected)
  })

  test('a refusal is a matter of safety', () => {
    expect(finishReason({ status: 'completed' }, true)).toBe('SAFETY')
    expect(finishReason({ status: 'completed' }, false)).toBe('STOP')
  })
})
