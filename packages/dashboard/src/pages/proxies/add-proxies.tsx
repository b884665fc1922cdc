import { Alert, Badge, Button, Checkbox, FileButton, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { IconFile } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { refresh, told, type Preview } from './data.js'
import { PROTOCOLS, type Protocol } from './edit-proxy.js'
import classes from './proxies.module.css'
import { TEXTS } from './texts.js'

/** How many lines of a preview are drawn. */
const SHOWN = 50

/** Paste one proxy or a thousand, see what was understood, and take them. */
export function AddProxies({
  opened,
  text: given,
  onClose,
  onAdded,
}: {
  opened: boolean
  /** What stands there at first. */
  text: string
  onClose(): void
  onAdded(): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const onPhone = useMediaQuery('(max-width: 48em)') === true
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('addForm.title')}
      size="xl"
      fullScreen={onPhone}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Form given={given} onClose={onClose} onAdded={onAdded} />
    </Modal>
  )
}

function Form({ given, onClose, onAdded }: { given: string; onClose(): void; onAdded(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [text, setText] = useState(given)
  const [protocol, setProtocol] = useState<Protocol>('http')
  const [allowPrivate, setAllow] = useState(given !== '')
  const [busy, setBusy] = useState(false)
  const [asked] = useDebouncedValue({ text, protocol, allowPrivate }, 250)
  const { data: preview, error } = useQuery({
    queryKey: ['proxies', 'preview', asked],
    queryFn: async () => told((await api.POST('/api/proxies/import', { body: { ...asked, dryRun: true } })).data),
    enabled: asked.text.trim() !== '',
    placeholderData: keepPreviousData,
    // It may hold passwords.
    gcTime: 0,
  })
  const known = text.trim() === '' ? undefined : preview
  const taken = known === undefined ? 0 : known.added + known.updated
  const somePrivate = allowPrivate || (known?.proxies.some(({ outcome }) => outcome === 'private') ?? false)

  async function take(): Promise<void> {
    setBusy(true)
    try {
      const { data } = await withFreshSignIn(() =>
        api.POST('/api/proxies/import', { body: { text, protocol, allowPrivate } }),
      )
      const { added, updated, unchanged } = told(data)
      sayDone(t('addForm.done', { added, updated, unchanged }))
      await refresh(client)
      onAdded()
    } catch (problem) {
      sayFailed(problem)
    }
    setBusy(false)
  }

  return (
    <Stack gap="md">
      <Textarea
        label={t('addForm.lines')}
        description={t('addForm.linesAbout')}
        placeholder={'socks5h://user:password@proxy.example.com:1080\nproxy.example.com:8080:user:password'}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        rows={7}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.mono ?? '' }}
        data-autofocus
      />
      <Group align="flex-end" justify="space-between">
        <Select
          label={t('addForm.protocol')}
          data={[...PROTOCOLS]}
          value={protocol}
          onChange={(value) => setProtocol(PROTOCOLS.find((one) => one === value) ?? 'http')}
          allowDeselect={false}
        />
        <FileButton onChange={(file) => void file?.text().then(setText, sayFailed)} accept=".txt,.yaml,.yml,.json">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFile size={16} />}>
              {t('addForm.file')}
            </Button>
          )}
        </FileButton>
      </Group>
      {somePrivate ? (
        <Checkbox
          label={t('addForm.allow')}
          checked={allowPrivate}
          onChange={(event) => setAllow(event.currentTarget.checked)}
        />
      ) : null}
      <div role="status">
        <Text size="sm" fw={500} mb={6}>
          {t('addForm.preview')}
        </Text>
        {error === null ? (
          <Understood preview={known} />
        ) : (
          <Alert color="red" variant="light">
            {error.message}
          </Alert>
        )}
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {common.t('act.cancel')}
        </Button>
        <Button onClick={() => void take()} loading={busy} disabled={taken === 0}>
          {t('addForm.take', { count: taken })}
        </Button>
      </Group>
    </Stack>
  )
}

const COLORS = { added: 'teal', updated: 'yellow', unchanged: 'gray', private: 'orange' } as const

function Understood({ preview }: { preview: Preview | undefined }) {
  const { t } = useTexts(TEXTS)
  if (preview === undefined) {
    return (
      <Text size="sm" c="dimmed">
        {t('addForm.waiting')}
      </Text>
    )
  }
  const { proxies, problems, duplicates } = preview
  return (
    <Stack gap="xs">
      {problems.length === 0 ? null : (
        <Alert color="red" variant="light" p="xs">
          {problems.slice(0, 5).map(({ line, message }) => (
            <Text size="sm" key={`${line} ${message}`}>
              {t('addForm.line', { line, message })}
            </Text>
          ))}
          {problems.length > 5 ? <Text size="sm">{t('addForm.more', { count: problems.length - 5 })}</Text> : null}
        </Alert>
      )}
      {/* Focusable, so that a keyboard can scroll it. */}
      <ul className={classes.preview} tabIndex={0} aria-label={t('addForm.preview')}>
        {proxies.slice(0, SHOWN).map(({ url, outcome }, at) => (
          <li key={`${at} ${url}`}>
            <Group gap="xs" wrap="nowrap" py={2}>
              <Badge variant="light" color={COLORS[outcome]} miw={84}>
                {t(`addForm.${outcome}`)}
              </Badge>
              <Text size="sm" className={classes.mono}>
                {url}
              </Text>
            </Group>
          </li>
        ))}
      </ul>
      {proxies.length > SHOWN ? <Text size="sm">{t('addForm.more', { count: proxies.length - SHOWN })}</Text> : null}
      {duplicates === 0 ? null : (
        <Text size="sm" c="dimmed">
          {t('addForm.duplicates', { count: duplicates })}
        </Text>
      )}
    </Stack>
  )
}
