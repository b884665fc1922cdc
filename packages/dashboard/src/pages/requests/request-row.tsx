import { Group, Text } from '@mantine/core'
import {
  IconArrowRight,
  IconFileText,
  IconGitBranch,
  IconLanguage,
  IconRepeat,
  IconTransfer,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useFormat, type Format } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { LoggedRequest, RunningRequest } from './data.js'
import { isKind, Outcome, Running } from './outcome.js'
import classes from './request-list.module.css'
import { TEXTS } from './texts.js'

export const COLUMNS = [
  'time',
  'status',
  'model',
  'client',
  'ttft',
  'speed',
  'latency',
  'tokens',
  'cost',
  'notes',
] as const

/** A number under its column; where rows are cards it says what it is. */
function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="cell" className={`${classes.number} ${children === null ? classes.nothing : ''}`}>
      <span className={classes.label}>{label}</span>
      {children}
    </div>
  )
}

export function RunningRow({ of }: { of: RunningRequest }) {
  const format = useFormat()
  return (
    <>
      <div role="cell" className={`${classes.cell} ${classes.time}`}>
        <span className={classes.link}>{format.time(of.timestamp)}</span>
      </div>
      <div role="cell" className={`${classes.cell} ${classes.status}`}>
        <Running />
      </div>
      <div role="cell" className={`${classes.cell} ${classes.wide}`}>
        <Text size="sm" fw={500}>
          {of.model}
        </Text>
      </div>
      <div role="cell" className={`${classes.cell} ${classes.wide}`}>
        <Client of={of} />
      </div>
    </>
  )
}

export function RequestRow({ of, href }: { of: LoggedRequest; href: string }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { usage } = of
  const target = of.upstreamModel === null || of.provider === null ? of.route : `${of.provider}:${of.upstreamModel}`
  const duration = (ms: number | null): string | null => (ms === null ? null : format.duration(ms))
  return (
    <>
      <div role="cell" className={`${classes.cell} ${classes.time}`}>
        <Link href={href} className={classes.link ?? ''} title={format.dateTime(of.timestamp)}>
          {format.time(of.timestamp)}
        </Link>
      </div>
      <div role="cell" className={`${classes.cell} ${classes.status}`}>
        <Outcome of={of} />
      </div>
      <div role="cell" className={`${classes.cell} ${classes.wide}`}>
        <Text size="sm" fw={500}>
          {of.model}
        </Text>
        {target === null || target === of.model ? null : (
          <Text size="xs" c="dimmed">
            <IconArrowRight size={11} aria-hidden /> {target}
            {of.account === null ? '' : ` · ${of.account.name}`}
          </Text>
        )}
      </div>
      <div role="cell" className={`${classes.cell} ${classes.wide}`}>
        <Client of={of} />
      </div>
      <Figure label={t('column.ttft')}>{duration(of.ttftMs)}</Figure>
      <Figure label={t('column.speed')}>
        {of.tokensPerSecond === null ? null : format.number(of.tokensPerSecond, of.tokensPerSecond < 10 ? 1 : 0)}
      </Figure>
      <Figure label={t('column.latency')}>{duration(of.latencyMs)}</Figure>
      <Figure label={t('column.tokens')}>
        {usage === null ? null : (
          <>
            {format.compact(usage.inputTokens + usage.outputTokens)}
            {usage.cachedTokens === 0 ? null : (
              <Text size="xs" c="dimmed" component="div">
                {t('cached', { share: shareOf(usage, format) })}
              </Text>
            )}
          </>
        )}
      </Figure>
      <Figure label={t('column.cost')}>
        {of.costUsd === null || of.usage === null ? null : format.usd(of.costUsd)}
      </Figure>
      <div role="cell" className={`${classes.number} ${hasMarks(of) ? '' : classes.nothing}`}>
        <Marks of={of} />
      </div>
      {of.outcome === 'failed' ? (
        <div role="cell" className={classes.error}>
          {isKind(of.errorKind) ? `${t(`kind.${of.errorKind}`)}: ` : ''}
          {shortened(of.error ?? '')}
        </div>
      ) : null}
    </>
  )
}

export function shareOf(usage: { inputTokens: number; cachedTokens: number }, format: Format): string {
  return format.percent(usage.inputTokens === 0 ? 0 : usage.cachedTokens / usage.inputTokens)
}

/** The whole of it stands in the request. */
function shortened(message: string): string {
  return message.length > 160 ? `${message.slice(0, 159)}…` : message
}

function Client({ of }: { of: RunningRequest }) {
  return (
    <>
      <Text size="sm">{of.key.name}</Text>
      {of.client === null ? null : (
        <Text size="xs" c="dimmed">
          {of.client}
        </Text>
      )}
    </>
  )
}

function hasMarks(of: LoggedRequest): boolean {
  return of.noteCount > 0 || of.attemptCount > 1 || of.fallbackCount > 0 || of.moved || of.hasBodies
}

function Marks({ of }: { of: LoggedRequest }) {
  const { t } = useTexts(TEXTS)
  const mark = (icon: ReactNode, label: string, text?: number): ReactNode => (
    <span key={label} title={label} role="img" aria-label={label}>
      {icon}
      {text === undefined ? null : <span aria-hidden>{text}</span>}
    </span>
  )
  return (
    <Group gap={5} justify="flex-end" fz="xs" c="dimmed">
      {of.attemptCount > 1
        ? mark(<IconRepeat size={14} />, t('attempts', { count: of.attemptCount }), of.attemptCount)
        : null}
      {of.fallbackCount > 0 ? mark(<IconGitBranch size={14} />, t('fellBack')) : null}
      {of.moved ? mark(<IconTransfer size={14} />, t('moved')) : null}
      {of.noteCount > 0
        ? mark(<IconLanguage size={14} />, t('noteCount', { count: of.noteCount }), of.noteCount)
        : null}
      {of.hasBodies ? mark(<IconFileText size={14} />, t('hasBodies')) : null}
    </Group>
  )
}
