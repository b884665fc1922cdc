import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { IconFilter, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { SLOW_SECONDS, TIMES, type Asked, type Field, type Time } from './asked.js'
import { useNames } from './data.js'
import classes from './filters.module.css'
import { TEXTS } from './texts.js'

interface Choice {
  value: string
  label: string
}

const FURTHER: readonly Field[] = ['client', 'provider', 'dialect', 'slow']

export function Filters({ filter, change }: { filter: Asked['filter']; change: (filter: Asked['filter']) => void }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { data: names } = useNames()
  const [open, { toggle }] = useDisclosure(FURTHER.some((field) => filter[field] !== undefined))
  const [search, setSearch] = useState(filter.search ?? '')
  useEffect(() => setSearch(filter.search ?? ''), [filter.search])
  const set = (field: Field, value: string | null): void => {
    const { [field]: _, ...rest } = filter
    change(value === null || value === '' ? rest : { ...rest, [field]: value })
  }
  const say = useDebouncedCallback((value: string) => set('search', value), 300)

  const choose = (field: Field, label: string, any: string, choices: readonly Choice[]) => {
    const chosen = filter[field]
    const known = chosen === undefined || choices.some(({ value }) => value === chosen)
    return (
      <Select
        aria-label={label}
        placeholder={any}
        value={chosen ?? null}
        data={known ? choices : [...choices, { value: chosen, label: chosen }]}
        onChange={(value) => set(field, value)}
        clearable
        className={classes.choice ?? ''}
        searchable={choices.length > 8}
        clearButtonProps={{ 'aria-label': t('filter.clear') }}
      />
    )
  }
  const same = (list: readonly string[] | undefined): Choice[] => (list ?? []).map((value) => ({ value, label: value }))
  const called = (list: readonly { id: string; name: string }[] | undefined): Choice[] =>
    (list ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const times = Object.keys(TIMES) as Time[]

  return (
    <div role="search" aria-label={t('filter.label')}>
      <div className={classes.filters} data-open={open}>
        <TextInput
          aria-label={t('filter.search')}
          placeholder={t('filter.searchHint')}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={({ currentTarget: { value } }) => {
            setSearch(value)
            say(value)
          }}
          className={classes.search ?? ''}
        />
        {choose('status', t('filter.status'), t('filter.anyStatus'), [
          { value: 'ok', label: t('outcome.ok') },
          { value: 'failed', label: t('outcome.failed') },
          { value: 'cancelled', label: t('outcome.cancelled') },
          { value: '4xx', label: t('filter.clientErrors') },
          { value: '5xx', label: t('filter.serverErrors') },
        ])}
        {choose(
          'time',
          t('filter.time'),
          t('filter.anyTime'),
          times.map((value) => ({
            value,
            label: t('filter.last', { time: format.duration(TIMES[value] * 3_600_000) }),
          })),
        )}
        {choose('model', t('filter.model'), t('filter.anyModel'), same(names?.models))}
        {choose('account', t('filter.account'), t('filter.anyAccount'), called(names?.accounts))}
        {choose('key', t('filter.key'), t('filter.anyKey'), called(names?.keys))}
        {open ? (
          <>
            {choose('client', t('filter.client'), t('filter.anyClient'), same(names?.clients))}
            {choose('provider', t('filter.provider'), t('filter.anyProvider'), same(names?.providers))}
            {choose('dialect', t('filter.dialect'), t('filter.anyDialect'), same(names?.dialects))}
            {choose(
              'slow',
              t('filter.slow'),
              t('filter.anySlow'),
              SLOW_SECONDS.map((count) => ({
                value: String(count),
                label: `${t('filter.slow')} ${t('filter.seconds', { count })}`,
              })),
            )}
          </>
        ) : null}
        <Button
          variant="subtle"
          leftSection={<IconFilter size={14} />}
          onClick={toggle}
          aria-expanded={open}
          className={classes.button ?? ''}
        >
          {open ? t('filter.fewer') : t('filter.more')}
        </Button>
        {Object.keys(filter).length === 0 ? null : (
          <Button
            variant="subtle"
            leftSection={<IconX size={14} />}
            onClick={() => change({})}
            className={classes.button ?? ''}
          >
            {t('filter.clear')}
          </Button>
        )}
      </div>
    </div>
  )
}
