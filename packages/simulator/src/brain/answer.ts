import type { PivotEvent, PivotRequest } from '@dragoman/protocol'
import { play, playContext, type PlayContext, type Scene, type Step } from '../scene/index.js'
import { chooseCalls } from './choose-calls.js'
import { readRequest, type Reading } from './read-request.js'
import { sampleJson } from './sample-json.js'
import { testCard } from './test-card.js'
import { sayAfterTools, sayHello, thinking, type Voice } from './voice.js'

export interface BrainOptions {
  /** Who speaks: the simulator of tests (`echo`, default) or the demo that a new user meets. */
  voice?: Voice
}

/**
 * A sensible scene for a request, without any model: it calls the tools that are asked for, tells what they returned, fills JSON schemas, draws a
 * test card, and otherwise repeats what the user wrote, honest about being no model.
 *
 * A call is made only right after the user spoke, so that an agent's loop ends, even with `tool_choice: required`.
 */
export function sceneFor(request: PivotRequest, options: BrainOptions = {}): Scene {
  const voice = options.voice ?? 'echo'
  const reading = readRequest(request)
  if (reading.lastItemType === 'compaction_trigger') return [{ type: 'compaction' }]

  const scene: Step[] = [...reasoning(request, voice)]
  if (reading.outputs.length > 0) return [...scene, { type: 'text', text: sayAfterTools(voice, reading.outputs) }]

  const calls = chooseCalls(request, reading, voice === 'demo')
  if (calls.length > 0) return [...scene, { type: 'toolCalls', calls }]

  const format = request.text?.format
  if (format?.type === 'json_schema') {
    return [...scene, { type: 'text', text: JSON.stringify(sampleJson(format.schema)) }]
  }
  if (format?.type === 'json_object') {
    return [...scene, { type: 'text', text: JSON.stringify({ answer: sayHello(voice, reading) }) }]
  }
  return [...scene, ...hosted(request, reading), { type: 'text', text: sayHello(voice, reading) }]
}

/** The events of the answer, all at once. */
export function answerEvents(request: PivotRequest, options: BrainOptions & Partial<PlayContext> = {}): PivotEvent[] {
  const { voice, ...context } = options
  const scene = sceneFor(request, voice === undefined ? {} : { voice })
  return Array.from(play(scene, playContext(request, context)), ({ event }) => event)
}

function reasoning(request: PivotRequest, voice: Voice): Step[] {
  const { effort, summary } = request.reasoning ?? {}
  const thinks = effort !== undefined && effort !== null && effort !== 'none' && effort !== 'minimal'
  const tells = summary !== undefined && summary !== null && summary !== 'none'
  if (!thinks && !tells) return []
  const sealed = request.include?.includes('reasoning.encrypted_content') === true
  return [{ type: 'reasoning', summary: tells ? [thinking(voice)] : [], sealed }]
}

function hosted(request: PivotRequest, reading: Reading): Step[] {
  const choice = request.tool_choice
  const demanded = (tool: string) => typeof choice === 'object' && choice.type.startsWith(tool)
  const steps: Step[] = []
  if (choice === 'none') return steps
  if (reading.hosted.has('web_search') && (demanded('web_search') || /\bsearch|look up\b/i.test(reading.userText))) {
    steps.push({
      type: 'webSearch',
      query: reading.userText.slice(0, 100),
      citations: [{ url: 'https://example.com/', title: 'Example Domain' }],
    })
  }
  if (
    reading.hosted.has('image_generation') &&
    (demanded('image_generation') || /\b(image|picture|draw|paint|photo|logo)/i.test(reading.userText))
  ) {
    const tool = request.tools?.find(({ type }) => type === 'image_generation')
    const wanted = Math.min(3, Number((tool as { partial_images?: unknown } | undefined)?.partial_images ?? 0))
    steps.push({
      type: 'image',
      partials: Array.from({ length: wanted }, (_, n) => testCard(70, 40, Math.floor((40 * (n + 1)) / (wanted + 1)))),
      result: testCard(),
      revisedPrompt: reading.userText.slice(0, 200),
    })
  }
  return steps
}
