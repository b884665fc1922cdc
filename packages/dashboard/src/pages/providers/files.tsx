import {
  Alert,
  Badge,
  Button,
  Checkbox,
  FileInput,
  Group,
  Modal,
  PasswordInput,
  Stack,
  Table,
  Text,
} from '@mantine/core'
import { IconDownload, IconFileImport } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { useShownKeys } from './data.js'
import classes from './providers.module.css'
import { TEXTS } from './texts.js'

/** Keys as a file, sealed unless somebody wants it otherwise. */
export function ExportKeys({ close }: { close(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [passphrase, setPassphrase] = useState('')
  const [plain, setPlain] = useState(false)
  const [busy, setBusy] = useState(false)

  async function download(): Promise<void> {
    setBusy(true)
    try {
      const body = plain ? { plain: true as const } : { passphrase }
      const { data } = await withFreshSignIn(() => api.POST('/auth/api-keys/export', { body }))
      const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
      const link = Object.assign(document.createElement('a'), { href: url, download: 'dragoman-api-keys.json' })
      link.click()
      URL.revokeObjectURL(url)
      close()
    } catch (error) {
      sayFailed(error)
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={close}
      title={t('file.exportTitle')}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Stack>
        <Text size="sm">{t('file.exportAbout')}</Text>
        <PasswordInput
          label={t('file.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          disabled={plain}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': common.t('act.show') }}
          data-autofocus
        />
        <Checkbox label={t('file.plain')} checked={plain} onChange={(event) => setPlain(event.currentTarget.checked)} />
        <Button
          leftSection={<IconDownload size={16} />}
          loading={busy}
          disabled={!plain && passphrase === ''}
          onClick={() => void download()}
        >
          {t('file.download')}
        </Button>
      </Stack>
    </Modal>
  )
}

type Imported = Schemas['ImportedApiKeys']

/** A file is looked at first, and taken in when one likes what is in it. */
export function ImportKeys({ close }: { close(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const { readAgain } = useShownKeys()
  const [file, setFile] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [needed, setNeeded] = useState(false)
  const [problem, setProblem] = useState<string | undefined>()
  const [look, setLook] = useState<Imported | undefined>()
  const [busy, setBusy] = useState(false)

  async function send(dryRun: boolean): Promise<void> {
    if (file === null) return
    setBusy(true)
    setProblem(undefined)
    try {
      const text = await file.text()
      setNeeded(text.includes('"sealed"'))
      const { data } = await api.POST('/auth/api-keys/import', {
        body: { file: text, dryRun, ...(passphrase === '' ? {} : { passphrase }) },
      })
      if (data === undefined) return
      if (dryRun) return setLook(data)
      sayDone(t('file.done', { added: data.added, updated: data.updated }))
      close()
      await readAgain()
    } catch (error) {
      setLook(undefined)
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  const good = look === undefined ? 0 : look.added + look.updated
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('file.importTitle')}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Stack>
        <Text size="sm">{t('file.importAbout')}</Text>
        <FileInput
          label={t('file.choose')}
          value={file}
          onChange={(chosen) => {
            setFile(chosen)
            setLook(undefined)
            setProblem(undefined)
          }}
          accept="application/json,.json"
          leftSection={<IconFileImport size={16} />}
          error={needed ? undefined : problem}
        />
        {needed ? (
          <PasswordInput
            label={t('file.passphrase')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            error={problem}
            visibilityToggleButtonProps={{ 'aria-label': common.t('act.show') }}
          />
        ) : null}
        {look === undefined ? null : <Preview look={look} />}
        <Group justify="flex-end">
          <Button
            variant={look === undefined ? 'filled' : 'default'}
            disabled={file === null}
            loading={busy && look === undefined}
            onClick={() => void send(true)}
          >
            {t('file.look')}
          </Button>
          {good === 0 ? null : (
            <Button loading={busy} onClick={() => void send(false)}>
              {t('file.take', { count: good })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

const SHOWN = 200

function Preview({ look }: { look: Imported }) {
  const { t } = useTexts(TEXTS)
  const colors = { added: 'teal', updated: 'blue', refused: 'orange' } as const
  return (
    <Stack gap="xs">
      {look.keys.length === 0 ? <Text size="sm">{t('file.nothing')}</Text> : null}
      {look.failed === 0 ? null : (
        <Alert color="orange" variant="light" title={t('file.leftOut', { count: look.failed })}>
          {look.problems.slice(0, 20).map(({ at, message }) => (
            <Text key={at} size="sm" className={classes.word}>
              {at}: {message}
            </Text>
          ))}
        </Alert>
      )}
      <Table.ScrollContainer minWidth={300} maxHeight={300}>
        <Table>
          <Table.Tbody>
            {look.keys.slice(0, SHOWN).map((key, at) => (
              <Table.Tr key={at}>
                <Table.Td>
                  <Badge variant="light" color={colors[key.outcome]} tt="none">
                    {t(`file.outcome.${key.outcome}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" className={classes.word}>
                    {key.label ?? key.provider} {key.apiKey ?? ''}
                  </Text>
                  <Text size="xs" c="dimmed" className={classes.word}>
                    {key.reason ?? key.baseUrl}
                  </Text>
                </Table.Td>
                <Table.Td>{key.models === null ? t('file.names') : t('models', { count: key.models })}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}
