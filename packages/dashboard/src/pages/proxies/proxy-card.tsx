import { ActionIcon, Badge, Code, Group, Menu, Paper, Stack, Switch, Text, Title, Tooltip } from '@mantine/core'
import { IconActivity, IconCopy, IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { memo } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { Sparkline } from '../../parts/sparkline.js'
import type { Proxy } from './data.js'
import classes from './proxies.module.css'
import { TEXTS } from './texts.js'
import { shownState, STATE_COLORS } from './ways.js'

export interface ProxyActs {
  check(proxy: Proxy): void
  toggle(proxy: Proxy): void
  edit(proxy: Proxy): void
  remove(proxy: Proxy): void
}

/** One proxy: how it is, how it was, and what can be done with it. */
export const ProxyCard = memo(function ProxyCard({
  of: proxy,
  now,
  checking,
  acts,
}: {
  of: Proxy
  now: number
  checking: boolean
  acts: ProxyActs
}) {
  const { t } = useTexts(TEXTS)
  const { name, url, health, owners } = proxy
  const state = shownState(proxy)
  return (
    <Paper withBorder p="md" component="li" className={classes.card} aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
          <div className={classes.name}>
            <Title order={3} size="h5">
              {name}
            </Title>
            <Group gap={6} mt={4}>
              <Badge variant="light" color={STATE_COLORS[state]}>
                {t(`state.${state}`)}
              </Badge>
              <Text size="xs" c="dimmed">
                {t('card.owners', { count: owners.length })}
              </Text>
            </Group>
          </div>
          <Group gap={2} wrap="nowrap">
            <Switch
              checked={proxy.enabled}
              onChange={() => acts.toggle(proxy)}
              aria-label={t('card.on', { name })}
              withThumbIndicator={false}
              mr={4}
            />
            <Tooltip label={t('card.check', { name })}>
              <ActionIcon
                variant="subtle"
                color="gray"
                loading={checking}
                onClick={() => acts.check(proxy)}
                aria-label={t('card.check', { name })}
              >
                <IconActivity size={18} />
              </ActionIcon>
            </Tooltip>
            <ProxyMenu of={proxy} acts={acts} />
          </Group>
        </Group>
        <Code className={classes.name}>{url}</Code>
        <Health of={proxy} now={now} />
        {health?.error == null ? null : (
          <Text size="sm" c={state === 'unreachable' ? 'red' : 'dimmed'}>
            {health.error}
          </Text>
        )}
      </Stack>
    </Paper>
  )
})

function ProxyMenu({ of: proxy, acts }: { of: Proxy; acts: ProxyActs }) {
  const { t } = useTexts(TEXTS)
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('card.menu', { name: proxy.name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => acts.edit(proxy)}>
          {t('card.edit')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => void navigator.clipboard.writeText(proxy.url)}>
          {t('card.copy')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => acts.remove(proxy)}>
          {t('card.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Health({ of: { health, checks }, now }: { of: Proxy; now: number }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const facts = [
    [t('card.exit'), health?.exitIp ?? '–'],
    [t('card.latency'), health?.latencyMs == null ? '–' : format.duration(health.latencyMs)],
    [t('card.checked'), health?.lastChecked == null ? '–' : format.relative(health.lastChecked, now)],
  ] as const
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="xs" c="dimmed" component="dt">
              {name}
            </Text>
            <Text size="sm" fw={500} component="dd" className="numbers">
              {value}
            </Text>
          </div>
        ))}
      </dl>
      {checks.length < 2 ? null : (
        <Sparkline
          values={checks.map(({ latencyMs, error }) => (error === null ? latencyMs : null))}
          height={28}
          label={t('card.history', { count: checks.length })}
        />
      )}
    </>
  )
}
