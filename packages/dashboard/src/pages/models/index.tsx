import { Stack, Tabs, Text } from '@mantine/core'
import { IconArrowsSplit2, IconList, IconTags } from '@tabler/icons-react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Loaded, Page } from '../../parts/page.js'
import { useNow } from '../../parts/use-now.js'
import { Catalog } from './catalog.js'
import { TABS, useModels, usePlace, useRouting } from './data.js'
import { Explain } from './explain.js'
import { ModelDrawer } from './model-drawer.js'
import classes from './models.module.css'
import { RefreshButton } from './refresh.js'
import { RoutingEditor } from './routing.js'
import { TEXTS } from './texts.js'

const ICONS = { catalog: IconList, routing: IconTags, explain: IconArrowsSplit2 }

export default function ModelsPage() {
  const { t } = useTexts(TEXTS)
  const place = usePlace()
  const models = useModels()
  const known = models.data?.models ?? []
  return (
    <Page title={t('title')} about={t('about')} actions={<RefreshButton />}>
      <Tabs
        value={place.tab}
        onChange={(value) => place.go({ tab: TABS.find((one) => one === value) ?? 'catalog' })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.map((tab) => {
            const Icon = ICONS[tab]
            return (
              <Tabs.Tab key={tab} value={tab} leftSection={<Icon size={16} />}>
                {t(`tabs.${tab}`)}
              </Tabs.Tab>
            )
          })}
        </Tabs.List>
        <Tabs.Panel value="catalog">
          <Loaded query={models} skeleton={560}>
            {({ models: all, defaultModel, sources }) => (
              <Stack>
                <Catalog models={all} defaultModel={defaultModel} open={({ name }) => place.go({ model: name })} />
                <Sources sources={sources} />
              </Stack>
            )}
          </Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="routing">
          <Routing alias={place.alias} />
        </Tabs.Panel>
        <Tabs.Panel value="explain">
          <Explain
            key={place.name ?? ''}
            name={place.name}
            ask={(name) => place.go({ tab: 'explain', name })}
            models={known}
          />
        </Tabs.Panel>
      </Tabs>
      <ModelDrawer
        model={known.find(({ name }) => name === place.model)}
        close={() => place.go({})}
        explain={(name) => place.go({ tab: 'explain', name })}
        alias={(alias) => place.go({ tab: 'routing', alias })}
      />
    </Page>
  )
}

function Routing({ alias }: { alias: string | undefined }) {
  const models = useModels()
  const routing = useRouting()
  return (
    <Loaded query={routing} skeleton={560}>
      {(data) => <RoutingEditor routing={data} models={models.data?.models ?? []} alias={alias} />}
    </Loaded>
  )
}

function Sources({ sources }: { sources: readonly { source: string; models: number; fetchedAt: string }[] }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  if (sources.length === 0) return null
  return (
    <Text size="sm" c="dimmed" component="div" className={classes.facts}>
      <span>{t('sources')}</span>
      {sources.map(({ source, models, fetchedAt }) => (
        <span key={source}>
          {t('sourceLine', {
            plan: source.replace(/^codex:/, ''),
            count: models,
            when: format.relative(fetchedAt, now),
          })}
        </span>
      ))}
    </Text>
  )
}
