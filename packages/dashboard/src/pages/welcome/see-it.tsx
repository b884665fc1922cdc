import { Anchor, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core'
import { IconConfetti, IconMessages } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useTexts } from '../../i18n/index.js'
import { CopyBlock } from '../../parts/copy.js'
import { RECIPES } from '../connect/clients/index.js'
import { useChoice, type ConnectView } from '../connect/data.js'
import type { LiveRecord } from '../connect/records.js'
import { addressOf } from '../connect/setup-bar.js'
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
  const address = addressOf(connect, choice.address)
  const command = (key: string): string =>
    `curl -N ${address}/v1/chat/completions -H 'authorization: Bearer ${key}' \\
  -H 'content-type: application/json' \\
  -d '${JSON.stringify({ model: connect.default_model, stream: true, messages: [{ role: 'user', content: 'Hello' }] })}'`
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
          <CopyBlock
            code={command(choice.key === '' ? 'dgm-…' : choice.key)}
            shown={command(choice.key === '' ? 'dgm-…' : `${choice.key.slice(0, 8)}••••`)}
          />
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
