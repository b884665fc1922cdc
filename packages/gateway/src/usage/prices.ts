import type { Config } from '../config/index.js'
import type { RequestUsage } from '../telemetry/index.js'
import { IMAGE_TOOL_MODEL, PRICES, TIERS, type Price, type Rates } from './price-table.js'

/** Prices by the model's name in lower case; each list begins with the earliest. */
export type PriceList = ReadonlyMap<string, readonly Price[]>

/** The prices that come with the gateway, and over them those of the configuration. */
export function priceList(own: Config['usage']['prices'] = {}): PriceList {
  const list = new Map<string, readonly Price[]>(Object.entries(PRICES))
  for (const [model, told] of Object.entries(own)) {
    const prices = (Array.isArray(told) ? told : [told]).map(priceOf)
    list.set(
      model.toLowerCase(),
      prices.sort((a, b) => (a.from < b.from ? -1 : 1)),
    )
  }
  return list
}

type OwnPrice = Exclude<Config['usage']['prices'][string], readonly unknown[]>

function priceOf({ from = '1970-01-01', tiers, ...rates }: OwnPrice): Price {
  return {
    from,
    ...ratesOf(rates),
    ...(tiers === undefined
      ? {}
      : {
          tiers: Object.fromEntries(
            Object.entries(tiers).map(([tier, told]) => [tier, typeof told === 'number' ? told : ratesOf(told)]),
          ),
        }),
  }
}

function ratesOf(told: Omit<OwnPrice, 'from' | 'tiers'>): Rates {
  return {
    input: told.input,
    output: told.output,
    ...(told.cached === undefined ? {} : { cached: told.cached }),
    ...(told.image_input === undefined ? {} : { imageInput: told.image_input }),
    ...(told.image_output === undefined ? {} : { imageOutput: told.image_output }),
  }
}

/**
 * What a request costs, in millionths of a dollar, whole ones.
 * @param model the upstream's name; dates, suffixes of effort and speed and a vendor's name before it may be there
 * @param tier as asked of the upstream; one that nobody knows costs what none costs
 * @param at unix ms
 * @returns undefined when the model has no price
 */
export function costOf(
  prices: PriceList,
  model: string,
  usage: RequestUsage,
  tier: string | undefined,
  at: number,
): number | undefined {
  const price = priceFor(prices, model, at)
  if (price === undefined) return undefined
  const { rates, factor } = inTier(price, tier)
  const { imageInputTokens = 0, imageOutputTokens = 0 } = usage
  const cachedTokens = Math.min(usage.cachedTokens, usage.inputTokens)
  const pictures = imageInputTokens + imageOutputTokens > 0
  const tool = pictures ? priceAt(prices.get(IMAGE_TOOL_MODEL), at) : undefined
  const imageInput = rates.imageInput ?? tool?.imageInput ?? rates.input
  const imageOutput = rates.imageOutput ?? tool?.imageOutput ?? rates.output
  const fresh = Math.max(0, usage.inputTokens - cachedTokens - imageInputTokens)
  const text = Math.max(0, usage.outputTokens - imageOutputTokens)
  const sum =
    fresh * rates.input +
    cachedTokens * (rates.cached ?? rates.input) +
    text * rates.output +
    imageInputTokens * imageInput +
    imageOutputTokens * imageOutput
  // Dollars per million tokens are millionths of a dollar per token.
  return Math.round(sum * factor)
}

/** What a model costs at a time, by the name that requests ask for; undefined when nobody knows. */
export function priceFor(prices: PriceList, model: string, at: number): Price | undefined {
  return priceAt(find(prices, model), at)
}

function inTier(price: Price, tier: string | undefined): { rates: Rates; factor: number } {
  const own = tier === undefined || tier === '' ? undefined : (price.tiers?.[tier] ?? TIERS[tier])
  if (own === undefined) return { rates: price, factor: 1 }
  return typeof own === 'number' ? { rates: price, factor: own } : { rates: own, factor: 1 }
}

/** The one in force at that time; before the first, the first. */
function priceAt(prices: readonly Price[] | undefined, at: number): Price | undefined {
  if (prices === undefined || prices.length < 2) return prices?.[0]
  return prices.findLast(({ from }) => Date.parse(from) <= at) ?? prices[0]
}

/** What a name may end with that does not change the price: how hard it thinks, how fast (the tier says that), when it was made. */
const ENDINGS = [
  /-(?:none|minimal|low|medium|high|xhigh|max)$/,
  /-(?:fast|flex)$/,
  /-\d{4}-\d{2}-\d{2}$/,
  /-\d{8}$/,
  /-(?:latest|preview)$/,
  /:[a-z0-9.-]+$/,
]

function find(prices: PriceList, name: string): readonly Price[] | undefined {
  let model = name.toLowerCase()
  for (;;) {
    const known = prices.get(model)
    if (known !== undefined) return known
    const ending = ENDINGS.find((one) => one.test(model))
    if (ending !== undefined) model = model.replace(ending, '')
    // `openai/gpt-5.5`, as brokers name it; `models/gemini-2.5-pro`.
    else if (model.includes('/')) model = model.slice(model.indexOf('/') + 1)
    else return undefined
  }
}

/** The prices as the configuration says now; put together anew only when it has changed. */
export function livePrices(own: () => Config['usage']['prices']): () => PriceList {
  let known: { own: Config['usage']['prices']; list: PriceList } | undefined
  return () => {
    const now = own()
    if (known?.own !== now) known = { own: now, list: priceList(now) }
    return known.list
  }
}

/** The day of the newest price that is in force and comes with the gateway, `2026-04-23`. */
export function pricesAsOf(now: number): string {
  const today = new Date(now).toISOString().slice(0, 10)
  const days = Object.values(PRICES).flatMap((prices) => prices.map(({ from }) => from))
  return days.filter((day) => day <= today).reduce((newest, day) => (day > newest ? day : newest), '')
}
