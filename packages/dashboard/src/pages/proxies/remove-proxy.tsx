import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { doUnlessUndone } from '../../parts/say.js'
import { refresh, type Proxy } from './data.js'
import { TEXTS } from './texts.js'
import { useWays } from './ways.js'

/** Removing a proxy: at once when nobody goes through it, else it is asked where they go. Both can be taken back for a while. */
export function useRemoval(proxies: readonly Proxy[]): {
  /** Gone on the page, and not yet for good. */
  hidden: ReadonlySet<string>
  ask(proxy: Proxy): void
  dialog: ReactNode
} {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<Proxy>()

  function remove({ id, name }: Proxy, reassign?: string): void {
    const hide = (hiding: boolean): void =>
      setHidden((before) => new Set(hiding ? [...before, id] : [...before].filter((one) => one !== id)))
    hide(true)
    doUnlessUndone(
      { message: t('remove.done', { name }), undo: common.t('act.undo') },
      async () => {
        await api.DELETE('/api/proxies/{id}', {
          params: { path: { id }, query: reassign === undefined ? {} : { reassign } },
        })
        await refresh(client)
      },
      () => hide(false),
    )
  }

  return {
    hidden,
    ask: (proxy) => (proxy.owners.length === 0 ? remove(proxy) : setAsked(proxy)),
    dialog:
      asked === undefined ? null : (
        <WhereThen
          of={asked}
          others={proxies.filter(({ id, enabled }) => enabled && id !== asked.id && !hidden.has(id))}
          onClose={() => setAsked(undefined)}
          onRemove={(way) => {
            setAsked(undefined)
            remove(asked, way)
          }}
        />
      ),
  }
}

function WhereThen({
  of: { name, owners },
  others,
  onClose,
  onRemove,
}: {
  of: Proxy
  others: readonly Proxy[]
  onClose(): void
  onRemove(way: string): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const { ways } = useWays(others)
  const [way, setWay] = useState('global')
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('remove.title', { name })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('remove.owners', { count: owners.length })}</Text>
        <Select
          label={t('remove.way')}
          data={ways.map(({ id, name: label }) => ({ value: id, label }))}
          value={way}
          onChange={(value) => setWay(value ?? 'global')}
          allowDeselect={false}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.t('act.cancel')}
          </Button>
          <Button color="red" onClick={() => onRemove(way)}>
            {t('remove.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
