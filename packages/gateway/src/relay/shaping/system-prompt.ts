import { invalidRequest, type Failure, type MessageItem, type PivotItem, type PivotRequest } from '@dragoman/protocol'
import { SYSTEM_PROMPT_STRATEGIES, type Config } from '../../config/index.js'

export type SystemPromptStrategy = Config['model']['system_prompt_strategy']

const HEADER = 'x-dragoman-system-prompt-strategy'

/**
 * What the request itself chooses; undefined when it chooses nothing or may not.
 * @returns a failure that names the choices when it may choose and chose something else
 */
export function chosenStrategy(
  headers: Readonly<Record<string, string | undefined>>,
  allowed: boolean,
): SystemPromptStrategy | Failure | undefined {
  const said = headers[HEADER]?.trim()
  if (!allowed || said === undefined || said === '') return undefined
  return (
    SYSTEM_PROMPT_STRATEGIES.find((strategy) => strategy === said) ??
    invalidRequest(
      '',
      `the header ${HEADER} takes ${SYSTEM_PROMPT_STRATEGIES.join(', ')}; it said ${JSON.stringify(said)}`,
    )
  )
}

/** A request whose input got or lost items at its front: item `n` of the old input is item `n + shift` of the new one. */
export interface Placed {
  request: PivotRequest
  shift: number
}

/**
 * The texts of the system messages at the front, moved into `instructions` behind what stands there. System messages
 * further on stay where they are: their place is part of what they say.
 *
 * The same messages give the same bytes in every turn: messages are parted by an empty line, the parts of one by a line
 * end, and nothing that may come and go between turns (a cache mark) decides what moves.
 */
export function systemTextsToInstructions(request: PivotRequest): Placed {
  const texts: string[] = []
  for (const item of request.input) {
    const text = movableText(item)
    if (text === undefined) break
    texts.push(text)
  }
  // A request of nothing but system words keeps them as its input; the upstream refuses an empty one.
  if (texts.length === 0 || texts.length === request.input.length) return { request, shift: 0 }
  const before = request.instructions == null || request.instructions === '' ? [] : [request.instructions]
  return {
    request: {
      ...request,
      instructions: [...before, ...texts].join('\n\n'),
      input: request.input.slice(texts.length),
    },
    shift: -texts.length,
  }
}

/** `instructions` as the first message of the input instead. */
export function instructionsToMessage(request: PivotRequest): Placed {
  const { instructions, ...rest } = request
  if (instructions == null || instructions === '') return { request, shift: 0 }
  return { request: { ...rest, input: [developerMessage([instructions]), ...request.input] }, shift: 1 }
}

export function developerMessage(texts: readonly string[]): MessageItem {
  return { type: 'message', role: 'developer', content: texts.map((text) => ({ type: 'input_text', text })) }
}

/** What dialects keep beside a system message and `instructions` needs not: its role's name, marks for another vendor's cache. */
const NEEDLESS: ReadonlySet<string> = new Set(['role', 'cache_control'])

/** The text of a system message that is nothing but text. */
function movableText(item: PivotItem): string | undefined {
  if (item.type !== 'message' || (item['role'] !== 'developer' && item['role'] !== 'system')) return undefined
  const { content, extra } = item as MessageItem
  if (Object.values(extra ?? {}).some((fields) => Object.keys(fields).some((field) => !NEEDLESS.has(field)))) {
    return undefined
  }
  if (typeof content === 'string') return content
  const texts = content.map((part) => (part.type === 'input_text' ? part.text : undefined))
  return texts.length === 0 || texts.includes(undefined) ? undefined : texts.join('\n')
}
