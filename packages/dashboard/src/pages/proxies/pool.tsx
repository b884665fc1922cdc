import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useId, useState, type ReactNode } from 'react'
import { api } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { useNow } from '../../parts/use-now.js'
import { refresh, told, useSwitch, type Proxy } from './data.js'
import { EditProxy } from './edit-proxy.js'
import { ProxyCard, type ProxyActs } from './proxy-card.js'
import classes from './proxies.module.css'
import { useRemoval } from './remove-proxy.js'
import { TEXTS } from './texts.js'

const PAGE = 60
/** With fewer one sees them all. */
const SEARCHED = 7

/** The proxies, each with its health. */
export function PoolSection({ proxies: all, actions }: { proxies: readonly Proxy[]; actions: ReactNode }) {
  const { t } = useTexts(TEXTS)
  const id = useId()
  const now = useNow()
  const [text, setText] = useState('')
  const [shown, setShown] = useState(PAGE)
  const [editing, setEditing] = useState<Proxy>()
  const { checking, check } = useCheck()
  const toggle = useSwitch()
  const removal = useRemoval(all)
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const proxies = all.filter(
    ({ id: one, name, url, health }) =>
      !removal.hidden.has(one) && `${name} ${url} ${health?.exitIp ?? ''}`.toLowerCase().includes(wanted),
  )
  const acts: ProxyActs = {
    check: (proxy) => void check(proxy),
    toggle: (proxy) => void toggle(proxy),
    edit: setEditing,
    remove: removal.ask,
  }
  return (
    <Stack gap="sm" component="section" aria-labelledby={id}>
      <Group justify="space-between">
        <Title order={2} size="h4" id={id}>
          {t('pool')}
        </Title>
        <Group gap="xs">{actions}</Group>
      </Group>
      {all.length < SEARCHED ? null : (
        <TextInput
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {proxies.length === 0 ? (
        <Text c="dimmed" ta="center" py="xl">
          {t('noMatch')}
        </Text>
      ) : (
        <ul className={classes.list}>
          {proxies.slice(0, shown).map((proxy) => (
            <ProxyCard key={proxy.id} of={proxy} now={now} checking={checking.has(proxy.id)} acts={acts} />
          ))}
        </ul>
      )}
      {proxies.length > shown ? (
        <Button variant="default" onClick={() => setShown(shown + PAGE)}>
          {t('showMore', { count: Math.min(PAGE, proxies.length - shown) })}
        </Button>
      ) : null}
      <EditProxy of={editing} onClose={() => setEditing(undefined)} />
      {removal.dialog}
    </Stack>
  )
}

function useCheck() {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const client = useQueryClient()
  const [checking, setChecking] = useState<ReadonlySet<string>>(new Set())
  return {
    checking,
    async check({ id, name }: Proxy): Promise<void> {
      setChecking((before) => new Set([...before, id]))
      try {
        const { data } = await api.POST('/api/proxies/{id}/check', { params: { path: { id } } })
        const { ok, exitIp, latencyMs, error } = told(data)
        if (ok) sayDone(t('check.good', { name, ip: exitIp ?? '–', time: format.duration(latencyMs ?? 0) }))
        else sayFailed(error ?? '', t('check.bad', { name }))
      } catch (error) {
        sayFailed(error, t('check.bad', { name }))
      }
      setChecking((before) => new Set([...before].filter((one) => one !== id)))
      await refresh(client)
    },
  }
}
