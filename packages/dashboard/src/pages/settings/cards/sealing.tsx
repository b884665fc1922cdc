import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client.js'
import { known } from '../../../api/sign-in.js'
import { useTexts } from '../../../i18n/index.js'
import { Loaded } from '../../../parts/page.js'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

export function SealingCard() {
  const { t } = useTexts(TEXTS)
  const query = useQuery({ queryKey: ['sealing'], queryFn: async () => known((await api.GET('/admin/sealing')).data) })
  return (
    <SettingsCard title={t('sealing.title')}>
      <Loaded query={query} skeleton={<Skeleton height={90} />}>
        {({ source, home }) => (
          <>
            <Text size="sm">
              {t('sealing.what', { home })} <b>{t(`sealing.${source}`)}</b>.
            </Text>
            {source === 'file' ? (
              <Text size="sm" c="dimmed">
                {t('sealing.fileHint')}
              </Text>
            ) : null}
            <Text size="sm" c="dimmed">
              {t('sealing.backupHint')}
            </Text>
          </>
        )}
      </Loaded>
    </SettingsCard>
  )
}
