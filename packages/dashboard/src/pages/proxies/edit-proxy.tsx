import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiError } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone } from '../../parts/say.js'
import { refresh, type Proxy } from './data.js'
import { TEXTS } from './texts.js'

export const PROTOCOLS = ['http', 'https', 'socks5', 'socks5h'] as const
export type Protocol = (typeof PROTOCOLS)[number]

export function EditProxy({ of: proxy, onClose }: { of: Proxy | undefined; onClose(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  return (
    <Modal
      opened={proxy !== undefined}
      onClose={onClose}
      title={proxy === undefined ? '' : t('editForm.title', { name: proxy.name })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      {proxy === undefined ? null : <Form key={proxy.id} of={proxy} onClose={onClose} />}
    </Modal>
  )
}

function Form({ of: proxy, onClose }: { of: Proxy; onClose(): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [problem, setProblem] = useState<string>()
  const [isPrivate, setPrivate] = useState(false)
  const [busy, setBusy] = useState(false)
  const form = useForm({
    initialValues: {
      name: proxy.name,
      protocol: PROTOCOLS.find((one) => one === proxy.protocol) ?? 'http',
      host: proxy.host,
      port: proxy.port as number | '',
      username: proxy.username ?? '',
      password: '',
      allowPrivate: false,
    },
  })

  async function save({ username, password, port, allowPrivate, ...values }: typeof form.values): Promise<void> {
    await withFreshSignIn(() =>
      api.PUT('/api/proxies/{id}', {
        params: { path: { id: proxy.id } },
        body: {
          ...values,
          port: Number(port),
          // A login that is not shown is not taken away by leaving it out.
          ...(username === (proxy.username ?? '') ? {} : { username: username === '' ? null : username }),
          ...(password === '' ? {} : { password }),
          ...(allowPrivate ? { allowPrivate } : {}),
        },
      }),
    )
    sayDone(t('editForm.saved', { name: values.name }))
    await refresh(client)
    onClose()
  }

  const submit = form.onSubmit((values) => {
    setBusy(true)
    setProblem(undefined)
    save(values)
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'password_needed') {
          form.setFieldError(error.pointer === '/username' ? 'username' : 'password', t('editForm.passwordNeeded'))
        } else if (error instanceof ApiError && error.pointer === '/name') form.setFieldError('name', error.message)
        else {
          setPrivate(error instanceof ApiError && error.code === 'private_host')
          setProblem(error instanceof Error ? error.message : String(error))
        }
      })
      .finally(() => setBusy(false))
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput label={t('editForm.name')} maxLength={80} data-autofocus {...form.getInputProps('name')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Select
            label={t('editForm.protocol')}
            data={[...PROTOCOLS]}
            allowDeselect={false}
            {...form.getInputProps('protocol')}
          />
          <NumberInput
            label={t('editForm.port')}
            min={1}
            max={65_535}
            allowDecimal={false}
            {...form.getInputProps('port')}
          />
        </SimpleGrid>
        <TextInput label={t('editForm.host')} {...form.getInputProps('host')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('editForm.username')} autoComplete="off" {...form.getInputProps('username')} />
          <PasswordInput
            label={t('editForm.password')}
            placeholder={proxy.hasPassword ? t('editForm.passwordKept') : ''}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
        </SimpleGrid>
        {problem === undefined ? null : (
          <Alert color="red" variant="light">
            {problem}
          </Alert>
        )}
        {isPrivate ? (
          <Checkbox label={t('editForm.allow')} {...form.getInputProps('allowPrivate', { type: 'checkbox' })} />
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.t('act.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('editForm.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
