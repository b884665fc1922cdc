import { FailureError, safeText, type Dialect, type DialectId } from '@dragoman/protocol'
import type { Asked } from '../route-table.js'
import { countTokens, type CountHouse } from './count-tokens.js'
import { modelAndMethod } from '../gemini-path.js'
import { exchangeRoute, type ExchangeHouse } from './exchange.js'

export interface GeminiHouse extends ExchangeHouse, CountHouse {
  dialects: Readonly<Record<DialectId, Dialect>>
}

/** `POST …/models/{model}:{method}`; the method comes after the last colon, for a model's name may hold one too. */
export function geminiCall(house: GeminiHouse): (asked: Asked) => Promise<void> {
  const generate = exchangeRoute(house, house.dialects.gemini, {
    path(asked) {
      const alt = new URLSearchParams(asked.query).get('alt')
      const { model, method } = modelAndMethod(asked.id)
      // Old clients ask for a stream by the query alone.
      const stream = method === 'streamGenerateContent' || alt === 'sse'
      return { model, stream, ...(alt === null ? {} : { alt }) }
    },
  })
  const count = countTokens(house, 'gemini')
  return (asked) => {
    const { method } = modelAndMethod(asked.id)
    switch (method) {
      case 'generateContent':
      case 'streamGenerateContent':
        return generate(asked)
      case 'countTokens':
        return count(asked)
      default:
        throw new FailureError({
          kind: 'not_found',
          scope: 'request',
          phase: 'unsent',
          retry: 'never',
          message: safeText(
            `there is no method ${JSON.stringify(method)}; models take generateContent, streamGenerateContent and countTokens`,
          ),
        })
    }
  }
}
