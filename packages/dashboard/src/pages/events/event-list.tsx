import { Button, Stack, Text, Title } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { useNow } from '../../parts/use-now.js'
import { byDay, type Event } from './data.js'
import { EventLine } from './event-line.js'
import classes from './events.module.css'
import { TEXTS } from './texts.js'

const DAY_MS = 86_400_000

type Item = { key: string; day: number } | { key: string; event: Event }

/** Day by day, the newest first; only what is seen is drawn. */
export function EventList({
  events,
  more,
  loading,
  loadMore,
}: {
  events: readonly Event[]
  more: boolean
  loading: boolean
  loadMore: () => void
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow(60_000)
  const space = useRef<HTMLDivElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const top = (space.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    if (Math.abs(top - margin) > 1) setMargin(top)
  })
  const items: Item[] = byDay(events, format.date).flatMap(({ day, at, events: inside }) => [
    { key: day, day: at },
    ...inside.map((event) => ({ key: event.id, event })),
  ])
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: (at) => {
      const item = items[at]
      return item !== undefined && 'day' in item ? 44 : 58
    },
    overscan: 10,
    scrollMargin: margin,
    getItemKey: (at) => items[at]?.key ?? at,
  })
  const called = (at: number): string => {
    const day = format.date(at)
    if (day === format.date(now)) return `${t('today')} · ${day}`
    return day === format.date(now - DAY_MS) ? `${t('yesterday')} · ${day}` : day
  }
  return (
    <Stack gap="md">
      <div ref={space} className={classes.space} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index]
          if (item === undefined) return null
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={classes.item}
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              {'day' in item ? (
                <Title order={2} size="h6" className={classes.day ?? ''}>
                  {called(item.day)}
                </Title>
              ) : (
                <EventLine of={item.event} />
              )}
            </div>
          )
        })}
      </div>
      {more ? (
        <Button variant="default" onClick={loadMore} loading={loading} style={{ alignSelf: 'center' }}>
          {t('older')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed" ta="center">
          {t('end')}
        </Text>
      )}
    </Stack>
  )
}
