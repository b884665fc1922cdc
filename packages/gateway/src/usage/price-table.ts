/** US dollars per million tokens. */
export interface Rates {
  input: number
  /** Input that was in the prompt cache. Default: as other input. */
  cached?: number
  output: number
  /** Pictures among the input and the output. Default: as the picture model of the image tool. */
  imageInput?: number
  imageOutput?: number
}

/** What a model costs from some day on. */
export interface Price extends Rates {
  /** `2026-01-31`, UTC. */
  from: string
  /** By service tier: a factor on all rates, or rates of its own. Default: {@link TIERS}. */
  tiers?: Readonly<Record<string, number | Rates>>
}

/**
 * Factors of the service tiers. That OpenAI asks twice as much for `priority` and half for `flex` was true of its price list when
 * this was written; `fast` is Codex's name for `priority`, and that it costs the same is a guess.
 */
export const TIERS: Readonly<Record<string, number>> = { priority: 2, fast: 2, flex: 0.5, batch: 0.5 }

/** The picture model behind the hosted image tool. */
export const IMAGE_TOOL_MODEL = 'gpt-image-2'

const since = (
  from: string,
  input: number,
  cached: number,
  output: number,
  image?: readonly [number, number],
): Price[] => [
  { from, input, cached, output, ...(image === undefined ? {} : { imageInput: image[0], imageOutput: image[1] }) },
]
const GPT_5 = since('2025-08-07', 1.25, 0.125, 10)
const GPT_5_2 = since('2025-12-11', 1.75, 0.175, 14)

/**
 * Prices of well-known models, the earliest first. Of GPT-5 to 5.6 and gpt-image-2 the figures are those of parity 3.11; the days are
 * about when a model came out. The rest is from its maker's public list in the autumn of 2025.
 */
export const PRICES: Readonly<Record<string, readonly Price[]>> = {
  demo: since('2025-01-01', 0, 0, 0),
  'gpt-5': GPT_5,
  'gpt-5-codex': GPT_5,
  'gpt-5.1': GPT_5,
  'gpt-5.1-codex': GPT_5,
  'gpt-5.1-codex-max': GPT_5,
  'gpt-5.2': GPT_5_2,
  'gpt-5.2-codex': GPT_5_2,
  'gpt-5.3-codex': GPT_5_2,
  'gpt-5.4': since('2026-03-05', 2.5, 0.25, 15),
  'gpt-5.4-mini': since('2026-03-05', 0.75, 0.075, 4.5),
  'gpt-5.4-nano': since('2026-03-05', 0.2, 0.02, 1.25),
  'gpt-5.5': since('2026-04-23', 5, 0.5, 30),
  'gpt-5.6-sol': since('2026-04-23', 5, 0.5, 30),
  'gpt-5.6-terra': since('2026-04-23', 2, 0.2, 12),
  'gpt-5.6-luna': since('2026-04-23', 0.2, 0.02, 1.2),
  [IMAGE_TOOL_MODEL]: since('2026-04-23', 5, 1.25, 0, [8, 30]),

  'gpt-4.1': since('2025-04-14', 2, 0.5, 8),
  'gpt-4.1-mini': since('2025-04-14', 0.4, 0.1, 1.6),
  'gpt-4.1-nano': since('2025-04-14', 0.1, 0.025, 0.4),
  'gpt-4o': since('2024-08-06', 2.5, 1.25, 10),
  'gpt-4o-mini': since('2024-07-18', 0.15, 0.075, 0.6),
  'gpt-image-1': since('2025-04-23', 5, 1.25, 0, [10, 40]),
  'text-embedding-3-small': since('2024-01-25', 0.02, 0.02, 0),
  'text-embedding-3-large': since('2024-01-25', 0.13, 0.13, 0),
  'claude-opus-4-1': since('2025-08-05', 15, 1.5, 75),
  'claude-sonnet-4-5': since('2025-09-29', 3, 0.3, 15),
  'claude-haiku-4-5': since('2025-10-15', 1, 0.1, 5),
  'gemini-2.5-pro': since('2025-06-17', 1.25, 0.125, 10),
  'gemini-2.5-flash': since('2025-06-17', 0.3, 0.03, 2.5),
  'gemini-2.5-flash-lite': since('2025-07-22', 0.1, 0.01, 0.4),
}
