import { Badge, Tabs } from '@mantine/core'
import { useCommon, useTexts } from '../../i18n/index.js'
import { useRefreshOn } from '../../api/queries.js'
import { Page } from '../../parts/page.js'
import { useAsked } from './asked.js'
import { ERRORS, useErrorCount } from './data.js'
import { DetailDrawer } from './detail-drawer.js'
import { ErrorGroups } from './error-groups.js'
import { RequestsTab } from './requests-tab.js'
import { TEXTS } from './texts.js'

export default function RequestsPage() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [asked, ask] = useAsked()
  const { data: count } = useErrorCount()
  useRefreshOn('errors', ERRORS)
  const unread = count?.unread ?? 0
  return (
    <Page title={common.t('nav.requests')} about={t('about')}>
      <Tabs
        value={asked.tab}
        onChange={(tab) => ask({ tab: tab === 'errors' ? 'errors' : 'requests' })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="requests">{t('tabs.requests')}</Tabs.Tab>
          <Tabs.Tab
            value="errors"
            rightSection={
              unread === 0 ? null : (
                <Badge size="sm" color="red" variant="filled" aria-label={t('tabs.unread', { count: unread })}>
                  {unread > 99 ? '99+' : unread}
                </Badge>
              )
            }
          >
            {t('tabs.errors')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="requests">
          <RequestsTab asked={asked} ask={ask} />
        </Tabs.Panel>
        <Tabs.Panel value="errors">
          <ErrorGroups open={(id) => ask({ id }, { back: true })} />
        </Tabs.Panel>
      </Tabs>
      <DetailDrawer
        {...(asked.id === undefined ? {} : { id: asked.id })}
        close={() => ask({ id: undefined })}
        open={(id) => ask({ id }, { back: true })}
      />
    </Page>
  )
}
