import {
  isTerminal,
  unreachable,
  type PivotEvent,
  type PivotResponse,
  type ResponseError,
  type Usage,
} from '@dragoman/protocol'
import { pivotEvent } from './pivot-event.js'
import { playCompaction, playImage, playToolCalls, playWebSearch } from './play-calls.js'
import { playReasoning, playRefusal, playText } from './play-messages.js'
import { responseObject } from './response-object.js'
import type { Scene, Step, UsageStep } from './scene.js'
import type { Beat, PlayContext, Stage } from './stage.js'
import { estimateTokens, estimateTokensOf } from './tokens.js'

/**
 * Plays a scene: its events in order, each with the time it waits for.
 * Lazy, so that a long scene costs nothing before it is heard. A played scene has exactly one terminal event unless its steps say otherwise.
 */
export function* play(scene: Scene, context: PlayContext): Generator<Beat> {
  const stage: Stage = {
    context,
    output: [],
    nextIndex: 0,
    outputCharacters: 0,
    reasoningTokens: 0,
    citations: [],
    doneStatus: 'completed',
  }
  const facts = { id: context.newId('resp'), createdAt: Math.floor(context.now() / 1000) }
  const response = (changes?: Partial<PivotResponse>) => responseObject(context.request, facts, changes)

  let waitMs = 0
  let deltaMs = 0
  let gate: string | undefined
  let usage: UsageStep = { type: 'usage' }
  let begun = false
  let verbatim = false
  let ended = false

  function beat(event: PivotEvent, more: Pick<Beat, 'json' | 'bytes'> = {}): Beat {
    const timed: Beat = { afterMs: waitMs + (isDelta(event) ? deltaMs : 0), event, ...more }
    if (gate !== undefined) timed.gate = gate
    waitMs = 0
    gate = undefined
    ended ||= isTerminal(event)
    return timed
  }
  function* begin(): Generator<Beat> {
    if (begun) return
    begun = true
    yield beat({ type: 'response.created', response: response() })
    yield beat({ type: 'response.in_progress', response: response() })
  }
  function* speak(events: Iterable<PivotEvent>): Generator<Beat> {
    yield* begin()
    for (const event of events) yield beat(event)
  }
  function terminal(changes: Partial<PivotResponse>): Partial<PivotResponse> {
    const output = context.emptyOutputInCompleted === true ? [] : stage.output
    return { output, usage: usage.absent === true ? null : counted(stage, usage), ...changes }
  }

  for (const [index, step] of scene.entries()) {
    stage.doneStatus = scene[index + 1]?.type === 'incomplete' ? 'incomplete' : 'completed'
    switch (step.type) {
      case 'pace':
        deltaMs = step.deltaMs ?? deltaMs
        waitMs += step.firstByteMs ?? 0
        break
      case 'pause':
        waitMs += step.ms
        break
      case 'gate':
        gate = step.name
        break
      case 'usage':
        usage = { ...usage, ...step }
        break
      case 'replay':
        verbatim = begun = true
        for (const line of step.lines) if (line.trim() !== '') yield beat(pivotEvent(line), { json: line })
        break
      case 'raw': {
        verbatim = begun = true
        const bytes = typeof step.bytes === 'string' ? new TextEncoder().encode(step.bytes) : step.bytes
        yield beat({ type: 'other', name: '' }, { bytes })
        break
      }
      case 'incomplete':
        yield* speak([
          {
            type: 'response.incomplete',
            response: response(terminal({ status: 'incomplete', incomplete_details: { reason: step.reason } })),
          },
        ])
        break
      case 'failed': {
        const error: ResponseError = { code: step.code, message: step.message, ...step.more }
        yield* speak([
          { type: 'response.failed', response: response({ ...terminal({ status: 'failed', error }), usage: null }) },
        ])
        break
      }
      case 'error': {
        yield* begin()
        const told = { code: step.code, message: step.message, param: null }
        const status = step.status === undefined ? {} : { status: step.status }
        const wire =
          step.form === 'flat'
            ? { type: 'error', ...told, ...step.more, ...status }
            : {
                type: 'error',
                ...status,
                error: { type: 'server_error', ...told, ...step.more },
                headers: step.headers,
              }
        yield beat({ type: 'error', ...told, ...status }, { json: JSON.stringify(wire) })
        break
      }
      case 'event':
        yield* begin()
        // An error is told in two shapes, of which the pivot has one; it goes out as it was written.
        yield beat(
          pivotEvent(JSON.stringify(step.event)),
          step.event.type === 'error' ? { json: JSON.stringify(step.event) } : {},
        )
        break
      default:
        yield* speak(spoken(step, stage))
    }
  }
  if (ended || verbatim) return
  yield* speak([])
  yield beat({
    type: 'response.completed',
    response: response(
      terminal({
        status: 'completed',
        completed_at: Math.floor(context.now() / 1000),
        service_tier: context.request.service_tier === 'priority' ? 'priority' : 'default',
      }),
    ),
  })
}

type SpokenStep = Extract<
  Step,
  { type: 'text' | 'refusal' | 'reasoning' | 'toolCalls' | 'image' | 'webSearch' | 'compaction' }
>

function spoken(step: SpokenStep, stage: Stage): Generator<PivotEvent> {
  switch (step.type) {
    case 'text':
      return playText(step, stage)
    case 'refusal':
      return playRefusal(step, stage)
    case 'reasoning':
      return playReasoning(step, stage)
    case 'toolCalls':
      return playToolCalls(step, stage)
    case 'image':
      return playImage(step, stage)
    case 'webSearch':
      return playWebSearch(step, stage)
    case 'compaction':
      return playCompaction(stage)
    default:
      return unreachable(step)
  }
}

function isDelta(event: PivotEvent): boolean {
  return 'escaped' in event || event.type === 'response.image_generation_call.partial_image'
}

function counted(stage: Stage, given: UsageStep): Usage {
  const { request } = stage.context
  const reasoning = given.reasoningTokens ?? stage.reasoningTokens
  const input = given.inputTokens ?? promptTokens(request)
  const output = given.outputTokens ?? estimateTokensOf(stage.outputCharacters) + reasoning
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: Math.min(input, given.cachedTokens ?? stage.context.cachedTokens ?? 0) },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  }
}

/** The prompt's size by the estimate: instructions, tools and input as JSON. */
function promptTokens({ instructions, tools, input }: PlayContext['request']): number {
  return estimateTokens((instructions ?? '') + JSON.stringify(tools ?? '') + JSON.stringify(input))
}
