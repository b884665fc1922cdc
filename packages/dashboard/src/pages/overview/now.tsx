import { Anchor, Badge, Card, Code, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { useTexts } from '../../i18n/index.js'
import { Copy } from '../../parts/copy.js'
import type { Overview } from './data.js'
import classes from './overview.module.css'
import { TEXTS } from './texts.js'

const MOST = 6
const STRATEGIES = ['sticky', 'least_used', 'round_robin', 'weighted', 'earliest_reset'] as const
const isKnown = (word: string): word is (typeof STRATEGIES)[number] => STRATEGIES.some((one) => one === word)

/** What is under way: who answers, who asks, who waits; and where the gateway listens. */
export function Now({ view }: { view: Overview }) {
  const { t } = useTexts(TEXTS)
  const { serving, pool } = view
  const idle = serving.open === 0 && pool.waiting === 0
  return (
    <Card withBorder padding="md">
      <Title order={2} size="h4" mb="xs">
        {t('now.title')}
      </Title>
      <Stack gap="md" h="100%">
        {idle ? (
          <Text size="sm" c="dimmed">
            {t('now.idle')}
          </Text>
        ) : (
          <Group gap="xs">
            <Badge variant="light" size="lg" tt="none">
              {t('now.open', { count: serving.open })}
            </Badge>
            {pool.waiting === 0 ? null : (
              <Badge variant="light" color="orange" size="lg" tt="none" h="auto" className={classes.rowName}>
                {t('now.waiting', { count: pool.waiting })}
              </Badge>
            )}
          </Group>
        )}
        <Busy
          title={t('now.accounts')}
          list={serving.accounts}
          place={(id) => `/accounts?account=${encodeURIComponent(id)}`}
        />
        <Busy
          title={t('now.keys')}
          list={serving.client_keys}
          place={(id) => `/requests?key=${encodeURIComponent(id)}`}
        />
        <Stack gap={6} mt="auto">
          <div>
            <Text size="xs" c="dimmed" fw={600}>
              {t('now.strategy')}
            </Text>
            <Anchor component={Link} href="/settings?search=accounts.strategy" size="sm">
              {isKnown(pool.strategy) ? t(`strategies.${pool.strategy}`) : pool.strategy}
            </Anchor>
          </div>
          <Addresses title={t('now.address')} urls={view.listeners} />
          {view.ollama.url === null ? null : <Addresses title={t('now.ollama')} urls={[view.ollama.url]} />}
        </Stack>
      </Stack>
    </Card>
  )
}

function Busy({
  title,
  list,
  place,
}: {
  title: string
  list: Overview['serving']['accounts']
  place(id: string): string
}) {
  if (list.length === 0) return null
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} mb={4}>
        {title}
      </Text>
      <Stack gap={4}>
        {list.slice(0, MOST).map(({ id, name, open }) => (
          <div key={id} className={classes.row}>
            <Anchor component={Link} href={place(id)} size="sm" className={classes.rowName ?? ''}>
              {name}
            </Anchor>
            <Badge variant="default" size="sm">
              {open}
            </Badge>
          </div>
        ))}
      </Stack>
    </div>
  )
}

function Addresses({ title, urls }: { title: string; urls: readonly string[] }) {
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600}>
        {title}
      </Text>
      {urls.map((url) => (
        <div key={url} className={classes.row}>
          <Code className={classes.rowName ?? ''}>{url}</Code>
          <Copy value={url} />
        </div>
      ))}
    </div>
  )
}
