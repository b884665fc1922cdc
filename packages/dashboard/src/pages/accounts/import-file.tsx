import { Badge, Button, FileButton, Group, PasswordInput, Stack, Table, Text, Textarea } from '@mantine/core'
import { IconFileImport, IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiError, type Schemas } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import classes from './accounts.module.css'
import { TRANSFER } from './transfer-texts.js'

/** A file as it is sent: its text, or what is no text. */
interface Content {
  content?: string
  contentBase64?: string
}

const MOST_BYTES = 64 * 1024 * 1024
const MOST_ROWS = 200
const COLORS = { added: 'teal', updated: 'blue', unchanged: 'gray', failed: 'red', unknown: 'blue' } as const

/** Looks into a file first and says what would happen; then takes it. */
export function ImportFile({ onTask }: { onTask: (task: Schemas['Task']) => void }) {
  const { t } = useTexts(TRANSFER)
  const [file, setFile] = useState<Content & { name: string }>()
  const [pasted, setPasted] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [problem, setProblem] = useState<string>()
  const sent: Content | undefined = file ?? (pasted.trim() === '' ? undefined : { content: pasted })
  const body = { ...contentOf(sent), ...(passphrase === '' ? {} : { passphrase }) }
  const look = useMutation({
    mutationFn: async (what: Content & { passphrase?: string }) => {
      const { data } = await api.POST('/auth/accounts/import', {
        params: { query: { dryRun: 'true' } },
        body: what,
      })
      return data !== undefined && 'entries' in data ? data : undefined
    },
  })
  const take = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST('/auth/accounts/import', {
        params: { query: { background: 'true' } },
        body,
      })
      if (data !== undefined && 'task' in data) onTask(data.task)
    },
  })
  const code = look.error instanceof ApiError ? look.error.code : ''
  const sealed = code === 'sealed' || code === 'wrong_passphrase' || passphrase !== ''

  async function choose(chosen: File | null): Promise<void> {
    if (chosen === null) return
    look.reset()
    setProblem(undefined)
    setPassphrase('')
    if (chosen.size > MOST_BYTES) return setProblem(t('file.tooLarge'))
    const read = { name: chosen.name, ...(await readFile(chosen)) }
    setFile(read)
    look.mutate(contentOf(read))
  }

  if (look.data !== undefined) {
    return (
      <Preview
        imported={look.data}
        busy={take.isPending}
        error={take.error?.message}
        onTake={() => take.mutate()}
        onOther={() => {
          look.reset()
          setFile(undefined)
          setPasted('')
          setPassphrase('')
        }}
      />
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (sent !== undefined) look.mutate(body)
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('file.about')}
        </Text>
        <Group gap="sm">
          <FileButton onChange={(chosen) => void choose(chosen)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                {t('file.choose')}
              </Button>
            )}
          </FileButton>
          {file === undefined ? null : (
            <Text size="sm" className={classes.long}>
              {file.name}
            </Text>
          )}
        </Group>
        {file === undefined ? (
          <Textarea
            label={t('file.paste')}
            rows={4}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        ) : null}
        {sealed ? (
          <PasswordInput
            label={t('file.passphrase')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        ) : null}
        {problem === undefined && look.error === null ? null : (
          <Text size="sm" c="red" role="alert">
            {problem ?? look.error?.message}
          </Text>
        )}
        <Button
          type="submit"
          loading={look.isPending}
          disabled={sent === undefined}
          leftSection={<IconFileImport size={16} />}
          style={{ alignSelf: 'flex-start' }}
        >
          {t('file.read')}
        </Button>
      </Stack>
    </form>
  )
}

/** What would happen to each, before anything does. */
function Preview({
  imported,
  busy,
  error,
  onTake,
  onOther,
}: {
  imported: Schemas['Imported']
  busy: boolean
  error: string | undefined
  onTake: () => void
  onOther: () => void
}) {
  const { t } = useTexts(TRANSFER)
  const { entries } = imported
  const useful = entries.filter(({ outcome }) => outcome !== 'failed' && outcome !== 'unchanged').length
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600}>{t('file.preview')}</Text>
        <Text size="sm" c="dimmed">
          {t('file.previewAbout')}
        </Text>
      </div>
      <Group gap={6}>
        {(['added', 'updated', 'unknown', 'unchanged', 'failed'] as const)
          .filter((outcome) => imported[outcome] > 0)
          .map((outcome) => (
            <Badge key={outcome} variant="light" tt="none" color={COLORS[outcome]}>
              {t(`file.${outcome}`)}: {imported[outcome]}
            </Badge>
          ))}
      </Group>
      <Table.ScrollContainer minWidth={480} maxHeight={360} scrollAreaProps={{ tabIndex: 0 }}>
        <Table verticalSpacing={6} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('file.account')}</Table.Th>
              <Table.Th>{t('file.outcome')}</Table.Th>
              <Table.Th>{t('file.remark')}</Table.Th>
              <Table.Th>{t('file.place')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.slice(0, MOST_ROWS).map((entry, at) => (
              <Table.Tr key={at}>
                <Table.Td className={classes.long}>{entry.name ?? '–'}</Table.Td>
                <Table.Td>
                  <Badge size="sm" variant="light" tt="none" color={COLORS[entry.outcome]}>
                    {t(`file.${entry.outcome}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Text size="xs">{entry.message ?? ''}</Text>
                </Table.Td>
                <Table.Td>
                  <Text size="xs" c="dimmed">
                    {entry.place}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {entries.length > MOST_ROWS ? (
        <Text size="xs" c="dimmed">
          {t('file.more', { count: entries.length - MOST_ROWS })}
        </Text>
      ) : null}
      {error === undefined ? null : (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
      <Group gap="sm">
        <Button onClick={onTake} loading={busy} disabled={useful === 0}>
          {useful === 0 ? t('file.nothing') : t('file.take', { count: useful })}
        </Button>
        <Button variant="default" onClick={onOther}>
          {t('file.other')}
        </Button>
      </Group>
    </Stack>
  )
}

function contentOf(content: Content | undefined): Content {
  const { content: text, contentBase64 } = content ?? {}
  return {
    ...(text === undefined ? {} : { content: text }),
    ...(contentBase64 === undefined ? {} : { contentBase64 }),
  }
}

/** Text as text; a database, or text of another encoding, as bytes. */
async function readFile(file: File): Promise<Content> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return { content: text }
  } catch {
    // No text in UTF-8.
  }
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return { contentBase64: btoa(binary) }
}
