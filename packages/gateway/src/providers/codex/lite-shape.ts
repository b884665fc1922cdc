import type { Note, Translated } from '@dragoman/protocol'

/** Marks a request of the lite shape over HTTP (upstream-codex 0.2). */
export const LITE_HEADER = 'x-openai-internal-codex-responses-lite'

type Body = Record<string, unknown>

/** Has it the lite shape already? Its tools are then its first input item, and the field `tools` is absent. */
export function isLite(body: Readonly<Body>): boolean {
  return body['tools'] === undefined && additionalTools(inputOf(body)[0]) !== undefined
}

/**
 * A request in the shape that newer models take (upstream-codex 0.2 and 2.3, recordings codex-03 and codex-06): the tools, hosted
 * ones too, are the first input item, the instructions a developer message after it, reasoning reaches over all turns, and calls come one at a
 * time. A request that has the shape already stays as it is. `tool_choice` stays: the shape has the field, though the
 * official client never says anything but `auto` in it.
 */
export function liteShape(body: Readonly<Body>): Translated<Body> {
  if (isLite(body)) return { value: { ...body }, receipt: [] }
  const { tools, instructions, reasoning, ...rest } = body
  const [first, ...others] = inputOf(body)
  const brought = additionalTools(first)
  const receipt: Note[] = []
  if (body['parallel_tool_calls'] === true) {
    receipt.push({
      pointer: '/parallel_tool_calls',
      what: 'approximated',
      why: `${String(body['model'])} calls one tool at a time on the Codex backend`,
    })
  }
  const declared = Array.isArray(tools) ? (tools as unknown[]) : []
  const input = [
    brought === undefined
      ? { type: 'additional_tools', role: 'developer', tools: declared }
      : { ...(first as Body), tools: [...brought, ...declared] },
    ...(typeof instructions === 'string' && instructions !== ''
      ? [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: instructions }] }]
      : []),
    ...(brought === undefined && first !== undefined ? [first] : []),
    ...others,
  ]
  return {
    value: {
      ...rest,
      input,
      parallel_tool_calls: false,
      reasoning: { ...(isRecord(reasoning) ? reasoning : {}), context: 'all_turns' },
    },
    receipt,
  }
}

function inputOf(body: Readonly<Body>): unknown[] {
  return Array.isArray(body['input']) ? (body['input'] as unknown[]) : []
}

function additionalTools(item: unknown): unknown[] | undefined {
  if (!isRecord(item) || item['type'] !== 'additional_tools') return undefined
  return Array.isArray(item['tools']) ? (item['tools'] as unknown[]) : []
}

function isRecord(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
