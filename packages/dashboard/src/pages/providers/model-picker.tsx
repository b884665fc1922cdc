import { ActionIcon, Alert, Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { IconPlus, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useRef, useState, type ReactNode } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import type { KeyModel } from './data.js'
import classes from './providers.module.css'
import { TEXTS } from './texts.js'

export interface Picked {
  every: boolean
  models: KeyModel[]
}

const ROW = 34

/** Which models a key serves: every name, or some of the provider's list and of one's own. */
export function ModelPicker({
  provider,
  picked,
  onChange,
  listed,
  fetchedAt,
  fetch,
  fetching,
  problem,
  error,
}: {
  provider: string
  picked: Picked
  onChange(picked: Picked): void
  /** What the provider lists, or what is known of it. */
  listed: readonly KeyModel[]
  fetchedAt: string | undefined
  fetch(): void
  fetching: boolean
  /** Why the list could not be read. */
  problem: string | undefined
  error: ReactNode
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  return (
    <Stack gap="xs" role="group" aria-label={t('form.models')}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500}>
          {t('form.models')}
        </Text>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconRefresh size={14} />}
          loading={fetching}
          onClick={fetch}
        >
          {fetchedAt === undefined ? t('form.fetch') : t('form.fetchAgain')}
        </Button>
      </Group>
      <SegmentedControl
        fullWidth
        value={picked.every ? 'all' : 'some'}
        onChange={(value) => onChange({ ...picked, every: value === 'all' })}
        data={[
          { value: 'some', label: t('form.some') },
          { value: 'all', label: t('form.all') },
        ]}
        aria-label={t('form.models')}
      />
      {problem === undefined ? null : (
        <Alert color="orange" variant="light" p="xs">
          <Text size="sm" className={classes.word}>
            {problem}
          </Text>
          <Text size="sm">{t('form.fetchFailed')}</Text>
        </Alert>
      )}
      {picked.every ? (
        <Text size="sm" c="dimmed">
          {t('form.allAbout', { name: provider })}
        </Text>
      ) : (
        <Choice picked={picked} onChange={onChange} listed={listed} />
      )}
      <Text size="xs" c="dimmed">
        {picked.every ? null : t('form.chosen', { count: picked.models.length })}
        {picked.every || fetchedAt === undefined ? null : ' · '}
        {fetchedAt === undefined ? null : t('form.fetched', { count: listed.length, when: format.relative(fetchedAt) })}
      </Text>
      {error === undefined ? null : (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  )
}

function Choice({
  picked,
  onChange,
  listed,
}: {
  picked: Picked
  onChange(picked: Picked): void
  listed: readonly KeyModel[]
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [search, setSearch] = useState('')
  const [own, setOwn] = useState('')
  const chosen = new Map(picked.models.map((model) => [model.id, model]))
  const all = [...picked.models.filter(({ id }) => !listed.some((one) => one.id === id)), ...listed]
  const wanted = search.trim().toLowerCase()
  const shown = all.filter(({ id, displayName }) => `${id}\n${displayName ?? ''}`.toLowerCase().includes(wanted))
  const set = (models: KeyModel[]): void => onChange({ ...picked, models })
  const toggle = (model: KeyModel): void =>
    set(chosen.has(model.id) ? picked.models.filter(({ id }) => id !== model.id) : [...picked.models, model])

  function addOwn(): void {
    const [id = '', upstream] = own.split('=').map((part) => part.trim())
    if (id === '') return
    const model = { id, ...(upstream === undefined || upstream === '' ? {} : { upstream }) }
    set([...picked.models.filter((one) => one.id !== id), model])
    setOwn('')
  }

  return (
    <>
      {all.length === 0 ? null : (
        <>
          <Group gap="xs">
            <TextInput
              flex={1}
              miw={160}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              placeholder={t('form.searchModels')}
              aria-label={t('form.searchModels')}
              leftSection={<IconSearch size={16} />}
            />
            <Button
              variant="default"
              onClick={() => set([...new Map([...picked.models, ...shown].map((one) => [one.id, one])).values()])}
            >
              {t('form.chooseShown')}
            </Button>
            <Button variant="default" onClick={() => set([])}>
              {t('form.chooseNone')}
            </Button>
          </Group>
          {shown.length === 0 ? (
            <Text size="sm" c="dimmed">
              {common.t('state.noMatch')}
            </Text>
          ) : (
            <List models={shown} chosen={chosen} toggle={toggle} />
          )}
        </>
      )}
      <TextInput
        label={t('form.ownModel')}
        description={t('form.ownModelHint')}
        value={own}
        onChange={(event) => setOwn(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          addOwn()
        }}
        rightSection={
          <ActionIcon variant="subtle" onClick={addOwn} aria-label={t('form.addModel')} disabled={own.trim() === ''}>
            <IconPlus size={16} />
          </ActionIcon>
        }
      />
    </>
  )
}

function List({
  models,
  chosen,
  toggle,
}: {
  models: readonly KeyModel[]
  chosen: ReadonlyMap<string, KeyModel>
  toggle(model: KeyModel): void
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: models.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  return (
    <div ref={box} className={classes.list} tabIndex={0} role="group" aria-label={t('form.some')}>
      <div className={classes.inside} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const model = models[index]
          if (model === undefined) return null
          const { id, upstream, contextWindow } = model
          return (
            <div key={id} className={classes.item} style={{ transform: `translateY(${start}px)`, height: ROW }}>
              <Checkbox
                size="sm"
                checked={chosen.has(id)}
                onChange={() => toggle(model)}
                label={
                  <>
                    {upstream === undefined ? id : `${id} = ${upstream}`}
                    {contextWindow === undefined ? null : (
                      <Text span size="xs" c="dimmed">
                        {' '}
                        {format.compact(contextWindow)}
                      </Text>
                    )}
                  </>
                }
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}
