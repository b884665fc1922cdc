import { Button, Group, Pill, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useId } from 'react'
import { useTexts } from '../../i18n/index.js'
import { GROUPS, METRICS, RANGE_NAMES, type Asked, type Group as By } from './asked.js'
import classes from './usage.module.css'
import { useFilterNames } from './filter-names.js'
import { isSum } from './metrics.js'
import { TEXTS } from './texts.js'

export interface ControlsProps {
  asked: Asked
  ask(more: Partial<Asked>): void
}

const DAY = 86_400_000

/** Which time, split by what, and which number. */
export function Controls({ asked, ask }: ControlsProps) {
  const { t } = useTexts(TEXTS)
  const rangeId = useId()
  return (
    <Stack gap="sm">
      <Group gap="xs" align="center">
        <Text size="sm" fw={500} id={rangeId}>
          {t('range')}
        </Text>
        <Group gap={4} role="group" aria-labelledby={rangeId}>
          {RANGE_NAMES.map((range) => (
            <Button
              key={range}
              size="compact-sm"
              variant={asked.range === range ? 'filled' : 'default'}
              aria-pressed={asked.range === range}
              onClick={() => ask(range === 'custom' ? { range, from: asked.from ?? Date.now() - 2 * DAY } : { range })}
            >
              {t(`ranges.${range}`)}
            </Button>
          ))}
        </Group>
      </Group>
      {asked.range === 'custom' ? <OwnTime asked={asked} ask={ask} /> : null}
      <Group gap="sm" align="flex-end">
        <Select
          label={t('metric')}
          className={classes.select}
          value={asked.metric}
          onChange={(metric) => ask({ metric: METRICS.find((one) => one === metric) ?? 'requests' })}
          data={METRICS.map((value) => ({ value, label: t(`metrics.${value}`) }))}
          allowDeselect={false}
          comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
        />
        <Select
          label={t('by')}
          className={classes.select}
          value={asked.by}
          onChange={(by) => ask({ by: GROUPS.find((one) => one === by) ?? 'none' })}
          data={[...GROUPS, 'none' as const].map((value) => ({ value, label: t(`groups.${value}`) }))}
          allowDeselect={false}
        />
        {isSum(asked.metric) ? (
          <SegmentedControl
            aria-label={t('kind')}
            value={asked.kind}
            onChange={(kind) => ask({ kind: kind === 'line' ? 'line' : 'stacked' })}
            data={[
              { value: 'stacked', label: t('kinds.stacked') },
              { value: 'line', label: t('kinds.line') },
            ]}
          />
        ) : null}
      </Group>
      <Filters asked={asked} ask={ask} />
    </Stack>
  )
}

/** As an input of the browser writes a time of here. */
function local(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

function OwnTime({ asked, ask }: ControlsProps) {
  const { t } = useTexts(TEXTS)
  const set = (name: 'from' | 'to') => (event: React.ChangeEvent<HTMLInputElement>) => {
    const at = Date.parse(event.currentTarget.value)
    if (!Number.isNaN(at)) ask({ [name]: at })
  }
  return (
    <Group gap="sm">
      <TextInput
        type="datetime-local"
        label={t('from')}
        value={local(asked.from ?? Date.now() - DAY)}
        max={local(asked.to ?? Date.now())}
        onChange={set('from')}
      />
      <TextInput
        type="datetime-local"
        label={t('to')}
        value={local(asked.to ?? Date.now())}
        min={local(asked.from ?? 0)}
        onChange={set('to')}
      />
    </Group>
  )
}

/** What alone is looked at. */
function Filters({ asked, ask }: ControlsProps) {
  const { t } = useTexts(TEXTS)
  const nameOf = useFilterNames(asked)
  const only = Object.entries(asked.only) as [By, string][]
  if (only.length === 0) return null
  return (
    <Group gap="xs" role="group" aria-label={t('filters')}>
      {only.map(([by, group]) => {
        const name = `${t(`groups.${by}`)}: ${nameOf(by, group)}`
        return (
          <Pill
            key={by}
            size="md"
            withRemoveButton
            removeButtonProps={{ 'aria-label': t('removeFilter', { name }), 'aria-hidden': false, tabIndex: 0 }}
            onRemove={() => ask({ only: Object.fromEntries(only.filter(([other]) => other !== by)) })}
          >
            {name}
          </Pill>
        )
      })}
    </Group>
  )
}
