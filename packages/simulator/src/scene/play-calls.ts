import { escapeText, type PivotEvent } from '@dragoman/protocol'
import { chunks } from './chunks.js'
import { done } from './play-messages.js'
import type { ImageStep, SceneCall, ToolCallsStep, WebSearchStep } from './scene.js'
import type { Stage } from './stage.js'

/** Arguments come in small pieces, so that a reader must put them together. */
const ARGUMENT_CHUNK = 12

/** Calls of the client's tools, one after the other or interleaved. */
export function* playToolCalls(step: ToolCallsStep, stage: Stage): Generator<PivotEvent> {
  const calls = step.calls.map((call) => toolCall(call, step.chunkSize ?? ARGUMENT_CHUNK, stage))
  if (step.interleaved !== true) {
    for (const call of calls) {
      yield call.added
      yield* call.deltas
      yield* call.finish()
    }
    return
  }
  for (const { added } of calls) yield added
  const longest = Math.max(0, ...calls.map(({ deltas }) => deltas.length))
  for (let turn = 0; turn < longest; turn += 1) {
    for (const { deltas } of calls) {
      const delta = deltas[turn]
      if (delta !== undefined) yield delta
    }
  }
  for (const call of calls) yield* call.finish()
}

interface PlayedCall {
  added: PivotEvent
  deltas: PivotEvent[]
  finish(): Generator<PivotEvent>
}

function toolCall(call: SceneCall, chunkSize: number, stage: Stage): PlayedCall {
  const custom = call.custom === true
  const id = stage.context.newId(custom ? 'ctc' : 'fc')
  const output_index = stage.nextIndex++
  const place = { item_id: id, output_index }
  const written = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
  const about = {
    id,
    type: custom ? 'custom_tool_call' : 'function_call',
    call_id: call.callId ?? stage.context.newId('call').slice(0, 29),
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
  }
  const filled = (text: string) => (custom ? { input: text } : { arguments: text })
  return {
    added: {
      type: 'response.output_item.added',
      output_index,
      item: { ...about, status: 'in_progress', ...filled('') },
    },
    deltas: chunks(written, chunkSize).map((piece) => ({
      type: custom ? 'response.custom_tool_call_input.delta' : 'response.function_call_arguments.delta',
      ...place,
      escaped: escapeText(piece),
    })),
    *finish() {
      stage.outputCharacters += written.length + call.name.length
      yield custom
        ? { type: 'response.custom_tool_call_input.done', ...place, input: written }
        : { type: 'response.function_call_arguments.done', ...place, arguments: written }
      yield done(stage, output_index, { ...about, status: stage.doneStatus, ...filled(written) })
    },
  }
}

/** The hosted image tool. Source of the ladder: the recorded `openai-image-generation-tool` stream. */
export function* playImage(step: ImageStep, stage: Stage): Generator<PivotEvent> {
  const id = stage.context.newId('ig')
  const output_index = stage.nextIndex++
  const hosted = hostedEvent('image_generation_call', id, output_index)
  yield {
    type: 'response.output_item.added',
    output_index,
    item: { id, type: 'image_generation_call', status: 'in_progress' },
  }
  yield hosted('in_progress')
  yield hosted('generating')
  for (const [partial_image_index, partial_image_b64] of (step.partials ?? []).entries()) {
    yield {
      type: 'response.image_generation_call.partial_image',
      item_id: id,
      output_index,
      partial_image_index,
      partial_image_b64,
    }
  }
  yield hosted('completed')
  yield done(stage, output_index, {
    id,
    type: 'image_generation_call',
    status: 'completed',
    output_format: step.outputFormat ?? 'png',
    result: step.result,
    revised_prompt: step.revisedPrompt ?? null,
  })
}

/** The hosted web search. Its citations wait for the text that makes use of them. */
export function* playWebSearch(step: WebSearchStep, stage: Stage): Generator<PivotEvent> {
  const id = stage.context.newId('ws')
  const output_index = stage.nextIndex++
  const hosted = hostedEvent('web_search_call', id, output_index)
  const about = { id, type: 'web_search_call', action: { type: 'search', query: step.query } }
  yield { type: 'response.output_item.added', output_index, item: { ...about, status: 'in_progress' } }
  yield hosted('in_progress')
  yield hosted('searching')
  yield hosted('completed')
  stage.citations = [...stage.citations, ...(step.citations ?? [])]
  yield done(stage, output_index, { ...about, status: 'completed' })
}

/** Remote compaction: one item that stands for the whole conversation. */
export function* playCompaction(stage: Stage): Generator<PivotEvent> {
  const output_index = stage.nextIndex++
  const item = {
    id: stage.context.newId('cmp'),
    type: 'compaction',
    encrypted_content: stage.context.seal('compaction'),
  }
  stage.outputCharacters += item.encrypted_content.length
  yield { type: 'response.output_item.added', output_index, item }
  yield done(stage, output_index, item)
}

function hostedEvent(tool: string, item_id: string, output_index: number) {
  return (state: string): PivotEvent => {
    const name = `response.${tool}.${state}`
    return { type: 'other', name, data: { type: name, output_index, item_id } }
  }
}
