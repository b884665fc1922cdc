import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconDownload, IconPlus, IconUsers } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { api, type Schemas } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { doUnlessUndone } from '../../parts/say.js'
import classes from './accounts.module.css'
import type { ListActs } from './acts.js'
import { AddDialog, type AddWay } from './add-dialog.js'
import { BatchBar } from './batch.js'
import { CardList } from './card-list.js'
import { chosen, figuresOf, type Wish } from './choose.js'
import { KEY, useAccounts, type Listed } from './data.js'
import { Detail } from './detail.js'
import { ExportDialog } from './export-dialog.js'
import { Filters, type View } from './filters.js'
import { useSelection } from './selection.js'
import { TableList } from './table-list.js'
import { TaskProgress } from './task-progress.js'
import { TEXTS } from './texts.js'
import { asSearch, wishFrom } from './wish.js'

const VIEW_KEPT_AS = 'dragoman-accounts-view'
/** With more of them a table is read more easily. */
const MOST_CARDS = 24
/** A table is wider. */
const NARROW = 768

export default function AccountsPage() {
  const { t } = useTexts(TEXTS)
  const query = useAccounts()
  const [adding, setAdding] = useState<AddWay>()
  const [exported, setExported] = useState<readonly string[]>()
  const ids = query.data?.accounts.map(({ id }) => id) ?? []
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            disabled={ids.length === 0}
            onClick={() => setExported(ids)}
          >
            {t('export')}
          </Button>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding('signIn')}>
            {t('add')}
          </Button>
        </>
      }
    >
      <Loaded query={query} skeleton={<ListLoading />}>
        {(listed) => <Accounts listed={listed} onAdd={setAdding} onExport={setExported} adding={adding} />}
      </Loaded>
      {exported === undefined ? null : <ExportDialog ids={exported} onClose={() => setExported(undefined)} />}
    </Page>
  )
}

function ListLoading() {
  return (
    <Stack gap="md">
      <Skeleton height={30} width="min(420px, 100%)" />
      <Skeleton height={60} />
      <Group gap="md" grow>
        <Skeleton height={240} />
        <Skeleton height={240} visibleFrom="sm" />
        <Skeleton height={240} visibleFrom="md" />
      </Group>
    </Stack>
  )
}

interface AccountsProps {
  listed: Listed
  adding: AddWay | undefined
  onAdd(way: AddWay | undefined): void
  onExport(ids: readonly string[]): void
}

function Accounts({ listed, adding, onAdd, onExport }: AccountsProps) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [location, navigate] = useLocation()
  const search = useSearch()
  const { wish, openId } = useMemo(() => wishFrom(search), [search])
  const [view, setView] = useState<View>(() => keptView() ?? usualView(listed.accounts.length))
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [tasks, setTasks] = useState<readonly Schemas['Task'][]>([])
  const here = useMemo(() => listed.accounts.filter(({ id }) => !gone.has(id)), [listed.accounts, gone])
  const figures = useMemo(() => figuresOf(here), [here])
  const [searched] = useDebouncedValue(wish.search, here.length > 200 ? 120 : 0)
  const shown = useMemo(() => chosen(here, { ...wish, search: searched }), [here, wish, searched])
  const order = useMemo(() => shown.map(({ id }) => id), [shown])
  const selection = useSelection(order)
  const open = openId === undefined ? undefined : here.find(({ id }) => id === openId)

  const go = (next: Wish, account: string | undefined): void =>
    navigate(`${location}${asSearch(next, account)}`, { replace: true })
  const now: ListActs = {
    open: (id) => go(wish, id),
    signIn: () => onAdd('signIn'),
    remove(ids) {
      setGone((before) => new Set([...before, ...ids]))
      const back = (): void => setGone((before) => new Set([...before].filter((id) => !ids.includes(id))))
      doUnlessUndone(
        { message: t('did.removed', { count: ids.length }), undo: common.t('act.undo') },
        async () => {
          const { data } = await api.POST('/auth/accounts/batch-delete', {
            params: { query: { background: 'true' } },
            body: { ids: [...ids] },
          })
          if (data !== undefined && 'task' in data && ids.length > 1) setTasks((before) => [data.task, ...before])
          // What was taken away stays away until the list says so itself.
          await client.invalidateQueries({ queryKey: KEY })
        },
        back,
      )
    },
  }
  // The same object always, so that rows that nothing changed for are not drawn anew.
  const latest = useRef(now)
  latest.current = now
  const acts = useMemo<ListActs>(
    () => ({
      open: (id) => latest.current.open(id),
      signIn: () => latest.current.signIn(),
      remove: (ids) => latest.current.remove(ids),
    }),
    [],
  )
  const List = view === 'cards' ? CardList : TableList
  return (
    <>
      {listed.persistence_health.status === 'ok' ? null : (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t('setAside')}>
          {t('setAsideAbout', { path: listed.persistence_health.setAsideTo ?? '' })}
        </Alert>
      )}
      {here.length === 0 ? (
        <Empty
          icon={<IconUsers size={40} stroke={1.5} />}
          title={t('none')}
          action={
            <Button leftSection={<IconPlus size={16} />} onClick={() => onAdd('signIn')}>
              {t('add')}
            </Button>
          }
        >
          {t('noneAbout')}
        </Empty>
      ) : (
        <>
          <Filters
            wish={wish}
            onWish={(change) => go({ ...wish, ...change }, undefined)}
            figures={figures}
            view={view}
            onView={(next) => {
              localStorage.setItem(VIEW_KEPT_AS, next)
              setView(next)
            }}
          />
          <Text size="sm" c="dimmed" role="status">
            {shown.length === here.length
              ? t('shown', { count: here.length })
              : t('some', { shown: shown.length, total: here.length })}
          </Text>
          {shown.length === 0 ? (
            <Empty
              title={t('noMatch')}
              action={
                <Button variant="default" onClick={() => go(wishFrom('').wish, undefined)}>
                  {t('showAll')}
                </Button>
              }
            >
              {t('noMatchAbout')}
            </Empty>
          ) : (
            <List accounts={shown} selection={selection} acts={acts} />
          )}
        </>
      )}
      <div className={classes.dock}>
        {tasks.map((task) => (
          <TaskProgress
            key={task.id}
            task={task}
            onHide={() => setTasks((before) => before.filter(({ id }) => id !== task.id))}
          />
        ))}
        <BatchBar
          selection={selection}
          shown={order}
          onTask={(task) => setTasks((before) => [task, ...before])}
          onExport={onExport}
          onRemove={acts.remove}
        />
      </div>
      {open === undefined ? null : <Detail account={open} acts={acts} onClose={() => go(wish, undefined)} />}
      {adding === undefined ? null : (
        <AddDialog
          way={adding}
          onWay={onAdd}
          onClose={() => onAdd(undefined)}
          onTask={(task) => setTasks((before) => [task, ...before])}
        />
      )}
    </>
  )
}

function usualView(count: number): View {
  return count > MOST_CARDS && window.innerWidth >= NARROW ? 'table' : 'cards'
}

function keptView(): View | undefined {
  const kept = localStorage.getItem(VIEW_KEPT_AS)
  return kept === 'cards' || kept === 'table' ? kept : undefined
}
