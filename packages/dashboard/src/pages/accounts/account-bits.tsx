import { Badge, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { inOrder, QuotaBar } from '../../parts/quota-bar.js'
import { useNow } from '../../parts/use-now.js'
import classes from './accounts.module.css'
import { nameOf, type Account } from './choose.js'
import { TEXTS } from './texts.js'

/** Its name, which opens it, its address and its plan. */
export function AccountName({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const { t } = useTexts(TEXTS)
  const name = nameOf(account)
  return (
    <div className={classes.name}>
      <UnstyledButton onClick={onOpen} className={classes.link} aria-label={t('open', { name })}>
        {name}
      </UnstyledButton>
      <Group gap={6} mt={2}>
        {account.planType === null ? null : (
          <Badge size="sm" variant="default" tt="none">
            {account.planType}
          </Badge>
        )}
        {account.label !== null && account.email !== null ? (
          <Text size="xs" c="dimmed" className={classes.long}>
            {account.email}
          </Text>
        ) : null}
        {account.linkedTo === null ? null : (
          <Text size="xs" c="dimmed">
            {t('linked')}
          </Text>
        )}
      </Group>
    </div>
  )
}

const MOST_BARS = 3

/** The windows of its quota, the account's own first. */
export function Bars({ account, compact = false }: { account: Account; compact?: boolean }) {
  const { t } = useTexts(TEXTS)
  const windows = inOrder(account.quota?.windows ?? [])
  if (windows.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('noQuota')}
      </Text>
    )
  }
  const shown = compact ? windows.filter(({ limit }) => limit === 'codex') : windows.slice(0, MOST_BARS)
  return (
    <Stack gap={compact ? 4 : 'xs'}>
      {shown.map((window) => (
        <QuotaBar key={`${window.limit}/${window.slot}`} window={window} compact={compact} />
      ))}
      {windows.length > shown.length && !compact ? (
        <Text size="xs" c="dimmed">
          +{windows.length - shown.length}
        </Text>
      ) : null}
    </Stack>
  )
}

/** What it has done, in one line. */
export function UseLine({ account }: { account: Account }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  const { usage, open } = account
  const tokens = usage.input_tokens + usage.output_tokens
  const parts =
    usage.request_count === 0 && usage.last_used === null
      ? [t('neverUsed')]
      : [
          t('requests', { count: usage.request_count, number: format.number(usage.request_count) }),
          t('tokens', { count: format.compact(tokens) }),
          format.usd(usage.estimated_cost_usd),
          usage.last_used === null ? '' : t('lastUsed', { when: format.relative(usage.last_used, now) }),
        ]
  return (
    <Text size="xs" c="dimmed" component="div">
      {[...parts, open === 0 ? '' : t('openNow', { count: open })].filter((part) => part !== '').join(' · ')}
    </Text>
  )
}

/** Groups, weight, the way out, credits: only what is not as usual. */
export function Marks({ account }: { account: Account }) {
  const { t } = useTexts(TEXTS)
  const { groups, weight, proxyId, proxyName, quota } = account
  const credits = quota?.credits
  const resets = quota?.reset_credits_available ?? 0
  const marks = [
    ...groups.map((group) => ({ key: `g ${group}`, text: group, color: 'cyan' })),
    ...(weight === 1 ? [] : [{ key: 'w', text: t('weight', { weight }), color: 'gray' }]),
    ...(proxyId === 'global' ? [] : [{ key: 'p', text: t('via', { proxy: proxyName }), color: 'gray' }]),
    ...(credits?.has_credits === true && credits.balance !== null
      ? [{ key: 'c', text: t('credits', { balance: credits.balance }), color: 'grape' }]
      : []),
    ...(resets > 0 ? [{ key: 'r', text: t('resets', { count: resets }), color: 'grape' }] : []),
  ]
  if (marks.length === 0) return null
  return (
    <Group gap={6}>
      {marks.map(({ key, text, color }) => (
        <Badge
          key={key}
          size="sm"
          variant="light"
          color={color}
          tt="none"
          classNames={{ root: classes.mark, label: classes.markText }}
        >
          {text}
        </Badge>
      ))}
    </Group>
  )
}
