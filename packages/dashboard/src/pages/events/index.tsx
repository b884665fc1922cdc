import { Button, Menu, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { IconBell, IconDownload, IconSearch, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { api, rawFetch } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { saveFile } from '../../parts/save-file.js'
import { askFirst, sayDone, sayFailed } from '../../parts/say.js'
import { EVENTS, NO_FILTER, queryOf, useAccountNames, useEvents, type Event, type Filter } from './data.js'
import { EventList } from './event-list.js'
import { TEXTS } from './texts.js'

const TYPES = Object.keys(TEXTS.en.types) as Event['type'][]

export default function EventsPage() {
  const { t, language } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [filter, setFilter] = useState<Filter>(NO_FILTER)
  const [text] = useDebouncedValue(filter.text, 250)
  const asked = { ...filter, text }
  const query = useEvents(asked, language)
  const accounts = useAccountNames()
  useRefreshOn('events', EVENTS)
  const change = (more: Partial<Filter>): void => setFilter({ ...filter, ...more })
  const filtered = Object.keys(queryOf(filter, language)).length > 1

  const clear = (): void =>
    askFirst({
      title: t('clearTitle'),
      children: <Text size="sm">{t('clearText')}</Text>,
      confirm: common.t('act.clear'),
      cancel: common.t('act.cancel'),
      run: async () => {
        const { data } = await api.DELETE('/admin/events')
        await client.invalidateQueries({ queryKey: EVENTS })
        sayDone(t('cleared', { count: data?.deleted ?? 0 }))
      },
    })
  const save = (format: 'json' | 'csv'): void => {
    const told = new URLSearchParams({ ...queryOf(filter, language), format })
    rawFetch(`/admin/events/export?${told.toString()}`)
      .then((answer) => answer.blob())
      .then((blob) => saveFile(blob, `dragoman-events.${format}`))
      .catch((error: unknown) => sayFailed(error))
  }

  return (
    <Page
      title={common.t('nav.events')}
      about={t('about')}
      actions={
        <>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={16} />}>
                {t('export')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => save('json')}>{t('asJson')}</Menu.Item>
              <Menu.Item onClick={() => save('csv')}>{t('asCsv')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button variant="default" leftSection={<IconTrash size={16} />} onClick={clear}>
            {t('clear')}
          </Button>
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xs" role="search">
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} />}
          value={filter.text}
          onChange={({ currentTarget }) => change({ text: currentTarget.value })}
        />
        <Select
          aria-label={t('level')}
          data={[
            { value: 'info', label: t('anyLevel') },
            { value: 'warning', label: t('atLeastWarning') },
            { value: 'critical', label: t('onlyCritical') },
          ]}
          value={filter.level ?? 'info'}
          allowDeselect={false}
          onChange={(value) => change({ level: value as Event['level'] | null })}
        />
        <Select
          aria-label={t('type')}
          placeholder={t('anyType')}
          data={TYPES.map((value) => ({ value, label: t(`types.${value}`) }))}
          value={filter.type}
          clearable
          onChange={(value) => change({ type: TYPES.find((type) => type === value) ?? null })}
        />
        <Select
          aria-label={t('account')}
          placeholder={t('anyAccount')}
          data={accounts.data ?? []}
          value={filter.account}
          clearable
          searchable
          onChange={(account) => change({ account })}
        />
      </SimpleGrid>
      <Loaded query={query} skeleton={420}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events)
          if (events.length > 0) {
            return (
              <EventList
                events={events}
                more={query.hasNextPage}
                loading={query.isFetchingNextPage}
                loadMore={() => void query.fetchNextPage()}
              />
            )
          }
          return filtered ? (
            <Empty
              icon={<IconBell size={36} />}
              title={common.t('state.noMatch')}
              action={
                <Button variant="light" onClick={() => setFilter(NO_FILTER)}>
                  {t('showAll')}
                </Button>
              }
            >
              {t('noMatchAbout')}
            </Empty>
          ) : (
            <Empty icon={<IconBell size={36} />} title={t('empty')}>
              {t('emptyAbout')}
            </Empty>
          )
        }}
      </Loaded>
    </Page>
  )
}
