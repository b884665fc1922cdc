import { Alert, Anchor, Button, Skeleton, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../../api/client.js'
import { useRefreshOn } from '../../../api/queries.js'
import { known } from '../../../api/sign-in.js'
import { useFormat } from '../../../i18n/format.js'
import { useTexts } from '../../../i18n/index.js'
import { CopyBlock } from '../../../parts/copy.js'
import { Loaded } from '../../../parts/page.js'
import { sayFailed } from '../../../parts/say.js'
import classes from '../settings.module.css'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

const KEY = ['update-status']

export function useUpdateStatus() {
  const query = useQuery({ queryKey: KEY, queryFn: async () => known((await api.GET('/admin/update-status')).data) })
  useRefreshOn('config', KEY)
  return query
}

export function UpdatesCard() {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const client = useQueryClient()
  const query = useUpdateStatus()
  const check = useMutation({
    mutationFn: async () => known((await api.POST('/admin/check-update')).data),
    onSuccess: (found) => client.setQueryData(KEY, found),
    onError: (error) => sayFailed(error),
  })
  return (
    <SettingsCard title={t('updates.title')}>
      <Loaded query={query} skeleton={<Skeleton height={200} />}>
        {(status) => (
          <>
            <dl className={classes.facts}>
              <dt>{t('updates.running')}</dt>
              <dd>{status.current_version}</dd>
              <dt>{t('updates.newest')}</dt>
              <dd>{status.latest_version ?? t('updates.notAsked')}</dd>
              {status.checked_at === null ? null : (
                <>
                  <dt>{t('updates.asked')}</dt>
                  <dd>{format.dateTime(status.checked_at)}</dd>
                </>
              )}
            </dl>
            {status.error === null ? null : (
              <Alert color="red" variant="light">
                {status.error}
              </Alert>
            )}
            {status.update_available === null ? null : (
              <Alert color={status.update_available ? 'blue' : 'teal'} variant="light">
                {t(status.update_available ? 'updates.available' : 'updates.upToDate')}{' '}
                {status.url !== null && status.url.startsWith('https://') ? (
                  <Anchor href={status.url} target="_blank" rel="noreferrer" size="sm" underline="always">
                    {t('updates.notes')}
                  </Anchor>
                ) : null}
              </Alert>
            )}
            {status.enabled ? (
              <div>
                <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
                  {t('updates.check')}
                </Button>
              </div>
            ) : (
              <Text size="sm">{t('updates.off')}</Text>
            )}
            <Text size="sm">{t('updates.how')}</Text>
            <CopyBlock code={status.command} />
          </>
        )}
      </Loaded>
    </SettingsCard>
  )
}
