import { Anchor, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { rawFetch } from '../../../api/client.js'
import { useTexts } from '../../../i18n/index.js'
import { Loaded } from '../../../parts/page.js'
import { sayFailed } from '../../../parts/say.js'
import { useConfig } from '../data.js'
import classes from '../settings.module.css'
import { SettingsCard } from './card.js'
import { saveFile } from './save-file.js'
import { TEXTS } from './texts.js'
import { useUpdateStatus } from './updates.js'

export function AboutCard() {
  const { t } = useTexts(TEXTS)
  const query = useUpdateStatus()
  const config = useConfig()
  const [busy, setBusy] = useState(false)

  async function download(): Promise<void> {
    setBusy(true)
    try {
      const text = JSON.stringify(await (await rawFetch('/admin/openapi.json')).json(), null, 2)
      saveFile('dragoman-openapi.json', new Blob([text], { type: 'application/json' }))
    } catch (error) {
      sayFailed(error)
    }
    setBusy(false)
  }

  return (
    <SettingsCard title="Dragoman">
      <Text size="sm">{t('about.what')}</Text>
      <Loaded query={query} skeleton={<Skeleton height={110} />}>
        {({ current_version: version, installation }) => (
          <dl className={classes.facts}>
            <dt>{t('about.version')}</dt>
            <dd>{version}</dd>
            <dt>{t('about.license')}</dt>
            <dd>Apache-2.0</dd>
            <dt>{t('about.installation')}</dt>
            <dd>{installation}</dd>
            <dt>{t('about.config')}</dt>
            <dd>{config.data?.path ?? '–'}</dd>
          </dl>
        )}
      </Loaded>
      <Text size="sm">
        {t('about.docs')}{' '}
        <Anchor
          component="button"
          type="button"
          size="sm"
          underline="always"
          disabled={busy}
          onClick={() => void download()}
        >
          {t('about.api')}
        </Anchor>
      </Text>
    </SettingsCard>
  )
}
