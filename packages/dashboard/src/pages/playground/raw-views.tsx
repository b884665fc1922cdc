import { Code, Group, Select, Stack, Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ReactNode } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Copy, CopyBlock } from '../../parts/copy.js'
import { Empty } from '../../parts/page.js'
import classes from './playground.module.css'
import { WIRES } from './protocols/index.js'
import { TEXTS } from './texts.js'
import type { Exchange, RawEvent } from './use-chat.js'

/** Which of several exchanges is looked at. */
export function WhichExchange({
  exchanges,
  chosen,
  onChoose,
}: {
  exchanges: readonly Exchange[]
  chosen: Exchange
  onChoose: (id: number) => void
}) {
  const { t } = useTexts(TEXTS)
  if (exchanges.length < 2) return null
  return (
    <Select
      label={t('which')}
      maw={420}
      allowDeselect={false}
      data={exchanges.map(({ id, model, protocol }, at) => ({
        value: String(id),
        label: t('whichItem', { number: at + 1, model, protocol: WIRES[protocol].name }),
      }))}
      value={String(chosen.id)}
      onChange={(id) => onChoose(Number(id))}
    />
  )
}

/** What was sent. */
export function RawRequest({ exchange, children }: { exchange: Exchange | undefined; children?: ReactNode }) {
  const { t } = useTexts(TEXTS)
  if (exchange === undefined) return <Empty title={t('requestNone')} />
  const { path, headers, keyIn, body } = exchange.request
  const key = keyIn === 'authorization' ? `Bearer <${t('keyHidden')}>` : `<${t('keyHidden')}>`
  const lines = [
    `POST ${path}`,
    'content-type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `${keyIn}: ${key}`,
  ]
  const whole = JSON.stringify(body, null, 2)
  const shown = JSON.stringify(body, shortened, 2)
  return (
    <Stack gap="sm">
      {children}
      <Text size="sm" fw={500}>
        {t('headers')}
      </Text>
      <CopyBlock code={lines.join('\n')} />
      <Text size="sm" fw={500}>
        {t('body')}
      </Text>
      {whole === shown ? null : (
        <Text size="xs" c="dimmed">
          {t('shortened')}
        </Text>
      )}
      <CopyBlock code={whole} shown={shown} />
    </Stack>
  )
}

const LONG = 2_000

function shortened(_: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= LONG) return value
  return `${value.slice(0, 120)}… (${value.length})`
}

/** What came back, event by event as it came. */
export function RawReply({ exchange, children }: { exchange: Exchange | undefined; children?: ReactNode }) {
  const { t } = useTexts(TEXTS)
  if (exchange === undefined) return <Empty title={t('replyNone')} />
  const { raw, headers, status } = exchange
  const head = [`HTTP ${status ?? '…'}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  return (
    <Stack gap="sm">
      {children}
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {t('events', { count: raw.length })}
        </Text>
        <Copy value={raw.map(asFrame).join('\n\n')} label={t('copyAll')} />
      </Group>
      <Events raw={raw} />
      <Text size="sm" fw={500}>
        {t('headers')}
      </Text>
      <CopyBlock code={head} />
    </Stack>
  )
}

function asFrame({ event, data }: RawEvent): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data}`
}

function Events({ raw }: { raw: readonly RawEvent[] }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: raw.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 40,
    overscan: 10,
  })
  return (
    <div ref={scroll} className={classes.raw} tabIndex={0} role="region" aria-label={t('tabReply')}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const event = raw[row.index]
          if (event === undefined) return null
          return (
            <div
              key={row.key}
              data-index={row.index}
              ref={rows.measureElement}
              className={classes.rawRow}
              style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${row.start}px)` }}
            >
              <span className={classes.rawTime}>{format.number(Math.round(event.atMs))} ms</span>
              <span className={classes.rawData}>
                {event.event === undefined ? null : <Code>{event.event}</Code>}{' '}
                {event.data.length > LONG ? `${event.data.slice(0, LONG)}… (${event.data.length})` : event.data}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
