import { Button, Divider, Popover, Stack, Switch, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconAdjustments, IconTrash } from '@tabler/icons-react'
import { api } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { askFirst, sayDone, sayFailed } from '../../parts/say.js'
import { REQUESTS, STATE, useLogState } from './data.js'
import { TEXTS } from './texts.js'

type Changes = Partial<Record<'enabled' | 'paused' | 'captureBodies', boolean>>

/** Switches the log; the page shows it at once and takes it back when it did not work. */
export function useKeep() {
  const client = useQueryClient()
  return async (changes: Changes): Promise<void> => {
    const before = client.getQueryData(STATE)
    client.setQueryData(STATE, (known: object | null | undefined) => (known == null ? known : { ...known, ...changes }))
    try {
      const { data } = await api.POST('/admin/logs/state', { body: changes })
      client.setQueryData(STATE, data)
    } catch (error) {
      client.setQueryData(STATE, before)
      sayFailed(error)
    }
  }
}

/** What is kept of requests. */
export function KeepMenu({ cleared }: { cleared: () => void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const keep = useKeep()
  const { data: state } = useLogState()
  const clear = (): void =>
    askFirst({
      title: t('keep.clearTitle'),
      children: <Text size="sm">{t('keep.clearText')}</Text>,
      confirm: common.t('act.clear'),
      cancel: common.t('act.cancel'),
      run: async () => {
        const { data } = await api.POST('/admin/logs/clear')
        cleared()
        await client.invalidateQueries({ queryKey: REQUESTS })
        sayDone(t('keep.cleared', { count: data?.deleted ?? 0 }))
      },
    })
  const rows = [
    ['enabled', t('keep.log'), t('keep.logAbout')],
    ['paused', t('keep.pause'), undefined],
    ['captureBodies', t('keep.bodies'), t('keep.bodiesAbout')],
  ] as const
  return (
    <Popover width={320} position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<IconAdjustments size={16} />}>
          {t('keep.menu')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('keep.menu')}>
        <Stack gap="sm">
          {rows.map(([name, label, about]) => (
            <Switch
              key={name}
              label={label}
              {...(about === undefined ? {} : { description: about })}
              checked={state?.[name] === true}
              disabled={state == null || (name !== 'enabled' && !state.enabled)}
              onChange={({ currentTarget }) => void keep({ [name]: currentTarget.checked })}
            />
          ))}
          <Divider />
          <Button variant="light" color="red" leftSection={<IconTrash size={16} />} onClick={clear}>
            {t('keep.clear')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
