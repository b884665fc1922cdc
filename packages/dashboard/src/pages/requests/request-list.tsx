import { Button, Text } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import type { LoggedRequest, RunningRequest } from './data.js'
import classes from './request-list.module.css'
import { COLUMNS, RequestRow, RunningRow } from './request-row.js'
import type { Tail } from './tail-state.js'
import { TEXTS } from './texts.js'

/** Running requests that stand in the list; of more there is only a number. */
const RUNNING_SHOWN = 5
/** So near to the end, older ones are read. */
const NEAR_THE_END = 20

type Shown =
  { type: 'running'; of: RunningRequest } | { type: 'more'; count: number } | { type: 'over'; of: LoggedRequest }

/** Only what is seen is drawn. */
export function RequestList({
  tail,
  showRunning,
  loadingOlder,
  loadOlder,
  onAway,
  catchUp,
  hrefOf,
  open,
}: {
  tail: Tail
  showRunning: boolean
  loadingOlder: boolean
  loadOlder: () => void
  /** The reader left the top of the list, or came back. */
  onAway: (away: boolean) => void
  catchUp: () => void
  hrefOf: (id: string) => string
  open: (id: string) => void
}) {
  const { t } = useTexts(TEXTS)
  const space = useRef<HTMLDivElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const top = (space.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    if (Math.abs(top - margin) > 1) setMargin(top)
  })
  const running = showRunning ? tail.running.slice(0, RUNNING_SHOWN) : []
  const hidden = showRunning ? tail.running.length - running.length : 0
  const shown: Shown[] = [
    ...running.map((of): Shown => ({ type: 'running', of })),
    ...(hidden > 0 ? [{ type: 'more', count: hidden } as const] : []),
    ...tail.items.map((of): Shown => ({ type: 'over', of })),
  ]
  const rows = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => 52,
    overscan: 8,
    scrollMargin: margin,
    getItemKey(at) {
      const one = shown[at]
      return one === undefined
        ? at
        : one.type === 'over'
          ? one.of.id
          : one.type === 'running'
            ? one.of.requestId
            : 'more'
    },
  })
  const visible = rows.getVirtualItems()
  const lastSeen = visible.at(-1)?.index ?? 0
  const wantsOlder = tail.more && !loadingOlder && lastSeen >= shown.length - NEAR_THE_END
  useEffect(() => {
    if (wantsOlder) loadOlder()
  }, [wantsOlder, loadOlder])
  useEffect(() => {
    const look = (): void => onAway(window.scrollY > margin - 40 && window.scrollY > 80)
    look()
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [margin, onAway])

  return (
    <div className={classes.list}>
      {tail.held.length === 0 ? null : (
        <div className={classes.pill}>
          <Button
            size="compact-md"
            radius="xl"
            leftSection={<IconArrowUp size={16} />}
            onClick={() => {
              catchUp()
              // After they are drawn: until then the list holds the reader's place.
              requestAnimationFrame(() => requestAnimationFrame(() => window.scrollTo({ top: 0 })))
            }}
          >
            {t('fresh', { count: tail.held.length })}
          </Button>
        </div>
      )}
      <div role="table" aria-label={t('list')} aria-rowcount={tail.more ? -1 : shown.length + 1}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.line}>
            {COLUMNS.map((column, at) => (
              <div key={column} role="columnheader" className={at < 4 ? classes.cell : classes.number}>
                {t(`column.${column}`)}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" ref={space} className={classes.space} style={{ height: rows.getTotalSize() }}>
          {visible.map(({ index, key, start }) => {
            const one = shown[index]
            if (one === undefined) return null
            const isOver = one.type === 'over'
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                ref={rows.measureElement}
                className={`${classes.line} ${classes.row} ${isOver ? '' : classes.waits}`}
                style={{ transform: `translateY(${start - margin}px)` }}
                {...(isOver ? { onClick: (event: React.MouseEvent) => openByClick(event, () => open(one.of.id)) } : {})}
              >
                {one.type === 'over' ? (
                  <RequestRow of={one.of} href={hrefOf(one.of.id)} />
                ) : one.type === 'running' ? (
                  <RunningRow of={one.of} />
                ) : (
                  <Text role="cell" size="sm" c="dimmed" className={classes.wide}>
                    {t('runningMore', { count: one.count })}
                  </Text>
                )}
              </div>
            )
          })}
        </div>
      </div>
      <Text size="sm" c="dimmed" ta="center" py="md" role="status">
        {loadingOlder ? t('loadingMore') : tail.more ? ' ' : t('end')}
      </Text>
    </div>
  )
}

/** Not when the link in the row was meant, or a text is being marked. */
function openByClick(event: React.MouseEvent, act: () => void): void {
  if (event.target instanceof Element && event.target.closest('a') !== null) return
  if (window.getSelection()?.toString() !== '') return
  act()
}
