import type { PivotRequest } from '@dragoman/protocol'
import type { SceneCall } from '../scene/index.js'
import type { OfferedTool, Reading } from './read-request.js'
import { sampleJson } from './sample-json.js'

/**
 * The calls that a request asks for: those that `tool_choice` demands, else the tools that the user names.
 * @param strict a name that is a plain word (`read`, `task`) counts only after a verb such as "use", because a person's sentence may contain it by chance
 */
export function chooseCalls(request: PivotRequest, reading: Reading, strict: boolean): SceneCall[] {
  const { tool_choice: choice, parallel_tool_calls: parallel } = request
  let offered = reading.tools
  let demanded = choice === 'required'
  if (choice === 'none') return []
  if (typeof choice === 'object') {
    if (choice.type === 'allowed_tools') {
      const allowed = (choice['tools'] as { name?: unknown }[]).map(({ name }) => name)
      offered = offered.filter(({ name }) => allowed.includes(name))
      demanded = choice['mode'] === 'required'
      if (choice['mode'] === 'none') return []
    } else {
      const { name } = choice as { name?: unknown }
      offered = offered.filter((tool) => tool.name === name)
      demanded = true
    }
  }
  const named = offered
    .map((tool) => ({ tool, at: mention(tool.name, reading.userText, strict) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ tool }) => tool)
  const chosen = named.length > 0 ? named : demanded ? offered.slice(0, 1) : []
  return (parallel === false ? chosen.slice(0, 1) : chosen).map((tool) => callOf(tool, reading.userText))
}

function callOf(tool: OfferedTool, userText: string): SceneCall {
  const about = tool.namespace === undefined ? {} : { namespace: tool.namespace }
  if (tool.custom) return { name: tool.name, custom: true, arguments: userText || 'hello', ...about }
  return { name: tool.name, arguments: sampleJson(tool.parameters ?? {}), ...about }
}

/** Where the text speaks of the tool, -1 when it does not. */
function mention(name: string, text: string, strict: boolean): number {
  const word = `(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')}(?![\\w-])`
  const technical = /[_\-\d.]|[a-z][A-Z]/.test(name)
  const pattern = strict && !technical ? `(?:\\b(?:call|use|run|invoke|try)\\s+(?:the\\s+)?["'\`]?|\`)${word}` : word
  return text.search(new RegExp(pattern, 'i'))
}
