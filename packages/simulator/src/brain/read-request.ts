import type { MessagePart, PivotItem, PivotRequest } from '@dragoman/protocol'

/** What the brain sees in a request. */
export interface Reading {
  /** The last thing the user wrote. */
  userText: string
  images: number
  files: number
  /** Results of the calls that were made since the user spoke, in order; empty when the user spoke last. */
  outputs: { callId: string; text: string }[]
  tools: OfferedTool[]
  hosted: ReadonlySet<string>
  lastItemType: string
}

/** A tool of the client's. Source of the shapes: recorded requests of codex-cli 0.169 (classic and lite). */
export interface OfferedTool {
  name: string
  namespace?: string
  custom: boolean
  parameters?: Record<string, unknown>
}

export function readRequest(request: PivotRequest): Reading {
  const last = request.input.at(-1)
  const turn = sinceAssistant(request.input)
  const parts = turn.flatMap(userParts)
  const tools: OfferedTool[] = []
  const hosted = new Set<string>()
  const declared = [
    ...(request.tools ?? []),
    ...request.input.flatMap((item) => (item.type === 'additional_tools' ? records(item['tools']) : [])),
  ]
  for (const tool of declared) collect(tool as Record<string, unknown>, tools, hosted)
  return {
    userText: lastWritten(parts),
    images: parts.filter(({ type }) => type === 'input_image').length,
    files: parts.filter(({ type }) => type === 'input_file').length,
    outputs: trailingOutputs(request.input),
    tools,
    hosted,
    lastItemType: last?.type ?? (last === undefined ? '' : 'message'),
  }
}

/** The user's items after the model last said something. */
function sinceAssistant(input: readonly PivotItem[]): PivotItem[] {
  const spoke = input.findLastIndex((item) => item.type === 'message' && item['role'] === 'assistant')
  return input.slice(spoke + 1)
}

function userParts(item: PivotItem): MessagePart[] {
  const { role, content } = item as { role?: string; content?: string | MessagePart[] }
  if (role !== 'user' || content === undefined) return []
  return typeof content === 'string' ? [{ type: 'input_text', text: content }] : content
}

/** Agents put reminders and closing tags around what the user wrote; the last text that is more than that counts. */
function lastWritten(parts: readonly MessagePart[]): string {
  for (const part of parts.toReversed()) {
    if (part.type !== 'input_text') continue
    const written = part.text
      .replace(/<([a-z][\w-]*)[^>]*>[\s\S]*?<\/\1>/gi, '')
      .replace(/^<\/?[a-z][^>]*>$/i, '')
      .trim()
    if (written !== '') return written
  }
  return ''
}

function trailingOutputs(input: readonly PivotItem[]): Reading['outputs'] {
  const userSpoke = input.findLastIndex((item) => (item as { role?: string }).role === 'user')
  return input
    .slice(userSpoke + 1)
    .filter(({ type }) => type.endsWith('_output'))
    .map((item) => ({ callId: String((item as { call_id?: unknown }).call_id ?? ''), text: outputText(item) }))
}

function outputText(item: PivotItem): string {
  const { output } = item as { output?: unknown }
  if (typeof output === 'string') return output
  if (!Array.isArray(output)) return JSON.stringify(output ?? null)
  return records(output)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : `[${String(part['type'])}]`))
    .join('\n')
}

function collect(tool: Record<string, unknown>, tools: OfferedTool[], hosted: Set<string>, namespace?: string): void {
  const { type, name } = tool
  if (type === 'namespace') {
    for (const inner of records(tool['tools'])) collect(inner, tools, hosted, String(name))
  } else if ((type === 'function' || type === 'custom') && typeof name === 'string') {
    const parameters = tool['parameters']
    tools.push({
      name,
      custom: type === 'custom',
      ...(namespace === undefined ? {} : { namespace }),
      ...(isRecord(parameters) ? { parameters } : {}),
    })
  } else if (typeof type === 'string') {
    hosted.add(type.startsWith('web_search') ? 'web_search' : type)
  }
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
