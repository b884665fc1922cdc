import { Alert, Button, Checkbox, Group, List, Modal, PasswordInput, Select, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone } from '../../parts/say.js'
import { TRANSFER } from './transfer-texts.js'

const FORMATS = ['full', 'minimal', 'codex_proxy', 'cockpit_tools', 'cpa', 'sub2api', 'codex'] as const
type Format = (typeof FORMATS)[number]
const SEALABLE: readonly Format[] = ['full', 'minimal']
const SHORTEST = 8

/** Accounts as a file: for us sealed, for other programs open. */
export function ExportDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const { t } = useTexts(TRANSFER)
  const common = useCommon()
  const [format, setFormat] = useState<Format>('full')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [wishesOpen, setWishesOpen] = useState(false)
  const sealable = SEALABLE.includes(format)
  const open = !sealable || wishesOpen
  const short = !open && passphrase.length < SHORTEST
  const differ = !open && passphrase !== again
  const tooMany = format === 'codex' && ids.length > 1
  const save = useMutation({
    mutationFn: async () => {
      const { data } = await withFreshSignIn(() =>
        api.POST('/auth/accounts/export', {
          body: { ids: [...ids], format, ...(open ? { plain: true } : { passphrase }) },
        }),
      )
      return data
    },
    onSuccess(data) {
      if (data === undefined) return
      download(data.name, data.text)
      sayDone(t('export.done', { count: data.count, name: data.name }))
      if (data.problems.length === 0) onClose()
    },
  })
  const problems = save.data?.problems ?? []
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('export.title', { count: ids.length })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="sm">
          <Select
            label={t('export.format')}
            data={FORMATS.map((value) => ({ value, label: t(`export.formats.${value}`) }))}
            value={format}
            allowDeselect={false}
            onChange={(value) => setFormat((value ?? 'full') as Format)}
            {...(tooMany ? { error: t('export.single') } : {})}
          />
          {sealable ? (
            <Checkbox
              label={t('export.open')}
              checked={wishesOpen}
              onChange={(event) => setWishesOpen(event.currentTarget.checked)}
            />
          ) : null}
          {open ? null : (
            <>
              <PasswordInput
                label={t('export.passphrase')}
                description={t('export.short')}
                value={passphrase}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
                autoComplete="new-password"
              />
              <PasswordInput
                label={t('export.again')}
                value={again}
                onChange={(event) => setAgain(event.currentTarget.value)}
                autoComplete="new-password"
                {...(again !== '' && differ ? { error: t('export.differ') } : {})}
              />
            </>
          )}
          <Alert color={open ? 'red' : 'yellow'} variant="light" icon={<IconAlertTriangle />}>
            <Text size="sm">
              {t('export.warning')} {open ? t('export.warningOpen') : ''} {t('export.once')}
            </Text>
          </Alert>
          {save.error === null ? null : (
            <Text size="sm" c="red" role="alert">
              {save.error.message}
            </Text>
          )}
          {problems.length === 0 ? null : (
            <div>
              <Text size="sm" fw={600}>
                {t('export.remarks')}
              </Text>
              <List size="sm">
                {problems.map(({ place, message }) => (
                  <List.Item key={place}>
                    {place}: {message}
                  </List.Item>
                ))}
              </List>
            </div>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.t('act.close')}
            </Button>
            <Button
              type="submit"
              leftSection={<IconDownload size={16} />}
              loading={save.isPending}
              disabled={short || differ || tooMany}
            >
              {t('export.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
