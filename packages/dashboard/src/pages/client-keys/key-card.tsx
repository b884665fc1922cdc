import {
  ActionIcon,
  Alert,
  Badge,
  Code,
  Group,
  Menu,
  Paper,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core'
import { IconAlertTriangle, IconCopy, IconDots, IconPencil, IconRestore, IconTrash } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { BudgetBars } from './budget-bars.js'
import classes from './client-keys.module.css'
import type { ClientKey } from './data.js'
import { TEXTS } from './texts.js'

export interface KeyCardActs {
  edit(key: ClientKey): void
  toggle(key: ClientKey): void
  reset(key: ClientKey): void
  revoke(key: ClientKey): void
}

const COLORS = { active: 'teal', disabled: 'gray', expired: 'orange' } as const

/** One key: what it may use, what it has used, and what can be done with it. */
export const KeyCard = memo(function KeyCard({
  of: key,
  now,
  acts,
}: {
  of: ClientKey
  now: number
  acts: KeyCardActs
}) {
  const { t } = useTexts(TEXTS)
  return (
    <Paper withBorder p="md" component="li" className={classes.card} aria-label={key.name}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
          <div className={classes.name}>
            <Title order={2} size="h5">
              {key.name}
            </Title>
            <Group gap={6} mt={4}>
              <Badge variant="light" color={COLORS[key.status]}>
                {t(`status.${key.status}`)}
              </Badge>
              <Code>{key.prefix}…</Code>
            </Group>
          </div>
          <Group gap={4} wrap="nowrap">
            <Switch
              checked={key.enabled}
              onChange={() => acts.toggle(key)}
              aria-label={t('on', { name: key.name })}
              withThumbIndicator={false}
            />
            <KeyMenu of={key} acts={acts} />
          </Group>
        </Group>
        {key.limits_unreadable ? (
          <Alert color="red" variant="light" icon={<IconAlertTriangle />} p="xs">
            <Text size="sm">{t('unreadable')}</Text>
          </Alert>
        ) : null}
        <BudgetBars of={key} now={now} />
        <Facts of={key} now={now} />
        <Chips of={key} />
      </Stack>
    </Paper>
  )
})

function KeyMenu({ of: key, acts }: { of: ClientKey; acts: KeyCardActs }) {
  const { t } = useTexts(TEXTS)
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('menu', { name: key.name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => acts.edit(key)}>
          {t('edit')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => void navigator.clipboard.writeText(key.id)}>
          {t('copyId')}
        </Menu.Item>
        <Menu.Item leftSection={<IconRestore size={16} />} onClick={() => acts.reset(key)}>
          {t('reset')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => acts.revoke(key)}>
          {t('revoke')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Facts({ of: key, now }: { of: ClientKey; now: number }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const when = (at: string | null): string => (at === null ? t('fact.never') : format.relative(at, now))
  const { used_cost_usd, used_tokens } = key.budgets.total
  return (
    <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="xs" verticalSpacing="xs" component="dl" className={classes.facts}>
      <Fact name={t('fact.requests')}>{format.number(key.request_count)}</Fact>
      <Fact name={t('fact.cost')}>{format.usd(used_cost_usd)}</Fact>
      <Fact name={t('fact.tokens')}>{format.compact(used_tokens)}</Fact>
      <Fact name={t('fact.lastUsed')}>{when(key.last_used_at)}</Fact>
      <Fact name={t('fact.expires')}>{key.expires_at === null ? t('fact.never') : format.date(key.expires_at)}</Fact>
      <Fact name={t('fact.since')}>{key.since === null ? t('fact.never') : format.date(key.since)}</Fact>
    </SimpleGrid>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" component="dt">
        {name}
      </Text>
      <Text size="sm" fw={500} component="dd" className={`${classes.fact ?? ''} numbers`}>
        {children}
      </Text>
    </div>
  )
}

/** What it may not, in few words. */
function Chips({ of: key }: { of: ClientKey }) {
  const { t } = useTexts(TEXTS)
  const told = (list: readonly string[]): string => list.join(', ')
  const chips = [
    ...(key.requests_per_minute === null ? [] : [{ text: t('chip.rpm', { count: key.requests_per_minute }) }]),
    ...(key.max_concurrency === null ? [] : [{ text: t('chip.concurrent', { count: key.max_concurrency }) }]),
    ...(key.allowed_models === null
      ? []
      : [{ text: t('chip.models', { count: key.allowed_models.length }), title: told(key.allowed_models) }]),
    ...(key.accounts === null
      ? []
      : [{ text: t('chip.accounts', { count: key.accounts.length }), title: told(key.accounts) }]),
    ...(key.default_tools === null
      ? []
      : key.default_tools.length === 0
        ? [{ text: t('chip.noTools') }]
        : [{ text: t('chip.tools', { count: key.default_tools.length }), title: told(key.default_tools) }]),
    ...(key.strict ? [{ text: t('chip.strict') }] : []),
  ]
  if (chips.length === 0) return null
  return (
    <Group gap={6}>
      {chips.map(({ text, title }: { text: string; title?: string }) => (
        <Badge key={text} variant="default" className={classes.chip} {...(title === undefined ? {} : { title })}>
          {text}
        </Badge>
      ))}
    </Group>
  )
}
