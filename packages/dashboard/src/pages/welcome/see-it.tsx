import { Anchor, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core'
import { IconConfetti, IconMessages } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useTexts } from '../../i18n/index.js'
import { CopyBlock } from '../../parts/copy.js'
import { curl } from '../connect/clients/curl.js'
import { RECIPES, type Filling } from '../connect/clients/index.js'
import { useChoice, type ConnectView } from '../connect/data.js'
import { fillingOf, shownKey } from '../connect/filling.js'
import type { LiveRecord } from '../connect/records.js'
import { Arrived } from '../connect/test-it.js'
import { TEXTS } from './texts.js'
import classes from './welcome.module.css'

/** The last step: the first request, as it arrives. */
export function SeeIt({ connect, record }: { connect: ConnectView; record: LiveRecord | undefined }) {
  return record === undefined ? <Awaited connect={connect} /> : <ItWorks record={record} />
}

function Awaited({ connect }: { connect: ConnectView }) {
  const { t } = useTexts(TEXTS)
  const [choice] = useChoice()
  const filling = fillingOf(connect, choice)
  return (
    <Paper withBorder p={{ base: 'md', sm: 'xl' }}>
      <Stack gap="lg">
        <Group gap="md" role="status" wrap="nowrap">
          <Loader type="dots" aria-hidden />
          <div>
            <Text fw={600}>{t('seenWaiting')}</Text>
            <Text size="sm" c="dimmed">
              {t('seenWaitingAbout')}
            </Text>
          </div>
        </Group>
        <Stack gap={6}>
          <Text size="sm">{t('seenNoClient')}</Text>
          <CopyBlock code={command(filling)} shown={command({ ...filling, key: shownKey(choice) })} />
          {choice.key === '' ? (
            <Text size="sm" c="dimmed">
              {t('seenNoKey')}
            </Text>
          ) : null}
        </Stack>
        <Anchor component={Link} href="/playground" size="sm" underline="always">
          <Group gap={6} component="span">
            <IconMessages size={16} aria-hidden />
            {t('seenPlayground')}
          </Group>
        </Anchor>
      </Stack>
    </Paper>
  )
}

/** The settings of curl and its first request. */
function command(filling: Filling): string {
  return curl
    .steps(filling)
    .slice(0, 2)
    .map((step) => (step.kind === 'fields' ? '' : step.code))
    .join('\n')
}

function ItWorks({ record }: { record: LiveRecord }) {
  const { t } = useTexts(TEXTS)
  const program = RECIPES.find(({ programs }) => record.client !== undefined && programs.includes(record.client))
  const name = program?.name ?? t('seenSomebody')
  const failed = record.failure !== undefined
  return (
    <Paper withBorder p={{ base: 'md', sm: 'xl' }} role="status">
      <Stack gap="lg">
        {failed ? (
          <Title order={2} size="h3">
            {t('seenFailed')}
          </Title>
        ) : (
          <Group gap="md" wrap="nowrap">
            <IconConfetti size={44} stroke={1.4} className={classes.quietJoy} aria-hidden />
            <div>
              <Title order={2} size="h2">
                {t('seenTitle')}
              </Title>
              <Text c="dimmed">{t('seenAbout', { client: name })}</Text>
            </div>
          </Group>
        )}
        <Arrived recipe={{ name }} record={record} sure />
        <Group gap="sm">
          <Button component={Link} href="/">
            {t('goOverview')}
          </Button>
          <Button component={Link} href="/accounts" variant="default">
            {t('goAccounts')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
