import {
  Button,
  Menu,
  Paper,
  SegmentedControl,
  Group,
  Stack,
  Text,
  TextInput,
  Title,
  ActionIcon,
  Tooltip,
} from '@mantine/core'
import { IconCloud, IconDownload, IconFileImport, IconFolder, IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { filterOf, fits, grouped, useKeys, usePresets, type Filter, type Group as KeyGroup, type Key } from './data.js'
import { ExportKeys, ImportKeys } from './files.js'
import { KeyForm, type FormFor } from './key-form.js'
import { KeyRow } from './key-row.js'
import { ProviderAvatar } from './provider-avatar.js'
import classes from './providers.module.css'
import { TEXTS } from './texts.js'

export default function ProvidersPage() {
  const { t } = useTexts(TEXTS)
  const keys = useKeys()
  const presets = usePresets().data ?? []
  const [form, setForm] = useState<FormFor | undefined>()
  const [file, setFile] = useState<'import' | 'export' | undefined>()
  const none = keys.data?.length === 0
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setForm({})}>
      {t('add')}
    </Button>
  )
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconFolder size={16} />}>
                {t('files')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconFileImport size={16} />} onClick={() => setFile('import')}>
                {t('importFile')}
              </Menu.Item>
              <Menu.Item leftSection={<IconDownload size={16} />} disabled={none} onClick={() => setFile('export')}>
                {t('exportFile')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {none ? null : add}
        </>
      }
    >
      <Loaded query={keys} skeleton={320}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={<IconCloud size={40} stroke={1.4} />} title={t('emptyTitle')} action={add}>
              {t('empty')}
            </Empty>
          ) : (
            <Keys
              all={all}
              groupsOf={(shown) => grouped(shown, presets)}
              edit={(entry) => setForm({ entry })}
              addTo={(provider) => setForm(presets.some(({ id }) => id === provider) ? { provider } : {})}
            />
          )
        }
      </Loaded>
      {form === undefined ? null : <KeyForm of={form} presets={presets} close={() => setForm(undefined)} />}
      {file === 'export' ? <ExportKeys close={() => setFile(undefined)} /> : null}
      {file === 'import' ? <ImportKeys close={() => setFile(undefined)} /> : null}
    </Page>
  )
}

const FILTERS: readonly Filter[] = ['every', 'active', 'trouble', 'off']

function Keys({
  all,
  groupsOf,
  edit,
  addTo,
}: {
  all: readonly Key[]
  groupsOf(keys: readonly Key[]): KeyGroup[]
  edit(entry: Key): void
  addTo(provider: string): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [search, setSearch] = useState('')
  const [filter, setFilter] = useState<Filter>('every')
  const countOf = (one: Filter): number =>
    one === 'every' ? all.length : all.filter((key) => filterOf(key) === one).length
  const shown = all.filter((key) => (filter === 'every' || filterOf(key) === filter) && fits(key, search))
  return (
    <Stack>
      <Group gap="sm">
        <TextInput
          flex="1 1 220px"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={common.t('act.search')}
          aria-label={t('searchLabel')}
          leftSection={<IconSearch size={16} />}
        />
        <SegmentedControl
          value={filter}
          onChange={setFilter}
          data={FILTERS.map((one) => ({ value: one, label: t(one, { count: countOf(one) }) }))}
          aria-label={t('filter')}
          withItemsBorders={false}
          {...(classes.filter === undefined ? {} : { className: classes.filter })}
        />
      </Group>
      {shown.length === 0 ? <Empty title={common.t('state.noMatch')} /> : null}
      {groupsOf(shown).map((group) => (
        <ProviderCard key={group.provider} group={group} edit={edit} add={() => addTo(group.provider)} />
      ))}
    </Stack>
  )
}

const SHOWN_KEYS = 20
const MORE_KEYS = 100

/** All keys of one provider. */
function ProviderCard({ group, edit, add }: { group: KeyGroup; edit(entry: Key): void; add(): void }) {
  const { t } = useTexts(TEXTS)
  const [many, setMany] = useState(SHOWN_KEYS)
  const { provider, title, keys } = group
  const places = [...new Set(keys.map(({ baseUrl }) => baseUrl))]
  const wires = [...new Set(keys.map(({ wire }) => wire))]
  const rest = keys.length - many
  return (
    <Paper withBorder component="section" aria-label={t('group', { name: title })}>
      <Group gap="sm" p="md" wrap="nowrap" align="flex-start">
        <ProviderAvatar name={provider} title={title} />
        <div className={classes.grow}>
          <Title order={2} size="h4" className={classes.word}>
            {title}
          </Title>
          <Text size="sm" c="dimmed" className={classes.word}>
            {places.length === 1 ? places[0] : provider}
          </Text>
          <Text size="sm" c="dimmed" component="div" className={classes.facts}>
            <span>{t('keys', { count: keys.length })}</span>
            {wires.map((wire) => (
              <span key={wire}>{t(`wire.${wire}`)}</span>
            ))}
          </Text>
        </div>
        <Tooltip label={t('addHere', { name: title })}>
          <ActionIcon variant="default" size="lg" onClick={add} aria-label={t('addHere', { name: title })}>
            <IconPlus size={18} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <div role="list">
        {keys.slice(0, many).map((entry) => (
          <KeyRow key={entry.id} entry={entry} edit={edit} />
        ))}
      </div>
      {rest > 0 ? (
        <Group justify="center" p="xs">
          <Button variant="subtle" onClick={() => setMany(many + MORE_KEYS)}>
            {t('moreKeys', { count: Math.min(rest, MORE_KEYS) })}
          </Button>
        </Group>
      ) : null}
    </Paper>
  )
}
