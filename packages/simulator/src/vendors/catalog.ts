import type { Vendor } from './vendor.js'

/** A model as a vendor's list tells of it. */
export interface VendorModel {
  id: string
  name?: string
  /** Unix seconds. */
  createdAt?: number
  contextTokens?: number
  maxOutputTokens?: number
  /** US dollars a token, of prompt and completion. */
  price?: { prompt: number; completion: number }
}

/** How a vendor tells its models. */
export interface ListStyle {
  /** `compatible`: an array and nothing around it. */
  bare?: boolean
  /** Models a page where the client does not say; Anthropic 20, Gemini 50. */
  pageSize?: number
}

const model = (id: string, contextTokens: number, maxOutputTokens: number, more: Partial<VendorModel> = {}) => ({
  id,
  contextTokens,
  maxOutputTokens,
  ...more,
})

const DEFAULTS: Readonly<Record<Vendor, readonly VendorModel[]>> = {
  openai: [
    model('gpt-4o', 128_000, 16_384),
    model('gpt-4.1-mini', 1_047_576, 32_768),
    model('gpt-5', 400_000, 128_000),
    model('o4-mini', 200_000, 100_000),
    model('text-embedding-3-small', 8_191, 0),
    model('gpt-4o-transcribe', 16_000, 2_000),
    model('gpt-image-1', 0, 0),
  ],
  anthropic: [
    model('claude-opus-5', 200_000, 64_000, { name: 'Claude Opus 5' }),
    model('claude-sonnet-4-6', 200_000, 64_000, { name: 'Claude Sonnet 4.6' }),
    model('claude-haiku-4-5-20251001', 200_000, 64_000, { name: 'Claude Haiku 4.5' }),
  ],
  gemini: [
    model('gemini-2.5-flash', 1_048_576, 65_536, { name: 'Gemini 2.5 Flash' }),
    model('gemini-2.5-pro', 1_048_576, 65_536, { name: 'Gemini 2.5 Pro' }),
    model('gemini-3-pro-preview', 1_048_576, 65_536, { name: 'Gemini 3 Pro Preview' }),
  ],
  openrouter: [
    model('anthropic/claude-sonnet-4.5', 1_000_000, 64_000, { price: { prompt: 0.000003, completion: 0.000015 } }),
    model('openai/gpt-4o', 128_000, 16_384, { price: { prompt: 0.0000025, completion: 0.00001 } }),
    model('deepseek/deepseek-chat:free', 163_840, 8_192, { price: { prompt: 0, completion: 0 } }),
  ],
  compatible: [
    model('deepseek-chat', 131_072, 8_192),
    model('deepseek-reasoner', 131_072, 65_536),
    model('openai/gpt-oss-120b', 131_072, 65_536),
    model('mistral-small-latest', 131_072, 131_072),
    model('grok-4', 256_000, 256_000),
    model('kimi-k2-0905-preview', 262_144, 262_144),
    model('qwen-plus', 131_072, 16_384),
  ],
}

/** Names that can be this vendor's, while no test has set a list. */
const NAMES: Readonly<Record<Vendor, RegExp>> = {
  openai: /^(gpt-|o\d|chatgpt-|codex-|computer-use|text-embedding-|whisper-|dall-e-|tts-|ft:)/,
  anthropic: /^claude-/,
  gemini: /^(gemini-|gemma-|gemini-embedding|text-embedding-|embedding-)/,
  openrouter: /^(@preset\/|[\w.~-]+\/[\w.:-]+$)/,
  compatible: /./,
}

/** The models of every vendor. */
export class Catalog {
  readonly #lists = new Map<Vendor, { models: readonly VendorModel[]; style: ListStyle }>()

  models(vendor: Vendor): readonly VendorModel[] {
    return this.#lists.get(vendor)?.models ?? DEFAULTS[vendor]
  }

  style(vendor: Vendor): ListStyle {
    return this.#lists.get(vendor)?.style ?? {}
  }

  /** From now on the vendor has these models and no others. */
  set(vendor: Vendor, models: readonly (VendorModel | string)[], style: ListStyle = {}): void {
    const list = models.map((one) => (typeof one === 'string' ? { id: one } : one))
    this.#lists.set(vendor, { models: list, style })
  }

  has(vendor: Vendor, id: string): boolean {
    const name = id.replace(/^models\//, '')
    const set = this.#lists.get(vendor)
    return set === undefined ? NAMES[vendor].test(name) : set.models.some((one) => one.id === name)
  }

  clear(): void {
    this.#lists.clear()
  }
}
