import { Badge, Drawer, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { ApiError } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Copy } from '../../parts/copy.js'
import { Loaded } from '../../parts/page.js'
import { Attempts } from './attempts.js'
import { Bodies } from './bodies.js'
import { useDetail, type Detail } from './data.js'
import { isKind, Outcome } from './outcome.js'
import { shareOf } from './request-row.js'
import { TEXTS } from './texts.js'
import { Timeline } from './timeline.js'
import classes from './timeline.module.css'

/** Everything that is known of one request. */
export function DetailDrawer({ id, close, open }: { id?: string; close: () => void; open: (id: string) => void }) {
  const { t } = useTexts(TEXTS)
  return (
    <Drawer
      opened={id !== undefined}
      onClose={close}
      position="right"
      size="min(760px, 100%)"
      title={
        <Text fw={700} component="span">
          {t('detail.title')}
        </Text>
      }
      closeButtonProps={{ 'aria-label': t('detail.close') }}
    >
      {id === undefined ? null : <Inside key={id} id={id} open={open} />}
    </Drawer>
  )
}

function Inside({ id, open }: { id: string; open: (id: string) => void }) {
  const { t } = useTexts(TEXTS)
  const query = useDetail(id)
  if (query.error instanceof ApiError && query.error.status === 404) return <Text>{t('detail.gone')}</Text>
  return (
    <Loaded query={query} skeleton={520}>
      {(of) => (of === null ? null : <Everything of={of} open={open} />)}
    </Loaded>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  )
}

function Everything({ of, open }: { of: Detail; open: (id: string) => void }) {
  const { t } = useTexts(TEXTS)
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <Outcome of={of} words />
        <Text fw={600}>{of.model}</Text>
        {of.stream ? (
          <Badge variant="default" tt="none">
            {t('detail.stream')}
          </Badge>
        ) : null}
      </Group>
      {of.failure === null ? null : (
        <Section title={t('detail.failure')}>
          <Failure of={of.failure} />
        </Section>
      )}
      <Section title={t('detail.timeline')}>
        <Timeline of={of} />
      </Section>
      <Section title={t('detail.facts')}>
        <Facts of={of} />
      </Section>
      <Section title={t('detail.route')}>
        <Attempts of={of} />
        <Text
          size="sm"
          component={Link}
          href={`/models?tab=explain&name=${encodeURIComponent(of.model)}`}
          c="var(--mantine-color-anchor)"
        >
          {t('detail.explain')}
        </Text>
      </Section>
      <Section title={t('detail.tokens')}>
        <Tokens of={of} />
      </Section>
      <Section title={t('detail.notes')}>
        <Notes of={of} />
      </Section>
      <Section title={t('detail.bodies')}>
        <Bodies of={of} open={open} />
      </Section>
    </Stack>
  )
}

function Failure({ of }: { of: NonNullable<Detail['failure']> }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  return (
    <Stack gap={4}>
      {isKind(of.kind) ? (
        <Text size="sm" fw={600}>
          {t(`kind.${of.kind}`)}
        </Text>
      ) : null}
      <Text size="sm">{of.message}</Text>
      <Text size="sm" c="dimmed">
        {[
          of.pointer === null || of.pointer === '' ? undefined : t('detail.place_of', { pointer: of.pointer }),
          of.upstream === null
            ? undefined
            : t('detail.upstream', { status: [of.upstream.status, of.upstream.code].filter(Boolean).join(' ') }),
          of.retryAt === null ? undefined : t('detail.retryAt', { time: format.relative(of.retryAt) }),
        ]
          .filter((one) => one !== undefined)
          .join(' · ')}
      </Text>
      {isKind(of.kind) ? (
        <Text size="sm">
          <strong>{t('detail.wayOut')}:</strong> {t(`way.${of.kind}`)}
        </Text>
      ) : null}
    </Stack>
  )
}

function Facts({ of }: { of: Detail }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const facts: [string, ReactNode][] = [
    [t('detail.started'), format.dateTime(of.timestamp)],
    [t('detail.path'), of.path],
    [t('detail.dialect'), of.dialect],
    [t('detail.key'), of.key.name],
    ...(of.client === null ? [] : [[t('detail.client'), of.client] as [string, ReactNode]]),
    ...(of.account === null ? [] : [[t('detail.account'), of.account.name] as [string, ReactNode]]),
    ...(of.serviceTier === null ? [] : [[t('detail.tier'), of.serviceTier] as [string, ReactNode]]),
    [
      t('detail.id'),
      <Group key="id" gap={4} wrap="nowrap" component="span">
        <span>{of.requestId}</span>
        <Copy value={of.requestId} label={t('detail.copyId')} />
      </Group>,
    ],
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text size="xs" c="dimmed" component="dt">
            {name}
          </Text>
          <Text size="sm" component="dd">
            {value}
          </Text>
        </div>
      ))}
    </dl>
  )
}

function Tokens({ of: { usage, costUsd, tokensPerSecond } }: { of: Detail }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const images = (usage?.imageInputTokens ?? 0) + (usage?.imageOutputTokens ?? 0)
  const rows: [string, string][] = [
    ...(usage === null
      ? []
      : ([
          [t('detail.input'), format.number(usage.inputTokens)],
          [t('detail.cachedInput'), `${format.number(usage.cachedTokens)} (${shareOf(usage, format)})`],
          [t('detail.output'), format.number(usage.outputTokens)],
          [t('detail.reasoning'), format.number(usage.reasoningTokens)],
          ...(images === 0 ? [] : [[t('detail.images'), format.number(images)] as [string, string]]),
        ] as [string, string][])),
    [t('detail.cost'), costUsd === null ? t('detail.noPrice') : format.usd(costUsd)],
    ...(tokensPerSecond === null
      ? []
      : [[t('detail.speed'), t('card.perSecond', { value: format.number(tokensPerSecond, 1) })] as [string, string]]),
  ]
  return (
    <dl className={classes.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <Text size="xs" c="dimmed" component="dt">
            {name}
          </Text>
          <Text size="sm" component="dd" className="numbers">
            {value}
          </Text>
        </div>
      ))}
    </dl>
  )
}

function Notes({ of: { notes } }: { of: Detail }) {
  const { t } = useTexts(TEXTS)
  if (notes.length === 0) return <Text size="sm">{t('detail.noNotes')}</Text>
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('detail.place')}</Table.Th>
          <Table.Th>{t('detail.change')}</Table.Th>
          <Table.Th>{t('detail.why')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {notes.map(({ pointer, what, why }, at) => (
          <Table.Tr key={`${at}${pointer}`}>
            <Table.Td ff="monospace" fz="xs">
              {pointer === '' ? '/' : pointer}
            </Table.Td>
            <Table.Td>{t(`what.${what}`)}</Table.Td>
            <Table.Td>{why}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
