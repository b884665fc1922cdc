import { Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCpu, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty } from '../../parts/page.js'
import { ModelCards, ModelTable, type Sort, type SORTS } from './model-table.js'
import type { Model } from './data.js'
import { TEXTS } from './texts.js'

const KINDS = ['all', 'codex', 'keys', 'own'] as const
type Kind = (typeof KINDS)[number]

function kindOf({ kind, provider }: Model): Exclude<Kind, 'all'> {
  if (kind !== 'model') return 'own'
  return provider === 'codex' ? 'codex' : 'keys'
}

const RANK: Readonly<Record<(typeof SORTS)[number], (model: Model) => number | string>> = {
  name: ({ name }) => name.toLowerCase(),
  context: ({ contextWindow }) => contextWindow ?? -1,
  price: ({ price }) => price?.output ?? -1,
}

function sorted(models: readonly Model[], sort: Sort): readonly Model[] {
  if (sort === undefined) return models
  const rank = RANK[sort.by]
  const turn = sort.up ? 1 : -1
  return [...models].sort((a, b) => {
    const [one, other] = [rank(a), rank(b)]
    return (one < other ? -1 : one > other ? 1 : 0) * turn
  })
}

/** Every name that can be asked for. */
export function Catalog({
  models,
  defaultModel,
  open,
}: {
  models: readonly Model[]
  defaultModel: string
  open(model: Model): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const onPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const [search, setSearch] = useState('')
  const [kind, setKind] = useState<Kind>('all')
  const [sort, setSort] = useState<Sort>()
  const shown = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    const fitting = models.filter(
      (model) =>
        (kind === 'all' || kindOf(model) === kind) &&
        `${model.name}\n${model.displayName}\n${model.target}\n${model.source}`.toLowerCase().includes(wanted),
    )
    return sorted(fitting, sort)
  }, [models, search, kind, sort])

  const kinds = KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))
  if (models.length === 0) {
    return (
      <Empty icon={<IconCpu size={40} stroke={1.4} />} title={t('emptyTitle')}>
        {t('empty')}
      </Empty>
    )
  }
  return (
    <Stack>
      <Group gap="sm">
        <TextInput
          flex="1 1 220px"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={common.t('act.search')}
          aria-label={t('searchLabel')}
          leftSection={<IconSearch size={16} />}
        />
        {onPhone === true ? (
          <Select
            flex="1 1 140px"
            value={kind}
            onChange={(value) => setKind(value ?? 'all')}
            data={kinds}
            allowDeselect={false}
            aria-label={t('kindLabel')}
          />
        ) : (
          <SegmentedControl
            value={kind}
            onChange={setKind}
            data={kinds}
            aria-label={t('kindLabel')}
            withItemsBorders={false}
          />
        )}
      </Group>
      {shown.length === 0 ? (
        <Empty title={common.t('state.noMatch')} />
      ) : onPhone === true ? (
        <ModelCards models={shown} defaultModel={defaultModel} open={open} />
      ) : (
        <ModelTable models={shown} defaultModel={defaultModel} open={open} sort={sort} setSort={setSort} />
      )}
      <Text size="sm" c="dimmed" aria-live="polite">
        {t('count', { count: shown.length })}
      </Text>
    </Stack>
  )
}
