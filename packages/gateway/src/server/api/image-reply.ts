import {
  FailureError,
  isKnownItem,
  safeText,
  type ImageGenerationCallItem,
  type PivotItem,
  type PivotResponse,
} from '@dragoman/protocol'
import type { ImageWish } from './image-request.js'

/** A picture and what is known of it. */
export interface Picture {
  base64: string
  revisedPrompt?: string
  usage: ImageUsage
  /** As it came out, where the upstream said so, else as it was asked for. */
  look: Look
}

export interface Look {
  background: string
  output_format: string
  quality: string
  size: string
}

/** Source: OpenAI API reference, images, `usage`. */
export interface ImageUsage {
  input_tokens: number
  input_tokens_details: { image_tokens: number; text_tokens: number }
  output_tokens: number
  output_tokens_details?: { image_tokens: number; text_tokens: number }
  total_tokens: number
}

/**
 * The picture in a hosted answer; the last one, where the model was not content with its first.
 * @throws FailureError `image_generation_failed` with the model's words, when it made none
 */
export function pictureOf(response: PivotResponse, tool: ImageWish['tool']): Picture {
  const call = response.output.findLast(hasPicture)
  if (call === undefined) throw noPicture(response)
  return {
    base64: call.result,
    ...(typeof call.revised_prompt === 'string' ? { revisedPrompt: call.revised_prompt } : {}),
    usage: usageOf(response),
    look: lookOf(tool, call),
  }
}

/** How the picture was asked for, and better, how it came out. */
export function lookOf(tool: ImageWish['tool'], call?: object): Look {
  const told = (call ?? {}) as Partial<Record<keyof Look, unknown>>
  const word = (field: keyof Look, otherwise: string): string => {
    const value = told[field]
    return typeof value === 'string' && value !== '' ? value : (tool[field] ?? otherwise)
  }
  return {
    background: word('background', 'auto'),
    output_format: word('output_format', 'png'),
    quality: word('quality', 'auto'),
    size: word('size', 'auto'),
  }
}

/** The body of the image routes. Several pictures were several answers, so their tokens add up. */
export function imagesBody(pictures: readonly Picture[], created: number, form: ImageWish['form']): object {
  const look = pictures[0]?.look
  return {
    created,
    ...look,
    data: pictures.map(({ base64, revisedPrompt, look: { output_format } }) => ({
      ...(form === 'url' ? { url: `data:image/${output_format};base64,${base64}` } : { b64_json: base64 }),
      ...(revisedPrompt === undefined ? {} : { revised_prompt: revisedPrompt }),
    })),
    usage: pictures.map(({ usage }) => usage).reduce(sum),
  }
}

function hasPicture(item: PivotItem): item is ImageGenerationCallItem & { result: string } {
  return item.type === 'image_generation_call' && typeof item['result'] === 'string' && item['result'] !== ''
}

/**
 * The image tool's own tokens, which the backend tells in `tool_usage` (seen 2026-08); where it does not, those of the model
 * that used the tool.
 */
function usageOf(response: PivotResponse): ImageUsage {
  const told = fields(fields(response['tool_usage'])?.['image_gen'])
  if (told !== undefined && count(told['total_tokens']) > 0) {
    return {
      input_tokens: count(told['input_tokens']),
      input_tokens_details: details(told['input_tokens_details'], count(told['input_tokens'])),
      output_tokens: count(told['output_tokens']),
      ...(fields(told['output_tokens_details']) === undefined
        ? {}
        : { output_tokens_details: details(told['output_tokens_details'], 0) }),
      total_tokens: count(told['total_tokens']),
    }
  }
  const input = response.usage?.input_tokens ?? 0
  return {
    input_tokens: input,
    input_tokens_details: { image_tokens: 0, text_tokens: input },
    output_tokens: response.usage?.output_tokens ?? 0,
    total_tokens: response.usage?.total_tokens ?? 0,
  }
}

function details(value: unknown, text: number): ImageUsage['input_tokens_details'] {
  const told = fields(value)
  return {
    image_tokens: count(told?.['image_tokens']),
    text_tokens: told === undefined ? text : count(told['text_tokens']),
  }
}

function sum(a: ImageUsage, b: ImageUsage): ImageUsage {
  const both = (one: ImageUsage['input_tokens_details'], other: ImageUsage['input_tokens_details']) => ({
    image_tokens: one.image_tokens + other.image_tokens,
    text_tokens: one.text_tokens + other.text_tokens,
  })
  const output = a.output_tokens_details
  return {
    input_tokens: a.input_tokens + b.input_tokens,
    input_tokens_details: both(a.input_tokens_details, b.input_tokens_details),
    output_tokens: a.output_tokens + b.output_tokens,
    ...(output === undefined || b.output_tokens_details === undefined
      ? {}
      : { output_tokens_details: both(output, b.output_tokens_details) }),
    total_tokens: a.total_tokens + b.total_tokens,
  }
}

function noPicture(response: PivotResponse): FailureError {
  const words = response.output.flatMap(wordsOf).join(' ').trim()
  const reason = response.incomplete_details?.reason
  return new FailureError({
    kind: 'internal',
    scope: 'model',
    phase: 'committed',
    retry: 'never',
    code: 'image_generation_failed',
    message: safeText(
      words !== ''
        ? `the model made no picture, it said: ${words}`
        : `the model made no picture and did not say why${reason == null ? '' : ` (${reason})`}`,
    ),
  })
}

function wordsOf(item: PivotItem): string[] {
  if (!isKnownItem(item) || item.type !== 'message' || typeof item.content === 'string') return []
  return item.content.flatMap((part) =>
    part.type === 'output_text' ? [part.text] : part.type === 'refusal' ? [part.refusal] : [],
  )
}

function fields(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

function count(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : 0
}
