import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import { defineTexts, useCommon, useTexts } from '../i18n/index.js'
import { Page } from '../parts/page.js'

const TEXTS = defineTexts(
  'not-found',
  { title: 'No such page', text: 'Nothing lies at this address.' },
  { title: '没有这个页面', text: '这个地址下没有内容。' },
)

export default function NotFound() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  return (
    <Page title={t('title')}>
      <Text>{t('text')}</Text>
      <Anchor component={Link} href="/">
        {common.t('nav.overview')}
      </Anchor>
    </Page>
  )
}
