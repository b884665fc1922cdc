import { escapeText, type Annotation, type PivotEvent, type PivotItem } from '@dragoman/protocol'
import { chunks } from './chunks.js'
import type { ReasoningStep, RefusalStep, TextStep } from './scene.js'
import type { Stage } from './stage.js'
import { estimateTokens } from './tokens.js'

/** A message: item and part announced, deltas, part and item done. */
export function* playText(step: TextStep, stage: Stage): Generator<PivotEvent> {
  const id = stage.context.newId('msg')
  const output_index = stage.nextIndex++
  const place = { item_id: id, output_index, content_index: 0 }
  const about = { id, type: 'message', role: 'assistant', ...(step.phase === undefined ? {} : { phase: step.phase }) }
  yield { type: 'response.output_item.added', output_index, item: { ...about, status: 'in_progress', content: [] } }
  yield { type: 'response.content_part.added', ...place, part: textPart('', []) }

  let text = ''
  function* say(piece: string): Generator<PivotEvent> {
    text += piece
    yield { type: 'response.output_text.delta', ...place, escaped: escapeText(piece), logprobs: [] }
  }
  for (const piece of chunks(step.text, step.chunkSize)) yield* say(piece)
  const annotations: Annotation[] = []
  for (const { url, title } of [...(step.citations ?? []), ...stage.citations]) {
    const link = ` ([${title}](${url}))`
    const start_index = text.length + 1
    yield* say(link)
    const annotation = { type: 'url_citation', url, title, start_index, end_index: text.length }
    const annotation_index = annotations.push(annotation) - 1
    yield { type: 'response.output_text.annotation.added', ...place, annotation_index, annotation }
  }
  stage.citations = []
  stage.outputCharacters += text.length
  if (step.unfinished === true) return

  const part = textPart(text, annotations)
  yield { type: 'response.output_text.done', ...place, text, logprobs: [] }
  yield { type: 'response.content_part.done', ...place, part }
  yield done(stage, output_index, { ...about, status: stage.doneStatus, content: [part] })
}

export function* playRefusal(step: RefusalStep, stage: Stage): Generator<PivotEvent> {
  const id = stage.context.newId('msg')
  const output_index = stage.nextIndex++
  const place = { item_id: id, output_index, content_index: 0 }
  const about = { id, type: 'message', role: 'assistant' }
  yield { type: 'response.output_item.added', output_index, item: { ...about, status: 'in_progress', content: [] } }
  yield { type: 'response.content_part.added', ...place, part: { type: 'refusal', refusal: '' } }
  for (const piece of chunks(step.text, step.chunkSize)) {
    yield { type: 'response.refusal.delta', ...place, escaped: escapeText(piece) }
  }
  stage.outputCharacters += step.text.length
  const part = { type: 'refusal', refusal: step.text }
  yield { type: 'response.refusal.done', ...place, refusal: step.text }
  yield { type: 'response.content_part.done', ...place, part }
  yield done(stage, output_index, { ...about, status: stage.doneStatus, content: [part] })
}

/** A reasoning item: its summary part by part, then its raw text if it shows any. */
export function* playReasoning(step: ReasoningStep, stage: Stage): Generator<PivotEvent> {
  const id = stage.context.newId('rs')
  const output_index = stage.nextIndex++
  const sealed = step.sealed === true ? { encrypted_content: stage.context.seal('reasoning') } : {}
  yield {
    type: 'response.output_item.added',
    output_index,
    item: { id, type: 'reasoning', ...sealed, summary: [] },
  }
  const summaries = typeof step.summary === 'string' ? [step.summary] : (step.summary ?? [])
  for (const [summary_index, text] of summaries.entries()) {
    const place = { item_id: id, output_index, summary_index }
    yield { type: 'response.reasoning_summary_part.added', ...place, part: { type: 'summary_text', text: '' } }
    for (const piece of chunks(text, step.chunkSize)) {
      yield { type: 'response.reasoning_summary_text.delta', ...place, escaped: escapeText(piece) }
    }
    yield { type: 'response.reasoning_summary_text.done', ...place, text }
    yield { type: 'response.reasoning_summary_part.done', ...place, part: { type: 'summary_text', text } }
  }
  const { text } = step
  if (text !== undefined) {
    const place = { item_id: id, output_index, content_index: 0 }
    yield { type: 'response.content_part.added', ...place, part: { type: 'reasoning_text', text: '' } }
    for (const piece of chunks(text, step.chunkSize)) {
      yield { type: 'response.reasoning_text.delta', ...place, escaped: escapeText(piece) }
    }
    yield { type: 'response.reasoning_text.done', ...place, text }
    yield { type: 'response.content_part.done', ...place, part: { type: 'reasoning_text', text } }
  }
  // A model thinks more than its summary tells; the count is never zero.
  stage.reasoningTokens += 64 + estimateTokens(summaries.join('') + (text ?? ''))
  yield done(stage, output_index, {
    id,
    type: 'reasoning',
    ...sealed,
    summary: summaries.map((summary) => ({ type: 'summary_text', text: summary })),
    ...(text === undefined ? {} : { content: [{ type: 'reasoning_text', text }] }),
  })
}

/** The event that ends an item, which also puts it into the response's output. */
export function done(stage: Stage, output_index: number, item: PivotItem): PivotEvent {
  stage.output.push(item)
  return { type: 'response.output_item.done', output_index, item }
}

function textPart(text: string, annotations: readonly Annotation[]) {
  return { type: 'output_text', annotations: [...annotations], logprobs: [], text }
}
