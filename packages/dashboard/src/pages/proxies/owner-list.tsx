import { Badge, Checkbox, Group, NativeSelect, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconGripVertical } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTexts } from '../../i18n/index.js'
import type { Owner } from './data.js'
import { dragIds } from './dragged.js'
import classes from './proxies.module.css'
import { TEXTS } from './texts.js'
import type { Way } from './ways.js'

const ROW = 57
/** Where the way stands below the name. */
const TALL_ROW = 104

/** Accounts and API keys, each with its way. Only what is in sight is drawn. */
export function OwnerList({
  owners,
  ways,
  selected,
  onSelect,
  onMove,
}: {
  owners: readonly Owner[]
  ways: readonly Way[]
  selected: ReadonlySet<string>
  onSelect(ids: ReadonlySet<string>): void
  onMove(ids: readonly string[], way: string): void
}) {
  const { t } = useTexts(TEXTS)
  const scroll = useRef<HTMLDivElement>(null)
  const onPhone = useMediaQuery('(max-width: 36em)', false, { getInitialValueInEffect: false }) === true
  const height = onPhone ? TALL_ROW : ROW
  const rows = useVirtualizer({
    count: owners.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 8,
  })
  const { measure } = rows
  useEffect(measure, [height, measure])
  const last = useRef<number>(undefined)

  function choose(at: number, id: string, range: boolean): void {
    const from = range ? (last.current ?? at) : at
    const ids = owners.slice(Math.min(from, at), Math.max(from, at) + 1).map((owner) => owner.id)
    const adding = !selected.has(id)
    last.current = at
    onSelect(new Set(adding ? [...selected, ...ids] : [...selected].filter((one) => !ids.includes(one))))
  }

  return (
    <div
      className={classes.scroll}
      ref={scroll}
      style={{ height: Math.min(520, owners.length * height + 2) }}
      // Focusable, so that a keyboard can scroll it.
      tabIndex={0}
      role="group"
      aria-label={t('board.accounts')}
    >
      <ul className={classes.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const owner = owners[index]
          if (owner === undefined) return null
          const isSelected = selected.has(owner.id)
          return (
            <li
              key={owner.id}
              className={classes.row}
              style={{ height, transform: `translateY(${start}px)` }}
              aria-setsize={owners.length}
              aria-posinset={index + 1}
              {...(isSelected ? { 'data-selected': true } : {})}
              draggable
              onDragStart={(event) => dragIds(event.dataTransfer, isSelected ? [...selected] : [owner.id])}
            >
              <Checkbox
                checked={isSelected}
                aria-label={t('board.select', { name: owner.name })}
                onChange={(event) =>
                  choose(index, owner.id, (event.nativeEvent as unknown as { shiftKey?: boolean }).shiftKey === true)
                }
              />
              <span className={classes.grip} aria-hidden>
                <IconGripVertical size={16} />
              </span>
              <Who owner={owner} />
              <NativeSelect
                className={classes['way-of']}
                size="xs"
                aria-label={t('board.wayOf', { name: owner.name })}
                value={owner.proxyName === null ? '' : owner.proxyId}
                onChange={(event) => onMove([owner.id], event.currentTarget.value)}
                data={[
                  ...(owner.proxyName === null ? [{ value: '', label: t('way.gone'), disabled: true }] : []),
                  ...ways.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Who({ owner: { kind, name, detail, status } }: { owner: Owner }) {
  const { t } = useTexts(TEXTS)
  const shown = kind === 'login' ? t('board.login') : name
  return (
    <div className={classes.who}>
      <Text size="sm" fw={500} truncate title={shown}>
        {shown}
      </Text>
      <Group gap={6} wrap="nowrap">
        {kind === 'api_key' ? (
          <Text size="xs" c="dimmed">
            {t('board.apiKey')}
          </Text>
        ) : null}
        {detail === null ? null : (
          <Text size="xs" c="dimmed" truncate>
            {detail}
          </Text>
        )}
        {status === 'active' ? null : (
          <Badge size="xs" variant="light" color="orange">
            {status}
          </Badge>
        )}
      </Group>
    </div>
  )
}
