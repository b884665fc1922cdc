import { Alert, Button, Group, List, Skeleton, Stack, Text, TextInput, Title, CloseButton } from '@mantine/core'
import { IconAlertTriangle, IconRefreshAlert, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { useAsked } from './asked.js'
import { cardsOf } from './cards/index.js'
import { useConfig, type Config, type Setting } from './data.js'
import { SectionNav } from './section-nav.js'
import { matches, sectionOf, SECTIONS, type SectionName } from './sections.js'
import { SettingRow } from './setting-row.js'
import classes from './settings.module.css'
import { TEXTS } from './texts.js'

export default function SettingsPage() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const query = useConfig()
  const { section, search, ask } = useAsked()
  // Its own state: what an input method is still putting together must not go through the address.
  const [typed, setTyped] = useState(search)
  useEffect(() => setTyped(search), [search])
  const path = query.data?.path
  const about =
    query.data === undefined ? ' ' : query.data.writable ? t('about', { path: path ?? 'config.yaml' }) : t('aboutFixed')
  return (
    <Page title={common.t('nav.settings')} about={about}>
      <TextInput
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} />}
        rightSection={
          search === '' ? null : (
            <CloseButton size="sm" aria-label={t('clearSearch')} onClick={() => ask({ search: '' })} />
          )
        }
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          ask({ search: event.currentTarget.value })
        }}
      />
      <div className={classes.frame}>
        <SectionNav
          current={search.trim() === '' ? section : undefined}
          settings={query.data?.settings ?? []}
          open={(name) => ask({ section: name, search: '' })}
        />
        <Stack gap="lg" className={classes.content}>
          <Loaded query={query} skeleton={<Skeleton height={640} />}>
            {(config) => (
              <>
                <Troubles config={config} />
                {search.trim() === '' ? (
                  <Part name={section} config={config} />
                ) : (
                  <Found
                    query={search.trim()}
                    config={config}
                    open={(name) => ask({ section: name, search: '' })}
                    clear={() => ask({ search: '' })}
                  />
                )}
              </>
            )}
          </Loaded>
        </Stack>
      </div>
    </Page>
  )
}

/** What needs somebody before anything else does. */
function Troubles({ config }: { config: Config }) {
  const { t } = useTexts(TEXTS)
  const pending = config.settings.filter(({ restartPending }) => restartPending).map(({ path }) => path)
  return (
    <>
      {config.problems.length === 0 ? null : (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t('broken')}>
          <List size="sm" mb="xs">
            {config.problems.map(({ where, key, message }) => (
              <List.Item key={`${where} ${key}`}>
                {where}: {key === '' ? '' : `${key}: `}
                {message}
              </List.Item>
            ))}
          </List>
          <Text size="sm">{t('brokenHint')}</Text>
        </Alert>
      )}
      {pending.length === 0 ? null : (
        <Alert
          color="orange"
          variant="light"
          icon={<IconRefreshAlert />}
          title={t('pending', { count: pending.length })}
        >
          {t('pendingHint', { settings: pending.join(', ') })}
        </Alert>
      )}
    </>
  )
}

/** One part of the settings, with its cards. */
function Part({ name, config }: { name: SectionName; config: Config }) {
  const { t } = useTexts(TEXTS)
  const settings = config.settings.filter((setting) => sectionOf(setting) === name)
  const Cards = cardsOf(name)
  return (
    <Stack gap="md">
      <div>
        <Title order={2} size="h3">
          {t(`name.${name}`)}
        </Title>
        <Text c="dimmed" size="sm" mt={4}>
          {t(`what.${name}`)}
        </Text>
      </div>
      {Cards === undefined ? null : <Cards />}
      <Rows settings={settings} writable={config.writable} />
    </Stack>
  )
}

interface FoundProps {
  query: string
  config: Config
  open(name: SectionName): void
  clear(): void
}

function Found({ query, config, open, clear }: FoundProps) {
  const { t } = useTexts(TEXTS)
  const found = config.settings.filter((setting) => matches(setting, query, t(`name.${sectionOf(setting)}`)))
  const parts = SECTIONS.map(([name]) => name).filter((name) => found.some((one) => sectionOf(one) === name))
  const subjects = SECTIONS.filter(([name]) =>
    `${t(`name.${name}`)} ${t(`what.${name}`)}`.toLowerCase().includes(query.toLowerCase()),
  )
  if (found.length === 0 && subjects.length === 0) {
    return (
      <Empty
        icon={<IconSearch size={32} />}
        title={t('nothing', { query })}
        action={
          <Button variant="default" onClick={clear}>
            {t('clearSearch')}
          </Button>
        }
      >
        {t('nothingHint')}
      </Empty>
    )
  }
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        {t('found', { count: found.length })}
      </Text>
      {subjects.length === 0 ? null : (
        <Group gap="xs">
          {subjects.map(([name, Icon]) => (
            <Button key={name} size="xs" variant="default" leftSection={<Icon size={16} />} onClick={() => open(name)}>
              {t(`name.${name}`)}
            </Button>
          ))}
        </Group>
      )}
      {parts.map((name) => (
        <Stack key={name} gap="sm">
          <Title order={2} size="h4">
            {t(`name.${name}`)}
          </Title>
          <Rows settings={found.filter((one) => sectionOf(one) === name)} writable={config.writable} />
        </Stack>
      ))}
    </>
  )
}

function Rows({ settings, writable }: { settings: readonly Setting[]; writable: boolean }) {
  if (settings.length === 0) return null
  return (
    <div className={classes.rows}>
      {settings.map((setting) => (
        <SettingRow key={setting.path} setting={setting} writable={writable} />
      ))}
    </div>
  )
}
