import { Badge, Group, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import { draggedIds } from './dragged.js'
import classes from './proxies.module.css'
import { TEXTS } from './texts.js'
import { STATE_COLORS, type Way } from './ways.js'

/** The ways out as places to drop accounts on; pressed, one shows who goes it. */
export function WayList({
  ways,
  count,
  only,
  onOnly,
  onDrop,
}: {
  ways: readonly Way[]
  count(way: string): number
  only: string | undefined
  onOnly(way: string | undefined): void
  onDrop(ids: readonly string[], way: string): void
}) {
  const { t } = useTexts(TEXTS)
  const [over, setOver] = useState<string>()
  return (
    <div>
      <Text size="xs" c="dimmed" mb={6}>
        {t('board.waysAbout')}
      </Text>
      {/* Focusable, so that a keyboard can scroll it. */}
      <ul className={classes.ways} aria-label={t('board.ways')} tabIndex={0}>
        {ways.map(({ id, name, about, state }) => (
          <li key={id}>
            <UnstyledButton
              className={classes.way}
              aria-pressed={only === id}
              data-way={id}
              {...(over === id ? { 'data-over': true } : {})}
              onClick={() => onOnly(only === id ? undefined : id)}
              onDragOver={(event) => {
                event.preventDefault()
                event.dataTransfer.dropEffect = 'move'
                setOver(id)
              }}
              onDragLeave={() => setOver((now) => (now === id ? undefined : now))}
              onDrop={(event) => {
                event.preventDefault()
                setOver(undefined)
                const ids = draggedIds(event.dataTransfer)
                if (ids.length > 0) onDrop(ids, id)
              }}
            >
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" fw={600}>
                  {name}
                </Text>
                <Badge variant="default" className="numbers" title={t('board.count', { count: count(id) })}>
                  {count(id)}
                </Badge>
              </Group>
              <Text size="xs" c="dimmed">
                {about}
              </Text>
              {state === undefined || state === 'good' ? null : (
                <Badge size="xs" mt={4} variant="light" color={STATE_COLORS[state]}>
                  {t(`state.${state}`)}
                </Badge>
              )}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  )
}
