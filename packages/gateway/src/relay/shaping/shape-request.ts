import { unreachable, type DialectId, type Failure, type Note, type PivotRequest } from '@dragoman/protocol'
import type { Config } from '../../config/index.js'
import { defaultTools, withDefaultTools } from './default-tools.js'
import { withDesktopWords } from './desktop-words.js'
import { isNativeCodexClient } from './native-client.js'
import {
  chosenStrategy,
  instructionsToMessage,
  systemTextsToInstructions,
  type Placed,
  type SystemPromptStrategy,
} from './system-prompt.js'

/** The part of the configuration that adds to requests, or puts what they say elsewhere. */
export type ShapingSettings = Pick<
  Config['model'],
  | 'default_tools'
  | 'system_prompt_strategy'
  | 'allow_client_system_prompt_strategy'
  | 'inject_desktop_context'
  | 'suppress_desktop_directives'
>

export interface ShapingAbout {
  /** Id of the client's protocol. */
  dialect: string
  task?: 'compact' | undefined
  /** The client's, in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  key: { defaultTools?: readonly string[] }
  settings: ShapingSettings
  /** Id of the provider that will be asked. */
  provider: string
}

export interface Shaped {
  request: PivotRequest
  /** Pointers into the request as it came, in the pivot's names, as a call encoder's. */
  notes: Note[]
  /** Items that the input got at its front; below zero, that it lost there. For pointers of the call encoder, see `clientNotes`. */
  shift: number
}

const CONVERSATIONS: ReadonlySet<string> = new Set<DialectId>([
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'ollama',
])

/**
 * What the configuration and the client key add to a request: hosted tools, the place of the system prompt, words about the
 * desktop application. Pure: the same request and settings give the same bytes, turn by turn, so that prompt caches hold. To be
 * applied to what goes upstream only; what is kept of a conversation is the request as it came, or the words would add up.
 *
 * Only the Codex backend is asked for these things; the demo would not notice. Only conversations are shaped: a request for a picture
 * brings the one tool that it means. And not their compaction, whose answer the client keeps: words of ours would come back in it.
 *
 * The Codex client's own requests stay as they are. It knows the backend, tells it its surroundings itself and has a setting of
 * its own for web search, so what the configuration says to all clients is not meant for it. What is said to it alone counts: hosted
 * tools of its key, and a strategy that it asks for by header.
 * @returns a failure when a header of the request says what it cannot say
 */
export function shapeRequest(request: PivotRequest, about: ShapingAbout): Shaped | Failure {
  const { headers, settings, key } = about
  const chosen = chosenStrategy(headers, settings.allow_client_system_prompt_strategy)
  if (typeof chosen === 'object') return chosen
  if (about.provider !== 'codex' || about.task === 'compact' || !CONVERSATIONS.has(about.dialect)) {
    return { request, notes: [], shift: 0 }
  }

  const native = isNativeCodexClient(request, about.dialect, headers)
  const tools = defaultTools(headers, key.defaultTools, native ? [] : settings.default_tools)
  const strategy = chosen ?? (native ? undefined : settings.system_prompt_strategy)
  const notes: Note[] = []

  const tooled = withDefaultTools(request, tools)
  const prompt = placePrompt(tooled, strategy, about.dialect, notes)
  const desktop = withDesktopWords(prompt.request, {
    context: settings.inject_desktop_context && !native,
    noDirectives: settings.suppress_desktop_directives && !native,
  })
  return { request: desktop.request, notes, shift: prompt.shift + desktop.shift }
}

function placePrompt(
  request: PivotRequest,
  strategy: SystemPromptStrategy | undefined,
  dialect: string,
  notes: Note[],
): Placed {
  switch (strategy) {
    case undefined:
      return { request, shift: 0 }
    case 'instructions':
      // A client of the Responses API has both places and chose one.
      return dialect === 'openai-responses' ? { request, shift: 0 } : systemTextsToInstructions(request)
    case 'developer_inline':
      return instructionsToMessage(request)
    case 'system_inline': {
      const placed = instructionsToMessage(request)
      if (placed.shift !== 0) {
        notes.push({
          pointer: '/instructions',
          what: 'emulated',
          why: 'the Codex backend takes developer where system_inline says system',
        })
      }
      return placed
    }
    default:
      return unreachable(strategy)
  }
}
