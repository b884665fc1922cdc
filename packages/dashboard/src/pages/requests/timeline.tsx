import { Group, Text } from '@mantine/core'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Detail } from './data.js'
import { TEXTS } from './texts.js'
import { stretchesOf, type Stretch } from './stretches.js'
import classes from './timeline.module.css'

/** Where the time of a request went, as bars one below the other; each says in words what it shows. */
export function Timeline({ of }: { of: Detail }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const stretches = stretchesOf(of)
  const end = Math.max(of.latencyMs ?? 0, ...stretches.map(({ toMs }) => toMs), 1)
  const words = ({ kind, attempt, candidate }: Stretch): string => {
    const name = attempt === undefined ? '' : t('detail.attempt', { number: attempt, candidate })
    switch (kind) {
      case 'before':
        return t('detail.before')
      case 'queue':
        return t('detail.queue')
      case 'waiting':
        return `${name}: ${t('detail.waiting')}`
      case 'output':
        return of.ttftMs === null ? name : `${name}: ${t('detail.streaming')}`
      case 'failed':
        return `${name}: ${t('outcome.failed')}`
      default:
        return kind satisfies never
    }
  }
  return (
    <div className={classes.bars}>
      {stretches.map((stretch) => (
        <div key={`${stretch.kind}${stretch.fromMs}${stretch.attempt ?? 0}`}>
          <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
            <Text size="sm">{words(stretch)}</Text>
            <Text size="sm" className="numbers" style={{ whiteSpace: 'nowrap' }}>
              {format.duration(stretch.toMs - stretch.fromMs)}
            </Text>
          </Group>
          <div className={classes.track} aria-hidden>
            <div
              className={`${classes.bar} ${classes[stretch.kind]}`}
              style={{
                insetInlineStart: `${(stretch.fromMs / end) * 100}%`,
                width: `${((stretch.toMs - stretch.fromMs) / end) * 100}%`,
              }}
            />
          </div>
        </div>
      ))}
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t('detail.total')}
          {of.ttftMs === null ? '' : ` · ${t('detail.firstToken', { time: format.duration(of.ttftMs) })}`}
        </Text>
        <Text size="sm" fw={600} className="numbers">
          {format.duration(of.latencyMs ?? 0)}
        </Text>
      </Group>
    </div>
  )
}
