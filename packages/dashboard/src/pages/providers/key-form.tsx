import { Alert, Anchor, Button, Collapse, Group, Modal, Stack, Text, TextInput, PasswordInput } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp, IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import { api, ApiError } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { ChooseProvider } from './choose-provider.js'
import { nameOf, useShownKeys, type Key, type KeyModel, type Preset } from './data.js'
import { authorityOf, draftOfKey, draftOfPreset, saidOf, type Draft } from './key-draft.js'
import { ModelPicker } from './model-picker.js'
import { MoreSettings } from './more-settings.js'
import { ProviderAvatar } from './provider-avatar.js'
import { TEXTS } from './texts.js'
import { useTest } from './use-test.js'

/** What the form is opened for: a new key, of a provider that is chosen or not, or one that is there. */
export type FormFor = { entry: Key } | { provider?: string }

export function KeyForm({ of, presets, close }: { of: FormFor; presets: readonly Preset[]; close(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const onPhone = useMediaQuery('(max-width: 36em)')
  const entry = 'entry' in of ? of.entry : undefined
  const presetOf = (id: string): Preset | undefined => presets.find((one) => one.id === id)
  const [draft, setDraft] = useState<Draft | undefined>(() => {
    if (entry !== undefined) return draftOfKey(entry)
    const chosen = 'provider' in of ? of.provider : undefined
    return chosen === undefined ? undefined : draftOfPreset(chosen, presetOf(chosen))
  })
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      fullScreen={onPhone === true}
      title={entry === undefined ? t('form.addTitle') : t('form.editTitle', { name: nameOf(entry) })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      {draft === undefined ? (
        <ChooseProvider presets={presets} choose={(id) => setDraft(draftOfPreset(id, presetOf(id)))} />
      ) : (
        <Fields
          key={draft.provider}
          draft={draft}
          change={(change) => setDraft((before) => (before === undefined ? before : { ...before, ...change }))}
          preset={presetOf(draft.provider)}
          entry={entry}
          chooseAnother={() => setDraft(undefined)}
          close={close}
        />
      )}
    </Modal>
  )
}

interface Problem {
  pointer: string
  code: string
  message: string
}

function Fields({
  draft,
  change,
  preset,
  entry,
  chooseAnother,
  close,
}: {
  draft: Draft
  change(change: Partial<Draft>): void
  preset: Preset | undefined
  entry: Key | undefined
  chooseAnother(): void
  close(): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const { readAgain } = useShownKeys()
  const { test } = useTest()
  const [more, { toggle }] = useDisclosure(entry === undefined && preset === undefined)
  const [list, setList] = useState<{ models: KeyModel[]; fetchedAt: string | undefined }>({
    models: preset?.models ?? [],
    fetchedAt: undefined,
  })
  const [busy, setBusy] = useState<'fetch' | 'save' | undefined>()
  const [problem, setProblem] = useState<Problem | undefined>()
  const [listProblem, setListProblem] = useState<string | undefined>()
  const at = (place: string): string | undefined =>
    problem?.pointer === place || problem?.pointer.startsWith(`${place}/`) === true ? problem.message : undefined

  /** What the gateway says of one field stands beside it; all else in the corner. */
  function place(error: unknown): void {
    if (
      error instanceof ApiError &&
      error.pointer !== undefined &&
      PLACES.some((one) => error.pointer?.startsWith(one))
    )
      setProblem({ pointer: error.pointer, code: error.code, message: plain(error.message) })
    else sayFailed(error)
  }

  async function fetch(): Promise<void> {
    setBusy('fetch')
    setProblem(undefined)
    setListProblem(undefined)
    const { apiKey, baseUrl, wire } = draft
    const kept = entry !== undefined && apiKey === '' && baseUrl === entry.baseUrl && wire === entry.wire
    try {
      const { data } = await api.POST('/auth/api-keys/models', {
        body: kept
          ? { id: entry.id, refresh: list.fetchedAt !== undefined }
          : {
              provider: preset?.id ?? 'custom',
              ...(apiKey === '' ? {} : { apiKey }),
              ...(baseUrl === '' ? {} : { baseUrl }),
              wire,
              refresh: list.fetchedAt !== undefined,
            },
      })
      if (data !== undefined) {
        setList(data)
        if (draft.picked.models.length === 0) change({ picked: { every: false, models: [] } })
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 502) setListProblem(error.message)
      else place(error)
    } finally {
      setBusy(undefined)
    }
  }

  async function save(andTest: boolean): Promise<void> {
    setProblem(undefined)
    if (!draft.picked.every && draft.picked.models.length === 0) {
      return setProblem({ pointer: '/models', code: 'empty', message: t('form.needModels') })
    }
    setBusy('save')
    try {
      const said = saidOf(draft)
      const { data } =
        entry === undefined
          ? await api.POST('/auth/api-keys', { body: { provider: preset?.id ?? 'custom', ...said } })
          : await api.PATCH('/auth/api-keys/{id}', { params: { path: { id: entry.id } }, body: said })
      if (data === undefined) return
      sayDone(data.outcome === 'updated' ? t('form.updated') : t('form.saved', { name: nameOf(data.key) }))
      close()
      await readAgain()
      if (andTest) await test(data.key)
    } catch (error) {
      place(error)
      setBusy(undefined)
    }
  }

  const keyNeeded = preset === undefined || preset.keysAt !== null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save(true)
      }}
    >
      <Stack>
        <Group gap="sm" wrap="nowrap">
          <ProviderAvatar name={draft.provider} title={preset?.title ?? draft.provider} />
          <div>
            <Text fw={600}>{preset?.title ?? (entry === undefined ? t('form.custom') : entry.provider)}</Text>
            {entry === undefined ? (
              <Anchor component="button" type="button" size="sm" onClick={chooseAnother}>
                {t('form.change')}
              </Anchor>
            ) : null}
          </div>
        </Group>
        <TextInput
          label={t('form.baseUrl')}
          description={t('form.baseUrlAbout')}
          value={draft.baseUrl}
          onChange={(event) => change({ baseUrl: event.currentTarget.value })}
          placeholder="https://api.example.com/v1"
          error={at('/baseUrl')}
          required
          withAsterisk={false}
          {...(entry === undefined && preset?.baseUrl == null ? { 'data-autofocus': true } : {})}
        />
        {problem?.code === 'private_address' ? (
          <AllowHost baseUrl={draft.baseUrl} allowed={() => setProblem(undefined)} />
        ) : null}
        <PasswordInput
          label={t('form.key')}
          description={
            entry?.apiKey != null
              ? t('form.keyKept', { hint: entry.apiKey })
              : keyNeeded
                ? undefined
                : t('form.keyNone')
          }
          value={draft.apiKey}
          onChange={(event) => change({ apiKey: event.currentTarget.value })}
          error={at('/apiKey')}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': common.t('act.show') }}
          {...(entry === undefined && preset?.baseUrl != null ? { 'data-autofocus': true } : {})}
        />
        {preset?.keysAt == null ? null : (
          <Anchor href={preset.keysAt} target="_blank" rel="noreferrer" size="sm">
            {t('form.getKey')} <IconExternalLink size={14} />
          </Anchor>
        )}
        <ModelPicker
          provider={draft.name || draft.provider}
          picked={draft.picked}
          onChange={(picked) => change({ picked })}
          listed={list.models}
          fetchedAt={list.fetchedAt}
          fetch={() => void fetch()}
          fetching={busy === 'fetch'}
          problem={listProblem}
          error={at('/models')}
        />
        <Button
          variant="subtle"
          color="gray"
          justify="space-between"
          onClick={toggle}
          aria-expanded={more}
          rightSection={more ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
        >
          {t('form.more')}
        </Button>
        <Collapse expanded={more}>
          <MoreSettings draft={draft} change={change} at={at} entry={entry} />
        </Collapse>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void save(false)} disabled={busy !== undefined}>
            {t('form.save')}
          </Button>
          <Button type="submit" loading={busy === 'save'}>
            {t('form.saveAndTest')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const PLACES = ['/baseUrl', '/apiKey', '/models', '/name', '/label', '/wire', '/capabilities', '/weight', '/headers']

/** The place stands beside the field already. */
function plain(message: string): string {
  return message.replace(/ \(at \/[^)]*\)$/, '')
}

/** Addresses of one's own network are asked only when they are allowed by name. */
function AllowHost({ baseUrl, allowed }: { baseUrl: string; allowed(): void }) {
  const { t } = useTexts(TEXTS)
  const [busy, setBusy] = useState(false)
  const host = authorityOf(baseUrl)
  if (host === undefined) return null

  async function allow(name: string): Promise<void> {
    setBusy(true)
    try {
      const setting = 'upstream.allowed_private_hosts'
      const { data } = await api.GET('/admin/config')
      const before: unknown = data?.settings.find(({ path }) => path === setting)?.value
      const list = Array.isArray(before) ? before.map(String) : []
      await withFreshSignIn(() => api.PATCH('/admin/config', { body: { [setting]: [...list, name] } }))
      sayDone(t('form.allowed', { host: name }))
      allowed()
    } catch (error) {
      sayFailed(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Alert color="orange" variant="light" title={t('form.privateTitle')}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('form.privateAbout')}</Text>
        <Button size="xs" variant="default" loading={busy} onClick={() => void allow(host)}>
          {t('form.allow', { host })}
        </Button>
      </Stack>
    </Alert>
  )
}
