import { Alert, Anchor, Badge, Code, Group, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '../../../api/client.js'
import { useRefreshOn } from '../../../api/queries.js'
import { known } from '../../../api/sign-in.js'
import { useCommon, useTexts } from '../../../i18n/index.js'
import { Copy } from '../../../parts/copy.js'
import { Loaded } from '../../../parts/page.js'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

const KEY = ['ollama-status']

export function OllamaCard() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => known((await api.GET('/admin/ollama-status')).data),
    // A port that was taken is tried again by itself.
    refetchInterval: 15_000,
  })
  useRefreshOn('config', KEY, 100)
  return (
    <SettingsCard title={t('ollama.title')}>
      <Loaded query={query} skeleton={<Skeleton height={60} />}>
        {({ enabled, running, address, error }) => (
          <>
            <Group gap="sm">
              <Badge tt="none" variant="light" color={running ? 'teal' : enabled ? 'red' : 'gray'}>
                {common.t(running ? 'state.on' : 'state.off')}
              </Badge>
              {address === null ? (
                <Text size="sm">{t(enabled ? 'ollama.notRunning' : 'ollama.off')}</Text>
              ) : (
                <Group gap={6} wrap="nowrap">
                  <Text size="sm">{t('ollama.running')}</Text>
                  <Code>{address}</Code>
                  <Copy value={address} />
                </Group>
              )}
            </Group>
            {error === null ? null : (
              <Alert color="red" variant="light">
                {error}
              </Alert>
            )}
            <Anchor component={Link} href="/connect" size="sm" underline="always">
              {t('ollama.connect')}
            </Anchor>
          </>
        )}
      </Loaded>
    </SettingsCard>
  )
}
