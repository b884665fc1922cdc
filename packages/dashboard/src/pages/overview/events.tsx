import { Anchor, Card, Group, Text, Title, VisuallyHidden } from '@mantine/core'
import { Link } from 'wouter'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { useNow } from '../../parts/use-now.js'
import type { Overview } from './data.js'
import classes from './overview.module.css'
import { TEXTS } from './texts.js'

/** The last things that the gateway did or met. */
export function Events({ events }: { events: Overview['events'] }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('events.title')}
        </Title>
        <Anchor component={Link} href="/events" size="sm">
          {t('events.all')}
        </Anchor>
      </Group>
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('events.none')}
        </Text>
      ) : (
        events.map(({ id, at, level, sentence }) => (
          <div key={id} className={classes.event}>
            <span className={classes.dot} data-level={level}>
              <VisuallyHidden>{t(`levels.${level}`)}</VisuallyHidden>
            </span>
            <Text size="sm" component="span">
              {sentence}
            </Text>
            <Text
              size="xs"
              c="dimmed"
              component="time"
              dateTime={new Date(at).toISOString()}
              title={format.dateTime(at)}
            >
              {format.relative(at, now)}
            </Text>
          </div>
        ))
      )}
    </Card>
  )
}
