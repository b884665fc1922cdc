import { useCommon } from '../../i18n/index.js'
import { Page } from '../../parts/page.js'

export default function ThePage() {
  const { t } = useCommon()
  return <Page title={t('nav.overview')}>{null}</Page>
}
