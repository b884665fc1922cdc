import { schemaOf, type Asking, type Effort, type Protocol, type Tier, type ToolDraft } from './conversation.js'

/** What somebody set for the next question. */
export interface Settings {
  /** Undefined: the default of the gateway. */
  model?: string
  protocol: Protocol
  system: string
  stream: boolean
  effort?: Effort
  tier?: Tier
  maxTokens?: number
  temperature?: number
  toolOn: boolean
  tool: ToolDraft
}

export const FIRST_SETTINGS: Settings = {
  protocol: 'responses',
  system: '',
  stream: true,
  toolOn: false,
  tool: {
    name: 'get_weather',
    description: 'Tells the weather of a city now.',
    parameters: JSON.stringify(
      {
        type: 'object',
        properties: { city: { type: 'string', description: 'Name of the city' } },
        required: ['city'],
      },
      null,
      2,
    ),
  },
}

/** What a request is made from, but for what was said. */
export function askingOf(settings: Settings, defaultModel: string): Omit<Asking, 'turns'> {
  const { model = defaultModel, protocol: _, toolOn, tool, ...rest } = settings
  return { ...rest, model, tools: toolOn ? [tool] : [] }
}

/** Why the tool's schema cannot be sent. */
export function toolProblem({ toolOn, tool }: Settings): string | undefined {
  if (!toolOn) return undefined
  try {
    schemaOf(tool)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The same settings with some of them taken away or changed. */
export function withChange(settings: Settings, change: { [Name in keyof Settings]?: Settings[Name] | null }): Settings {
  const next: Record<string, unknown> = { ...settings }
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete next[name]
    else next[name] = value
  }
  return next as unknown as Settings
}
