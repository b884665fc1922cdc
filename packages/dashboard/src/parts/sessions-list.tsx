import { Badge, Button, Card, Group, Skeleton, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile, IconTerminal2 } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas } from '../api/client.js'
import { useRefreshOn } from '../api/queries.js'
import { known } from '../api/sign-in.js'
import { signOut } from '../chrome/sign-out.js'
import { useFormat } from '../i18n/format.js'
import { defineTexts, useTexts } from '../i18n/index.js'
import { browserName } from './browser-name.js'
import { Loaded } from './page.js'
import { sayDone, sayFailed } from './say.js'

const TEXTS = defineTexts(
  'sessions-list',
  {
    current: 'this browser',
    on: '{{browser}} on {{system}}',
    unknown: 'Unknown browser',
    link: 'by link',
    password: 'by password',
    from: 'from {{address}}',
    used: 'Used {{when}}',
    opened: 'signed in {{when}}',
    ends: 'ends {{when}} if nobody uses it',
    end: 'Sign out',
    endNamed: 'Sign out {{name}}',
    endOthers: 'Sign out everywhere else',
    endedOthers_one: 'One other browser was signed out.',
    endedOthers_other: '{{count}} other browsers were signed out.',
    alone: 'Nobody else is signed in.',
  },
  {
    current: '当前浏览器',
    on: '{{system}} 上的 {{browser}}',
    unknown: '未知浏览器',
    link: '链接登录',
    password: '密码登录',
    from: '来自 {{address}}',
    used: '{{when}}使用过',
    opened: '{{when}}登录',
    ends: '无人使用则{{when}}结束',
    end: '退出登录',
    endNamed: '让 {{name}} 退出登录',
    endOthers: '让其他浏览器全部退出',
    endedOthers_one: '已让另外 {{count}} 个浏览器退出登录。',
    endedOthers_other: '已让另外 {{count}} 个浏览器退出登录。',
    alone: '没有其他人登录。',
  },
)

type Session = Schemas['AdminSession']
interface Sessions {
  sessions: Session[]
  passwordSet: boolean
}
const KEY = ['sessions']

/** Who is signed in, from where, and a way to end it. */
export function SessionsList() {
  const { t } = useTexts(TEXTS)
  const client = useQueryClient()
  const query = useQuery({ queryKey: KEY, queryFn: async () => known((await api.GET('/admin/sessions')).data) })
  useRefreshOn('sessions', KEY)

  const end = useMutation({
    mutationFn: ({ id }: Session) => api.DELETE('/admin/sessions/{id}', { params: { path: { id } } }),
    async onMutate({ id }) {
      await client.cancelQueries({ queryKey: KEY })
      const before = client.getQueryData<Sessions>(KEY)
      client.setQueryData<Sessions>(
        KEY,
        (now) => now && { ...now, sessions: now.sessions.filter((other) => other.id !== id) },
      )
      return before
    },
    onError(error, _, before) {
      client.setQueryData(KEY, before)
      sayFailed(error)
    },
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  })
  const endOthers = useMutation({
    mutationFn: async () => known((await api.POST('/admin/sessions/end-others')).data),
    onSuccess: ({ ended }) => sayDone(t('endedOthers', { count: ended })),
    onError: (error) => sayFailed(error),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  })

  return (
    <Loaded query={query} skeleton={<Skeleton height={92} />}>
      {({ sessions }) => (
        <Stack gap="sm">
          {sessions.map((session) => (
            <Row
              key={session.id}
              session={session}
              onEnd={() => (session.current ? void signOut() : end.mutate(session))}
            />
          ))}
          {sessions.length > 1 ? (
            <Group justify="flex-end">
              <Button
                variant="light"
                color="red"
                size="xs"
                loading={endOthers.isPending}
                onClick={() => endOthers.mutate()}
              >
                {t('endOthers')}
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              {t('alone')}
            </Text>
          )}
        </Stack>
      )}
    </Loaded>
  )
}

function Row({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { browser, system } = browserName(session.userAgent)
  const name =
    browser === undefined && system === undefined
      ? t('unknown')
      : browser === undefined || system === undefined
        ? (browser ?? system ?? '')
        : t('on', { browser, system })
  const Icon =
    browser === 'curl' || browser === 'Node.js'
      ? IconTerminal2
      : ['iPhone', 'iPad', 'Android'].includes(system ?? '')
        ? IconDeviceMobile
        : IconDeviceDesktop
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" flex="1 1 220px" miw={0} align="flex-start">
          <ThemeIcon variant="light" size="lg" aria-hidden>
            <Icon size={20} />
          </ThemeIcon>
          <Stack gap={2} miw={0}>
            <Group gap="xs">
              <Text fw={600} size="sm">
                {name}
              </Text>
              {session.current ? (
                <Badge variant="light" size="sm" tt="none">
                  {t('current')}
                </Badge>
              ) : null}
            </Group>
            <Text size="xs" c="dimmed">
              {[t('from', { address: session.address }), t(session.way)].join(' · ')}
            </Text>
            <Text size="xs" c="dimmed">
              {[
                t('used', { when: format.relative(session.usedAt) }),
                t('opened', { when: format.relative(session.openedAt) }),
                t('ends', { when: format.relative(session.endsAt) }),
              ].join(' · ')}
            </Text>
          </Stack>
        </Group>
        <Button variant="default" size="xs" onClick={onEnd} aria-label={t('endNamed', { name })}>
          {t('end')}
        </Button>
      </Group>
    </Card>
  )
}
