import { Badge, Button, Group, Paper, Stack, Tabs, Text } from '@mantine/core'
import { IconBrandOpenai, IconCircleCheck, IconDeviceDesktopSearch, IconKey, IconSparkles } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import { FoundOnComputer, SignInChatGpt, useFoundOnComputer } from '../../parts/sign-in-chatgpt.js'
import type { ConnectView } from '../connect/data.js'
import { AddApiKey } from './add-api-key.js'
import { TEXTS } from './texts.js'

type Way = 'chatgpt' | 'found' | 'key' | 'demo'

/** The first step: an account, what other programs left on this computer, an API key, or the demo. */
export function WhoAnswers({ connect, onNext }: { connect: ConnectView; onNext: () => void }) {
  const { t } = useTexts(TEXTS)
  const client = useQueryClient()
  const found = useFoundOnComputer()
  const [way, setWay] = useState<Way>('chatgpt')
  const refresh = (): void => void client.invalidateQueries({ queryKey: ['connect'] })
  const ready = connect.accounts + connect.api_keys > 0
  return (
    <Stack gap="md">
      <Text c="dimmed" size="sm">
        {t('sourceAbout')}
      </Text>
      <Tabs value={way} onChange={(value) => setWay((value ?? 'chatgpt') as Way)} keepMounted={false}>
        <Tabs.List aria-label={t('ways')}>
          <Tabs.Tab value="chatgpt" leftSection={<IconBrandOpenai size={18} />}>
            {t('wayChatgpt')}
          </Tabs.Tab>
          <Tabs.Tab
            value="found"
            leftSection={<IconDeviceDesktopSearch size={18} />}
            rightSection={
              (found.data?.length ?? 0) === 0 ? null : (
                <Badge size="sm" circle variant="light">
                  {found.data?.length}
                </Badge>
              )
            }
          >
            {t('wayFound')}
          </Tabs.Tab>
          <Tabs.Tab value="key" leftSection={<IconKey size={18} />}>
            {t('wayKey')}
          </Tabs.Tab>
          <Tabs.Tab value="demo" leftSection={<IconSparkles size={18} />}>
            {t('wayDemo')}
          </Tabs.Tab>
        </Tabs.List>
        <Paper withBorder p={{ base: 'md', sm: 'lg' }} mt="md" mih={220}>
          <Tabs.Panel value="chatgpt">
            <About text={t('chatgptAbout')} />
            <SignInChatGpt onDone={refresh} />
          </Tabs.Panel>
          <Tabs.Panel value="found">
            <About text={t('foundAbout')} />
            <FoundOnComputer onDone={refresh} />
          </Tabs.Panel>
          <Tabs.Panel value="key">
            <About text={t('keyAbout')} />
            <AddApiKey onDone={refresh} />
          </Tabs.Panel>
          <Tabs.Panel value="demo">
            <About text={t('demoAbout')} />
            <Button onClick={onNext} leftSection={<IconSparkles size={18} />}>
              {t('demoTake')}
            </Button>
          </Tabs.Panel>
        </Paper>
      </Tabs>
      <Group justify="space-between" gap="sm">
        <Group gap="xs" role="status" mih={26}>
          {ready ? (
            <>
              <IconCircleCheck size={20} color="var(--mantine-color-teal-text)" aria-hidden />
              <Text size="sm" fw={500}>
                {t('have')}:
              </Text>
              {connect.accounts > 0 ? <Have text={t('haveAccounts', { count: connect.accounts })} /> : null}
              {connect.api_keys > 0 ? <Have text={t('haveKeys', { count: connect.api_keys })} /> : null}
            </>
          ) : null}
        </Group>
        <Button variant={ready ? 'filled' : 'default'} onClick={onNext}>
          {ready ? t('next') : t('later')}
        </Button>
      </Group>
    </Stack>
  )
}

function About({ text }: { text: string }) {
  return (
    <Text size="sm" mb="md" maw={640}>
      {text}
    </Text>
  )
}

function Have({ text }: { text: string }) {
  return (
    <Badge variant="light" color="teal" tt="none">
      {text}
    </Badge>
  )
}
