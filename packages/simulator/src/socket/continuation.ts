import { isDeepStrictEqual } from 'node:util'
import type { PivotItem } from '@dragoman/protocol'
import { badValue } from '../codex/refusal.js'
import type { Beat } from '../scene/index.js'

type Body = Readonly<Record<string, unknown>>

/** The newest response of a connection: what a later frame may continue. */
export interface Remembered {
  id: string
  /** The whole request, continued input included. */
  request: Body
  output: readonly PivotItem[]
}

/** A frame may send the rest of a conversation only while all of these stay what they were. Source: upstream notes 4.2. */
const CONSTANT = [
  'model',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'store',
  'stream',
  'include',
  'service_tier',
  'prompt_cache_key',
  'text',
] as const

/** What only a frame has. */
const OF_FRAMES: ReadonlySet<string> = new Set(['type', 'previous_response_id', 'generate'])

/** The whole request that a frame stands for. @throws Refusal when it continues what it cannot */
export function wholeRequest(frame: Body, newest: Remembered | undefined): Body {
  const { previous_response_id: previous, input } = frame
  const own = Object.fromEntries(Object.entries(frame).filter(([name]) => !OF_FRAMES.has(name)))
  if (previous === undefined || previous === null) return own
  if (newest?.id !== previous) {
    throw badValue(
      `Previous response with id '${String(previous)}' not found.`,
      'previous_response_id',
      'previous_response_not_found',
    )
  }
  for (const field of CONSTANT) {
    if (isDeepStrictEqual(frame[field], newest.request[field])) continue
    throw badValue(`'${field}' is not that of the response that is continued.`, field, 'continuation_mismatch')
  }
  if (!Array.isArray(input)) return own
  return { ...own, input: [...(newest.request['input'] as unknown[]), ...newest.output, ...(input as unknown[])] }
}

/** Passes a played scene on, and tells what the response came to when it ends well. Anything else leaves nothing to continue. */
export function* listened(beats: Iterable<Beat>, ended: (id: string, output: PivotItem[]) => void): Generator<Beat> {
  const output: PivotItem[] = []
  for (const beat of beats) {
    const { event } = beat
    if (event.type === 'response.output_item.done') output.push(event.item)
    yield beat
    if (event.type === 'response.completed' || event.type === 'response.incomplete') ended(event.response.id, output)
  }
}
