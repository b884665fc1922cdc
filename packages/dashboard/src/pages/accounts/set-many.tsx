import { Button, Group, Modal, NumberInput, Stack, TagsInput, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { DETAIL } from './detail-texts.js'
import { ProxySelect } from './proxy-select.js'
import { TEXTS } from './texts.js'

/** Groups, weight, limit and way out of many at once. */
export function SetMany({
  ids,
  onClose,
  onTask,
}: {
  ids: string[]
  onClose: () => void
  onTask: (task: Schemas['Task']) => void
}) {
  const { t } = useTexts(TEXTS)
  const detail = useTexts(DETAIL)
  const common = useCommon()
  const [groups, setGroups] = useState<string[]>([])
  const [weight, setWeight] = useState<number | string>('')
  const [most, setMost] = useState<number | string>('')
  const [proxyId, setProxyId] = useState<string | null>(null)
  const body = {
    ids,
    ...(groups.length === 0 ? {} : { groups }),
    ...(typeof weight === 'number' ? { weight } : {}),
    ...(typeof most === 'number' ? { maxConcurrent: most } : {}),
    ...(proxyId === null ? {} : { proxyId }),
  }
  const send = useMutation({
    mutationFn: async () =>
      (await api.POST('/auth/accounts/batch-settings', { params: { query: { background: 'true' } }, body })).data,
    onSuccess(data) {
      if (data !== undefined && 'task' in data) onTask(data.task)
      onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('set.title', { count: ids.length })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate()
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('set.about')}
          </Text>
          <TagsInput
            label={detail.t('groups')}
            description={detail.t('groupsHint')}
            value={groups}
            onChange={setGroups}
          />
          <NumberInput
            label={detail.t('weight')}
            description={detail.t('weightHint')}
            value={weight}
            onChange={setWeight}
            min={0}
            max={1000}
          />
          <NumberInput
            label={detail.t('most')}
            description={detail.t('mostHint')}
            value={most}
            onChange={setMost}
            min={0}
            max={10_000}
            allowDecimal={false}
          />
          <ProxySelect value={proxyId} onChange={setProxyId} placeholder={t('set.proxyAsIs')} />
          {send.error === null ? null : (
            <Text size="sm" c="red" role="alert">
              {send.error.message}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.t('act.cancel')}
            </Button>
            <Button type="submit" loading={send.isPending} disabled={Object.keys(body).length === 1}>
              {t('set.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
