import { ActionIcon, Chip, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core'
import { IconSearch, IconSortAscending, IconSortDescending } from '@tabler/icons-react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { useStateName } from '../../parts/account-state.js'
import classes from './accounts.module.css'
import { SORTS, STATES, type Figures, type Sort, type Wish } from './choose.js'
import { TEXTS } from './texts.js'

export type View = 'cards' | 'table'

export interface FiltersProps {
  wish: Wish
  onWish(change: Partial<Wish>): void
  figures: Figures
  view: View
  onView(view: View): void
}

/** How many are how; a click shows those alone. Below, what else tells them apart. */
export function Filters({ wish, onWish, figures, view, onView }: FiltersProps) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const stateName = useStateName()
  const chips = [
    ...(figures.attention > 0 || wish.state === 'attention'
      ? [{ value: 'attention' as const, label: t('filters.attention'), count: figures.attention, color: 'red' }]
      : []),
    ...STATES.filter((state) => figures.states[state] > 0 || wish.state === state).map((state) => ({
      value: state,
      label: stateName(state),
      count: figures.states[state],
      color: undefined,
    })),
  ]
  return (
    <>
      <div className={classes.chips} role="group" aria-label={t('filters.label')}>
        {chips.map(({ value, label, count, color }) => (
          <Chip
            key={value}
            size="sm"
            variant="light"
            {...(color === undefined ? {} : { color })}
            checked={wish.state === value}
            onChange={(on) => onWish({ state: on ? value : null })}
          >
            {label} {format.number(count)}
          </Chip>
        ))}
      </div>
      <div className={classes.filters}>
        <TextInput
          className={classes.search}
          type="search"
          label={t('search')}
          placeholder={t('searchHint')}
          leftSection={<IconSearch size={16} />}
          value={wish.search}
          onChange={(event) => onWish({ search: event.currentTarget.value })}
        />
        <Select
          className={classes.filter}
          label={t('filters.plan')}
          placeholder={t('filters.anyPlan')}
          data={[...figures.plans]}
          value={wish.plan}
          onChange={(plan) => onWish({ plan })}
          clearable
        />
        {figures.groups.length === 0 && wish.group === null ? null : (
          <Select
            className={classes.filter}
            label={t('filters.group')}
            placeholder={t('filters.anyGroup')}
            data={[...figures.groups]}
            value={wish.group}
            onChange={(group) => onWish({ group })}
            clearable
          />
        )}
        <Select
          className={classes.filter}
          label={t('sort.label')}
          data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
          value={wish.sort}
          allowDeselect={false}
          onChange={(sort) => onWish({ sort: (sort ?? 'name') as Sort })}
        />
        <Tooltip label={t('sort.turn')}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('sort.turn')}
            aria-pressed={wish.descending}
            onClick={() => onWish({ descending: !wish.descending })}
          >
            {wish.descending ? <IconSortDescending size={18} /> : <IconSortAscending size={18} />}
          </ActionIcon>
        </Tooltip>
        <SegmentedControl
          aria-label={t('view.label')}
          value={view}
          onChange={(value) => onView(value as View)}
          data={[
            { value: 'cards', label: t('view.cards') },
            { value: 'table', label: t('view.table') },
          ]}
        />
      </div>
    </>
  )
}
