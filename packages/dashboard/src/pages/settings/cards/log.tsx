import { Button, Group, Select, Skeleton, Text, TextInput } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { api, type Schemas } from '../../../api/client.js'
import { useLive } from '../../../api/live.js'
import { known } from '../../../api/sign-in.js'
import { useFormat } from '../../../i18n/format.js'
import { useTexts } from '../../../i18n/index.js'
import { Loaded } from '../../../parts/page.js'
import classes from '../settings.module.css'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

type Line = Schemas['LogLine']
const LEVELS = ['debug', 'info', 'warn', 'error'] as const
const KEY = ['log-tail']
const KEPT = 1000

/** The end of the log, and what is added to it meanwhile. */
export function LogCard() {
  const { t } = useTexts(TEXTS)
  const client = useQueryClient()
  const [level, setLevel] = useState<(typeof LEVELS)[number]>('debug')
  const [search, setSearch] = useState('')
  const [held, setHeld] = useState<readonly Line[]>()
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => known((await api.GET('/admin/log-tail', { params: { query: { limit: KEPT } } })).data).lines,
    refetchOnMount: 'always',
  })
  useLive('log', (data) => {
    const { lines } = data as { lines: Line[] }
    client.setQueryData<Line[]>(KEY, (now) => now && [...now, ...lines].slice(-KEPT))
  })
  useLive('reset', () => void client.invalidateQueries({ queryKey: KEY }))

  return (
    <SettingsCard title={t('log.title')}>
      <Group gap="sm" align="flex-end">
        <TextInput
          flex="1 1 200px"
          aria-label={t('log.search')}
          placeholder={t('log.search')}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Select
          w={160}
          aria-label={t('log.level')}
          allowDeselect={false}
          data={LEVELS.map((one) => ({ value: one, label: t(`log.${one}`) }))}
          value={level}
          onChange={(one) => setLevel(one as (typeof LEVELS)[number])}
        />
        <Button
          variant="default"
          leftSection={held === undefined ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => setHeld(held === undefined ? (query.data ?? []) : undefined)}
        >
          {t(held === undefined ? 'log.pause' : 'log.resume')}
        </Button>
      </Group>
      <Loaded query={query} skeleton={<Skeleton height={384} />}>
        {(lines) => <Lines lines={chosen(held ?? lines, level, search)} title={t('log.title')} />}
      </Loaded>
    </SettingsCard>
  )
}

function chosen(lines: readonly Line[], level: (typeof LEVELS)[number], search: string): Line[] {
  const least = LEVELS.indexOf(level)
  const wanted = search.trim().toLowerCase()
  return lines.filter(
    (line) => LEVELS.indexOf(line.level) >= least && (wanted === '' || textOf(line).toLowerCase().includes(wanted)),
  )
}

function textOf({ message, fields }: Line): string {
  const more = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [message, ...more].join(' ')
}

/** Stays at the end while the reader is there; leaves alone who has scrolled away. */
function Lines({ lines, title }: { lines: readonly Line[]; title: string }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 20,
    measureElement: (element) => element.getBoundingClientRect().height,
  })
  useEffect(() => {
    if (atEnd.current && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [lines.length, rows])

  return (
    <>
      <div
        ref={box}
        className={classes.log}
        role="log"
        aria-label={title}
        aria-live="off"
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          atEnd.current = scrollHeight - scrollTop - clientHeight < 40
        }}
      >
        {lines.length === 0 ? t('log.empty') : null}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (line === undefined) return null
            return (
              <div
                key={item.key}
                ref={rows.measureElement}
                data-index={item.index}
                data-level={line.level}
                className={classes.line}
                style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${item.start}px)` }}
              >
                {format.time(line.time)} {line.level} {textOf(line)}
              </div>
            )
          })}
        </div>
      </div>
      <Text size="xs" c="dimmed">
        {t('log.lines', { count: lines.length })}
      </Text>
    </>
  )
}
