import { Alert, Button, Group, NumberInput, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { IconDeviceDesktopSearch } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { api } from '../../api/client.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { refresh, told, type Pool } from './data.js'
import classes from './proxies.module.css'
import { TEXTS } from './texts.js'

/** What is in the configuration of all this: the way of who is assigned to nothing, and how often is checked. */
export function EverybodysWay({ pool, onFound }: { pool: Pool; onFound(url: string): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const id = useId()
  const client = useQueryClient()
  const [minutes, setMinutes] = useState<number | string>(pool.healthCheckIntervalMinutes)
  const save = useMutation({
    mutationFn: (body: { default?: string; healthCheckIntervalMinutes?: number }) =>
      withFreshSignIn(() => api.PUT('/api/proxies/settings', { body })),
    onSuccess: () => sayDone(t('settings.saved')),
    onError: (error) => sayFailed(error),
    onSettled: () => refresh(client),
  })
  const named = pool.proxies.find(({ id: one, name }) => one === pool.default || name === pool.default)
  const changed = Number(minutes) !== pool.healthCheckIntervalMinutes && minutes !== ''
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Stack gap="sm">
        <Title order={2} size="h4" id={id}>
          {t('settings.title')}
        </Title>
        <Group align="flex-end" gap="md">
          <Select
            className={classes.grow}
            label={t('settings.default')}
            data={[
              ...(['environment', 'direct', 'auto'] as const).map((value) => ({
                value,
                label: t(`settings.${value}`),
              })),
              ...pool.proxies.map(({ id: value, name }) => ({ value, label: name })),
              ...(named === undefined && !WORDS.has(pool.default) ? [pool.default] : []),
            ]}
            value={named?.id ?? pool.default}
            onChange={(value) => value !== null && save.mutate({ default: value })}
            allowDeselect={false}
            disabled={save.isPending}
          />
          <NumberInput label={t('settings.minutes')} min={0} max={35_000} value={minutes} onChange={setMinutes} />
          {changed ? (
            <Button
              variant="default"
              loading={save.isPending}
              onClick={() => save.mutate({ healthCheckIntervalMinutes: Number(minutes) })}
            >
              {common.t('act.save')}
            </Button>
          ) : null}
        </Group>
        <OnThisMachine onFound={onFound} />
      </Stack>
    </Paper>
  )
}

const WORDS = new Set(['environment', 'direct', 'auto'])

/** Proxy programs that people run beside their browser. */
function OnThisMachine({ onFound }: { onFound(url: string): void }) {
  const { t } = useTexts(TEXTS)
  const look = useMutation({
    mutationFn: async () => told((await api.POST('/api/proxies/detect')).data).found,
    onError: (error) => sayFailed(error),
  })
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDeviceDesktopSearch size={16} />}
        loading={look.isPending}
        onClick={() => look.mutate()}
      >
        {t('detect.look')}
      </Button>
      <div role="status">
        {look.data?.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('detect.none')}
          </Text>
        ) : null}
        {look.data?.map(({ url, known }) => (
          <Alert key={url} variant="light" p="xs" mb="xs">
            <Group gap="sm">
              <Text size="sm">{t('detect.found', { url })}</Text>
              {known ? null : (
                <Button size="compact-sm" variant="default" onClick={() => onFound(url)}>
                  {t('detect.take')}
                </Button>
              )}
            </Group>
          </Alert>
        ))}
      </div>
    </Stack>
  )
}
