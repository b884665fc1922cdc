import { Button, Modal, PasswordInput, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone } from '../../parts/say.js'
import { FoundOnComputer, SignInChatGpt } from '../../parts/sign-in-chatgpt.js'
import { nameOf } from './choose.js'
import { KEY } from './data.js'
import { ImportFile } from './import-file.js'
import { TRANSFER } from './transfer-texts.js'

export type AddWay = 'signIn' | 'found' | 'file' | 'token'

/** Every way in which an account comes here. */
export function AddDialog({
  way,
  onWay,
  onClose,
  onTask,
}: {
  way: AddWay
  onWay: (way: AddWay) => void
  onClose: () => void
  onTask: (task: Schemas['Task']) => void
}) {
  const { t } = useTexts(TRANSFER)
  const common = useCommon()
  const client = useQueryClient()
  const changed = (): void => void client.invalidateQueries({ queryKey: KEY })
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('add.title')}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Tabs value={way} onChange={(value) => onWay((value ?? 'signIn') as AddWay)} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="signIn">{t('add.signIn')}</Tabs.Tab>
          <Tabs.Tab value="found">{t('add.found')}</Tabs.Tab>
          <Tabs.Tab value="file">{t('add.file')}</Tabs.Tab>
          <Tabs.Tab value="token">{t('add.token')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="signIn">
          <SignInChatGpt onDone={changed} />
        </Tabs.Panel>
        <Tabs.Panel value="found">
          <FoundOnComputer onDone={changed} />
        </Tabs.Panel>
        <Tabs.Panel value="file">
          <ImportFile
            onTask={(task) => {
              onTask(task)
              onClose()
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="token">
          <ByToken onDone={changed} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  )
}

function ByToken({ onDone }: { onDone: () => void }) {
  const { t } = useTexts(TRANSFER)
  const [refreshToken, setRefresh] = useState('')
  const [token, setToken] = useState('')
  const [label, setLabel] = useState('')
  const send = useMutation({
    mutationFn: async () =>
      (
        await api.POST('/auth/accounts', {
          body: {
            ...(token.trim() === '' ? {} : { token: token.trim() }),
            ...(refreshToken.trim() === '' ? {} : { refreshToken: refreshToken.trim() }),
            ...(label.trim() === '' ? {} : { label: label.trim() }),
          },
        })
      ).data,
    onSuccess(data) {
      if (data === undefined) return
      setRefresh('')
      setToken('')
      setLabel('')
      sayDone(t(data.outcome === 'added' ? 'token.added' : 'token.updated', { name: nameOf(data.account) }))
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate()
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('token.about')}
        </Text>
        <PasswordInput
          label={t('token.refresh')}
          value={refreshToken}
          onChange={(event) => setRefresh(event.currentTarget.value)}
          autoComplete="off"
        />
        <PasswordInput
          label={t('token.access')}
          description={t('token.either')}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="off"
        />
        <TextInput
          label={t('token.label')}
          maxLength={64}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        {send.error === null ? null : (
          <Text size="sm" c="red" role="alert">
            {send.error.message}
          </Text>
        )}
        <Button
          type="submit"
          loading={send.isPending}
          disabled={token.trim() === '' && refreshToken.trim() === ''}
          style={{ alignSelf: 'flex-start' }}
        >
          {t('token.send')}
        </Button>
      </Stack>
    </form>
  )
}
