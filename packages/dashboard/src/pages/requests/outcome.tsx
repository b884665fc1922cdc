import { Badge, Loader } from '@mantine/core'
import { IconCheck, IconLogout, IconX } from '@tabler/icons-react'
import { useTexts } from '../../i18n/index.js'
import type { LoggedRequest } from './data.js'
import { TEXTS } from './texts.js'

const LOOKS = {
  ok: { color: 'teal', Icon: IconCheck },
  failed: { color: 'red', Icon: IconX },
  cancelled: { color: 'gray', Icon: IconLogout },
} as const

/** How a request ended: a sign, a colour, a word and its status. */
export function Outcome({ of, words = false }: { of: Pick<LoggedRequest, 'outcome' | 'status'>; words?: boolean }) {
  const { t } = useTexts(TEXTS)
  const { color, Icon } = LOOKS[of.outcome]
  const word = t(`outcome.${of.outcome}`)
  const status = of.status === null || of.outcome === 'cancelled' ? '' : String(of.status)
  return (
    <Badge
      variant="light"
      color={color}
      leftSection={<Icon size={13} aria-hidden />}
      tt="none"
      title={word}
      styles={{ root: { height: 'auto', minHeight: 22 }, label: { whiteSpace: 'normal' } }}
    >
      {words || status === '' ? `${word} ${status}`.trim() : status}
    </Badge>
  )
}

export function Running() {
  const { t } = useTexts(TEXTS)
  return (
    <Badge variant="light" color="blue" leftSection={<Loader size={10} color="blue" aria-hidden />} tt="none">
      {t('running')}
    </Badge>
  )
}

const KINDS: ReadonlySet<string> = new Set(Object.keys(TEXTS.en.kind))
export type Kind = keyof typeof TEXTS.en.kind

/** A kind of failure that there are words for. */
export function isKind(kind: string | null): kind is Kind {
  return kind !== null && KINDS.has(kind)
}
