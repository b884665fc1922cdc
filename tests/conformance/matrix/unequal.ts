import { isDeepStrictEqual } from 'node:util'
import type { DialectId } from '@dragoman/protocol'
import type { Neutral } from './neutral.js'

export interface Pair {
  client: DialectId
  upstream: DialectId
  name: string
}

/** Something that a client's protocol cannot say, however well it is translated. */
interface Unequal {
  client: DialectId
  field: keyof Neutral
  why: string
  /** What the client can hear of the truth, when it hears something. */
  instead?(truth: Neutral): unknown
}

/** The whole list of what is not equal, with its reasons. */
const UNEQUAL: readonly Unequal[] = [
  {
    client: 'anthropic-messages',
    field: 'usage',
    why: 'a message must have a usage; without counts it says 0',
    instead: ({ usage }) => usage ?? { input: 0, cached: 0, output: 0, reasoning: 0 },
  },
  { client: 'ollama', field: 'citations', why: 'an Ollama message has no citations', instead: () => [] },
  {
    client: 'ollama',
    field: 'usage',
    why: 'Ollama counts prompt and answer, neither cached nor reasoning tokens; without counts it says 0',
    instead: ({ usage }) => ({ input: usage?.input ?? 0, cached: 0, output: usage?.output ?? 0, reasoning: 0 }),
  },
  {
    client: 'ollama',
    field: 'finish',
    why: "Ollama's done_reason knows stop and length",
    instead: ({ finish, calls }) => (finish === 'filtered' ? (calls.length > 0 ? 'calls' : 'stop') : finish),
  },
]

/** What is wrong with one field; undefined when it is equal, or as unequal as the list says. */
export function differenceOf(field: keyof Neutral, truth: Neutral, heard: Neutral, pair: Pair): string | undefined {
  const rule = UNEQUAL.find((one) => one.client === pair.client && one.field === field)
  const expected = rule?.instead === undefined ? truth[field] : rule.instead(truth)
  if (isDeepStrictEqual(heard[field], expected)) return undefined
  return `${field} is ${JSON.stringify(heard[field])?.slice(0, 300)}, not ${JSON.stringify(expected)?.slice(0, 300)}`
}
