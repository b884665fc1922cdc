import { useTexts } from '../../i18n/index.js'
import { Page } from '../../parts/page.js'
import { ConnectClient } from './connect-client.js'
import { TEXTS } from './texts.js'

export default function Connect() {
  const { t } = useTexts(TEXTS)
  return (
    <Page title={t('title')} about={t('about')}>
      <ConnectClient />
    </Page>
  )
}
