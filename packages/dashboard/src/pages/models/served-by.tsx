import { Text } from '@mantine/core'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Model } from './data.js'
import { TEXTS } from './texts.js'

/** `gpt-5.5 · alias of …` in one line. */
export function aboutName(model: Model, t: ReturnType<typeof useTexts<typeof TEXTS.en>>['t']): string {
  if (model.kind === 'alias') return t('alias', { target: model.target })
  if (model.kind === 'route') return t('route', { target: model.target })
  return model.displayName === model.name ? model.target : `${model.displayName} · ${model.target}`
}

/** Who serves a model now, short. */
export function ServedBy({ model }: { model: Model }) {
  const { t } = useTexts(TEXTS)
  const { accounts, readyAccounts, keys } = model.servedBy
  if (model.kind === 'demo') return <Text size="sm">Dragoman</Text>
  const ready = keys.filter((key) => key.ready).length
  const none = readyAccounts + ready === 0
  const words = [
    ...(accounts === 0 ? [] : [t('accounts', { count: accounts, ready: readyAccounts })]),
    ...(keys.length === 0 ? [] : [t('keys', { count: keys.length })]),
  ]
  return (
    <Text size="sm" {...(none ? { c: 'dimmed' } : {})}>
      {words.length === 0 ? t('nobody') : words.join(', ')}
    </Text>
  )
}

/** Input, cached input and output, dollars per million tokens. */
export function usePriceText(): (price: Model['price']) => string {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  return (price) => {
    if (price === null) return t('noPrice')
    if (price.input + price.output === 0) return t('free')
    return [price.input, price.cached, price.output].map((rate) => format.usd(rate)).join(' / ')
  }
}

/** Words of modalities; those that nobody knows stand as they came. */
export function useModalities(): (words: readonly string[] | null) => string {
  const { t } = useTexts(TEXTS)
  return (words) =>
    words === null
      ? '–'
      : words
          .map((word) => (word in TEXTS.en.modality ? t(`modality.${word as keyof typeof TEXTS.en.modality}`) : word))
          .join(', ')
}
