import type { PivotResponse, Usage } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { usageOf } from './record.js'

const model: Usage = {
  input_tokens: 900,
  input_tokens_details: { cached_tokens: 800 },
  output_tokens: 90,
  output_tokens_details: { reasoning_tokens: 60 },
  total_tokens: 990,
}
const ofModel = { inputTokens: 900, cachedTokens: 800, outputTokens: 90, reasoningTokens: 60 }
const response = (usage: Usage | null | undefined, tool?: unknown): PivotResponse =>
  ({ id: 'resp_1', output: [], usage, ...(tool === undefined ? {} : { tool_usage: tool }) }) as unknown as PivotResponse

describe('what a response took', () => {
  test('is what the model took', () => {
    expect(usageOf(response(model))).toEqual(ofModel)
    expect(usageOf(undefined)).toBeUndefined()
    expect(usageOf(response(null))).toBeUndefined()
  })

  test('and what its image tool took, which the model does not count', () => {
    const image_gen = {
      input_tokens: 30,
      input_tokens_details: { image_tokens: 20, text_tokens: 10 },
      output_tokens: 280,
      output_tokens_details: { image_tokens: 272, text_tokens: 8 },
      total_tokens: 310,
    }
    expect(usageOf(response(model, { image_gen }))).toEqual({
      ...ofModel,
      inputTokens: 930,
      outputTokens: 370,
      imageInputTokens: 20,
      imageOutputTokens: 272,
    })
    const [inputTokens, outputTokens] = [30, 280]
    const alone = { inputTokens, outputTokens, cachedTokens: 0, reasoningTokens: 0 }
    const pictures = { imageInputTokens: 20, imageOutputTokens: 272 }
    expect(usageOf(response(undefined, { image_gen }))).toEqual({ ...alone, ...pictures })
  })

  test('all that the tool took are pictures when it does not say more', () => {
    const image_gen = { input_tokens: 30, output_tokens: 272, total_tokens: 302 }
    expect(usageOf(response(model, { image_gen }))).toMatchObject({
      inputTokens: 930,
      outputTokens: 362,
      imageInputTokens: 30,
      imageOutputTokens: 272,
    })
  })

  test.each([
    ['zeros', { image_gen: { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, web_search: { num_requests: 0 } }],
    ['another tool', { web_search: { num_requests: 1 } }],
    ['no object', 'none'],
    ['no numbers', { image_gen: { input_tokens: '30', output_tokens: null } }],
    ['what is below nothing', { image_gen: { input_tokens: -3, output_tokens: Number.NaN } }],
    ['null', { image_gen: null }],
  ])('a tool usage of %s changes nothing', (_, tool) => {
    expect(usageOf(response(model, tool))).toEqual(ofModel)
    expect(usageOf(response(undefined, tool))).toBeUndefined()
  })
})
