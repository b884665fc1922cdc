import { Badge, Button, Card, Collapse, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconChecks, IconMoodCheck, IconSearch, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded } from '../../parts/page.js'
import { askFirst, doUnlessUndone, sayDone, sayFailed } from '../../parts/say.js'
import { ERRORS } from './data.js'
import { isKind } from './outcome.js'
import { TEXTS } from './texts.js'

type Group_ = Schemas['ErrorGroup']
const GROUPS = [...ERRORS, 'groups'] as const

/** What went wrong, the same things together. */
export function ErrorGroups({ open }: { open: (requestId: string) => void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [search, setSearch] = useState('')
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const query = useQuery({
    queryKey: GROUPS,
    queryFn: async () => (await api.GET('/admin/error-logs')).data?.groups ?? [],
  })
  const again = () => client.invalidateQueries({ queryKey: ERRORS })
  const markSeen = async (group?: string): Promise<void> => {
    const before = client.getQueryData<Group_[]>(GROUPS)
    client.setQueryData<Group_[]>(GROUPS, (list) =>
      list?.map((one) => (group === undefined || one.id === group ? { ...one, unread: 0 } : one)),
    )
    try {
      await api.POST('/admin/error-logs/seen', { params: { query: group === undefined ? {} : { group } } })
    } catch (error) {
      client.setQueryData(GROUPS, before)
      sayFailed(error)
    }
    await again()
  }
  const clear = (): void =>
    askFirst({
      title: t('errors.clearTitle'),
      children: <Text size="sm">{t('errors.clearText')}</Text>,
      confirm: common.t('act.clear'),
      cancel: common.t('act.cancel'),
      run: async () => {
        await api.DELETE('/admin/error-logs')
        await again()
        sayDone(t('errors.cleared'))
      },
    })
  const forget = (group: Group_): void => {
    const show = (): void =>
      setHidden((before) => {
        const after = new Set(before)
        after.delete(group.id)
        return after
      })
    setHidden((before) => new Set([...before, group.id]))
    doUnlessUndone(
      { message: t('errors.removed'), undo: common.t('act.undo') },
      async () => {
        await api.DELETE('/admin/error-logs', { params: { query: { group: group.id } } })
        await again()
        show()
      },
      show,
    )
  }

  return (
    <Loaded query={query} skeleton={320}>
      {(all) => {
        const words = search.trim().toLowerCase()
        const groups = all.filter(
          (one) =>
            !hidden.has(one.id) &&
            `${one.message} ${one.kind} ${one.models.join(' ')} ${one.accounts.map(({ name }) => name).join(' ')}`
              .toLowerCase()
              .includes(words),
        )
        if (all.length === 0) {
          return (
            <Empty icon={<IconMoodCheck size={36} />} title={t('errors.empty')}>
              {t('errors.emptyAbout')}
            </Empty>
          )
        }
        return (
          <Stack gap="sm">
            <Group gap="xs" justify="space-between">
              <TextInput
                aria-label={t('errors.search')}
                placeholder={t('errors.search')}
                leftSection={<IconSearch size={16} />}
                value={search}
                onChange={({ currentTarget }) => setSearch(currentTarget.value)}
                flex="1 1 220px"
                maw={420}
              />
              <Group gap="xs">
                <Button
                  variant="default"
                  leftSection={<IconChecks size={16} />}
                  disabled={all.every(({ unread }) => unread === 0)}
                  onClick={() => void markSeen()}
                >
                  {t('errors.markAll')}
                </Button>
                <Button variant="default" leftSection={<IconTrash size={16} />} onClick={clear}>
                  {t('errors.clear')}
                </Button>
              </Group>
            </Group>
            {groups.length === 0 ? <Empty title={common.t('state.noMatch')} /> : null}
            {groups.map((group) => (
              <GroupCard
                key={group.id}
                of={group}
                open={open}
                markSeen={() => void markSeen(group.id)}
                forget={() => forget(group)}
              />
            ))}
          </Stack>
        )
      }}
    </Loaded>
  )
}

function GroupCard({
  of,
  open,
  markSeen,
  forget,
}: {
  of: Group_
  open: (requestId: string) => void
  markSeen: () => void
  forget: () => void
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const [shown, setShown] = useState(false)
  return (
    <Card withBorder padding="sm">
      <Stack gap={6}>
        <Group gap="xs" justify="space-between" align="flex-start">
          <Group gap="xs" flex="1 1 260px">
            <Title order={2} size="h6">
              {isKind(of.kind) ? t(`kind.${of.kind}`) : of.kind}
            </Title>
            <Badge variant="default" size="sm" tt="none">
              {t(`errors.source.${of.source}`)}
            </Badge>
            {of.unread === 0 ? null : (
              <Badge color="red" variant="filled" size="sm" tt="none">
                {t('errors.unread', { count: of.unread })}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" className="numbers">
            {t('errors.times', { count: of.count })} · {t('errors.first', { time: format.relative(of.firstSeen) })} ·{' '}
            {t('errors.last', { time: format.relative(of.lastSeen) })}
          </Text>
        </Group>
        <Text size="sm">{of.message}</Text>
        {of.frame === '' ? null : (
          <Text size="xs" ff="monospace" c="dimmed">
            {of.frame}
          </Text>
        )}
        {of.models.length === 0 ? null : (
          <Text size="xs" c="dimmed">
            {t('errors.models')}: {of.models.join(', ')}
          </Text>
        )}
        {of.accounts.length === 0 ? null : (
          <Text size="xs" c="dimmed">
            {t('errors.accounts')}: {of.accounts.map(({ name }) => name).join(', ')}
          </Text>
        )}
        {isKind(of.kind) ? <Text size="sm">{t(`way.${of.kind}`)}</Text> : null}
        <Group gap={6}>
          <Button size="compact-sm" variant="light" onClick={() => setShown(!shown)} aria-expanded={shown}>
            {shown ? t('errors.hide') : t('errors.show')}
          </Button>
          {of.unread === 0 ? null : (
            <Button size="compact-sm" variant="subtle" onClick={markSeen}>
              {t('errors.mark')}
            </Button>
          )}
          <Button size="compact-sm" variant="subtle" color="red" onClick={forget}>
            {t('errors.remove')}
          </Button>
        </Group>
        <Collapse expanded={shown}>{shown ? <Entries group={of.id} open={open} /> : null}</Collapse>
      </Stack>
    </Card>
  )
}

/** The last errors of a group, each with its request. */
function Entries({ group, open }: { group: string; open: (requestId: string) => void }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const query = useQuery({
    queryKey: [...ERRORS, 'entries', group],
    queryFn: async () =>
      (await api.GET('/admin/error-logs/raw', { params: { query: { group, limit: 10 } } })).data?.entries ?? [],
  })
  return (
    <Loaded query={query} skeleton={80}>
      {(entries) => (
        <Stack gap={6} mt={4}>
          {entries.map((entry) => {
            const { requestId } = entry
            return (
              <div key={entry.id}>
                <Group gap="xs">
                  <Text size="xs" className="numbers">
                    {format.dateTime(entry.timestamp)}
                  </Text>
                  {entry.model === null ? null : <Text size="xs">{entry.model}</Text>}
                  {requestId === null ? null : (
                    <Button size="compact-xs" variant="default" onClick={() => open(requestId)}>
                      {t('errors.request')}
                    </Button>
                  )}
                </Group>
                <Text size="xs" c="dimmed" style={{ whiteSpace: 'pre-wrap' }}>
                  {entry.error.stack ?? entry.error.message}
                </Text>
              </div>
            )
          })}
        </Stack>
      )}
    </Loaded>
  )
}
