import { Badge, Button, Code, Group, Select, Skeleton, Stack, Switch, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconHistory, IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Schemas } from '../api/client.js'
import { useRefreshOn } from '../api/queries.js'
import { known } from '../api/sign-in.js'
import { useFormat } from '../i18n/format.js'
import { useTexts } from '../i18n/index.js'
import { areaOf, TEXTS } from './audit-texts.js'
import { Empty, Loaded } from './page.js'

type Act = Schemas['Act']
const ACTORS: readonly Act['who'][] = ['session', 'control', 'command line', 'nobody']
const PAGE = 50

/** What was done in management, by whom and from where. */
export function AuditList() {
  const { t } = useTexts(TEXTS)
  const [text, setText] = useState('')
  const [who, setWho] = useState<Act['who'] | null>(null)
  const [failed, setFailed] = useState(false)
  const [q] = useDebouncedValue(text.trim(), 250)
  const filtered = q !== '' || who !== null || failed
  const query = useInfiniteQuery({
    queryKey: ['audit', q, who, failed],
    queryFn: async ({ pageParam }) => {
      const asked = {
        limit: PAGE,
        ...(q === '' ? {} : { q }),
        ...(who === null ? {} : { who }),
        ...(failed ? { failed: 'true' as const } : {}),
        ...(pageParam === null ? {} : { before: pageParam }),
      }
      return known((await api.GET('/admin/audit', { params: { query: asked } })).data)
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  })
  useRefreshOn('audit', ['audit'], 2_000)

  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <TextInput
          flex="1 1 220px"
          leftSection={<IconSearch size={16} />}
          aria-label={t('search')}
          placeholder={t('search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          flex="0 1 220px"
          aria-label={t('who')}
          placeholder={t('everybody')}
          clearable
          data={ACTORS.map((actor) => ({ value: actor, label: t(`by.${actor}`) }))}
          value={who}
          onChange={(value) => setWho(ACTORS.find((actor) => actor === value) ?? null)}
        />
        <Switch
          label={t('onlyFailed')}
          checked={failed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
          mb={6}
        />
      </Group>
      <Loaded query={query} skeleton={<Skeleton height={320} />}>
        {({ pages }) => {
          const acts = pages.flatMap((page) => page.acts)
          if (acts.length === 0) {
            return filtered ? (
              <Text size="sm" c="dimmed" py="md">
                {t('noMatch')}
              </Text>
            ) : (
              <Empty icon={<IconHistory size={32} />} title={t('empty')}>
                {t('emptyWhy')}
              </Empty>
            )
          }
          return (
            <>
              <Table.ScrollContainer minWidth={640}>
                <Table verticalSpacing="xs" aria-label={t('label')}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('when')}</Table.Th>
                      <Table.Th>{t('who')}</Table.Th>
                      <Table.Th>{t('act')}</Table.Th>
                      <Table.Th>{t('outcome')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {acts.map((act) => (
                      <Row key={act.id} act={act} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              {query.hasNextPage ? (
                <Group justify="center">
                  <Button
                    variant="default"
                    size="xs"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('more')}
                  </Button>
                </Group>
              ) : null}
            </>
          )
        }}
      </Loaded>
    </Stack>
  )
}

function Row({ act }: { act: Act }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { status } = act
  const outcome =
    status < 400
      ? t('ok')
      : status === 499
        ? t('left')
        : t([401, 403, 429].includes(status) ? 'refused' : 'failed', { status })
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" className="numbers">
          {format.dateTime(act.at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{t(`by.${act.who}`)}</Text>
        {act.address === '' ? null : (
          <Text size="xs" c="dimmed">
            {act.address}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{t(areaOf(act.route))}</Text>
        <Code>
          {act.method} {act.target === null ? act.route : act.route.replace(':id', act.target)}
        </Code>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" miw="max-content" color={status < 400 ? 'teal' : 'red'}>
          {outcome}
        </Badge>
      </Table.Td>
    </Table.Tr>
  )
}
