import { Button, Group, PasswordInput, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { rawFetch } from '../../../api/client.js'
import { withFreshSignIn } from '../../../chrome/confirm-identity.js'
import { useFormat } from '../../../i18n/format.js'
import { useCommon, useTexts } from '../../../i18n/index.js'
import { CopyBlock } from '../../../parts/copy.js'
import { sayDone, sayFailed } from '../../../parts/say.js'
import { SettingsCard } from './card.js'
import { fileNameOf, saveFile } from './save-file.js'
import { TEXTS } from './texts.js'

/** As the gateway has it. */
const SHORTEST = 8

export function BackupCards() {
  const { t } = useTexts(TEXTS)
  return (
    <>
      <SettingsCard title={t('backup.make')}>
        <BackupForm />
      </SettingsCard>
      <SettingsCard title={t('backup.restore')}>
        <Text size="sm">{t('backup.restoreWhat')}</Text>
        <CopyBlock code={t('backup.restoreCode')} />
        <Text size="sm">{t('backup.byHand')}</Text>
        <CopyBlock code={t('backup.byHandCode')} />
      </SettingsCard>
    </>
  )
}

function BackupForm() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const format = useFormat()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [wrong, setWrong] = useState<'short' | 'differ'>()
  const [busy, setBusy] = useState(false)

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault()
    const found = [...passphrase].length < SHORTEST ? 'short' : passphrase === again ? undefined : 'differ'
    setWrong(found)
    if (found !== undefined) return
    setBusy(true)
    try {
      const response = await withFreshSignIn(() =>
        rawFetch('/admin/backup', { method: 'POST', body: JSON.stringify({ passphrase }) }),
      )
      const content = await response.blob()
      saveFile(fileNameOf(response, 'dragoman.backup'), content)
      sayDone(t('backup.done', { size: format.bytes(content.size) }))
      setPassphrase('')
      setAgain('')
    } catch (error) {
      sayFailed(error)
    }
    setBusy(false)
  }

  const toggle = { 'aria-label': common.t('act.show') }
  return (
    <form onSubmit={(event) => void make(event)}>
      <Text size="sm" mb="sm">
        {t('backup.what')}
      </Text>
      <Group gap="sm" align="flex-start" mb="sm">
        <PasswordInput
          flex="1 1 220px"
          label={t('backup.passphrase')}
          description={t('backup.passphraseHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={passphrase}
          error={wrong === 'short' ? t('backup.short') : undefined}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <PasswordInput
          flex="1 1 220px"
          label={t('backup.again')}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={again}
          error={wrong === 'differ' ? t('backup.differ') : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
      </Group>
      <Button type="submit" leftSection={<IconDownload size={16} />} loading={busy} disabled={passphrase === ''}>
        {t('backup.download')}
      </Button>
    </form>
  )
}
