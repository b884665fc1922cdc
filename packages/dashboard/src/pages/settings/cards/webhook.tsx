import { Alert, Button, Group, Skeleton, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../../api/client.js'
import { useRefreshOn } from '../../../api/queries.js'
import { known } from '../../../api/sign-in.js'
import { withFreshSignIn } from '../../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../../i18n/index.js'
import { SecretText } from '../../../parts/copy.js'
import { Loaded } from '../../../parts/page.js'
import { askFirst, sayDone, sayFailed } from '../../../parts/say.js'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

const KEY = ['webhook']

export function WebhookCard() {
  const { t } = useTexts(TEXTS)
  const query = useQuery({ queryKey: KEY, queryFn: async () => known((await api.GET('/admin/webhook')).data) })
  useRefreshOn('config', KEY, 100)
  return (
    <SettingsCard title={t('webhook.title')}>
      <Loaded query={query} skeleton={<Skeleton height={110} />}>
        {({ host, has_secret: hasSecret }) => <WebhookActs host={host} hasSecret={hasSecret} />}
      </Loaded>
    </SettingsCard>
  )
}

function WebhookActs({ host, hasSecret }: { host: string | null; hasSecret: boolean }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [secret, setSecret] = useState<string>()
  const test = useMutation({
    mutationFn: async () => known((await api.POST('/admin/webhook/test')).data),
    onError: (error) => sayFailed(error),
  })

  async function reveal(rotate: boolean): Promise<void> {
    const { data } = await withFreshSignIn(() => api.POST('/admin/webhook/secret', { body: { rotate } }))
    const { secret: told, made } = known(data)
    setSecret(told)
    if (made) sayDone(t('webhook.made'))
    await client.invalidateQueries({ queryKey: KEY })
  }

  return (
    <>
      <Text size="sm">{host === null ? t('webhook.none') : t('webhook.told', { host })}</Text>
      <Text size="sm" c="dimmed">
        {t(hasSecret ? 'webhook.secret' : 'webhook.noSecret')}
      </Text>
      {secret === undefined ? null : <SecretText key={secret} value={secret} />}
      <Group gap="xs">
        {secret === undefined ? (
          <Button variant="default" onClick={() => void reveal(false).catch(sayFailed)}>
            {t(hasSecret ? 'webhook.show' : 'webhook.make')}
          </Button>
        ) : null}
        {hasSecret ? (
          <Button
            variant="default"
            onClick={() =>
              askFirst({
                title: t('webhook.rotate'),
                children: <Text size="sm">{t('webhook.rotateWhy')}</Text>,
                confirm: t('webhook.rotate'),
                cancel: common.t('act.cancel'),
                run: () => reveal(true),
              })
            }
          >
            {t('webhook.rotate')}
          </Button>
        ) : null}
        {host !== null && hasSecret ? (
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            {t('webhook.test')}
          </Button>
        ) : null}
      </Group>
      {test.data === undefined ? null : (
        <Alert color={test.data.taken ? 'teal' : 'red'} variant="light" role="status">
          {test.data.taken
            ? t('webhook.taken', { host: test.data.host })
            : t('webhook.notTaken', { host: test.data.host, why: test.data.error ?? '' })}
        </Alert>
      )}
    </>
  )
}
