import { Button, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { rawFetch } from '../../../api/client.js'
import { useTexts } from '../../../i18n/index.js'
import { sayFailed } from '../../../parts/say.js'
import { SettingsCard } from './card.js'
import { LogCard } from './log.js'
import { fileNameOf, saveFile } from './save-file.js'
import { TestConnectionCard } from './test-connection.js'
import { TEXTS } from './texts.js'

export function DiagnosticsCards() {
  return (
    <>
      <TestConnectionCard />
      <LogCard />
      <BundleCard />
    </>
  )
}

function BundleCard() {
  const { t } = useTexts(TEXTS)
  const [busy, setBusy] = useState(false)

  async function download(): Promise<void> {
    setBusy(true)
    try {
      const response = await rawFetch('/admin/diagnostics')
      const text = JSON.stringify(await response.json(), null, 2)
      saveFile(fileNameOf(response, 'dragoman-diagnostics.json'), new Blob([text], { type: 'application/json' }))
    } catch (error) {
      sayFailed(error)
    }
    setBusy(false)
  }

  return (
    <SettingsCard title={t('bundle.title')}>
      <Text size="sm">{t('bundle.what')}</Text>
      <div>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          loading={busy}
          onClick={() => void download()}
        >
          {t('bundle.download')}
        </Button>
      </div>
    </SettingsCard>
  )
}
