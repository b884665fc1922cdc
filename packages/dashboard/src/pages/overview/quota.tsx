import { Anchor, Badge, Button, Card, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import { AccountStateBadge } from '../../parts/account-state.js'
import { inOrder, QuotaBar } from '../../parts/quota-bar.js'
import type { Overview } from './data.js'
import classes from './overview.module.css'
import { TEXTS } from './texts.js'

/** Beyond these the Accounts page shows more. */
const MOST = 12

/** How full the windows of each account are, and when they begin anew; those nearest to full first. */
export function Quota({ view: { quota, pool } }: { view: Overview }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { primary, secondary } = quota.left
  const share = (percent: number | null): string => (percent === null ? '–' : format.percent(percent / 100))
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="sm" gap="xs">
        <div>
          <Title order={2} size="h4">
            {t('quota.title')}
          </Title>
          {primary === null && secondary === null ? null : (
            <Text size="xs" c="dimmed">
              {t('quota.left', { primary: share(primary), secondary: share(secondary) })}
            </Text>
          )}
        </div>
        <Anchor component={Link} href="/accounts" size="sm">
          {t('quota.all')}
        </Anchor>
      </Group>
      {pool.total === 0 ? (
        <Stack align="flex-start" gap="sm">
          <Text size="sm" c="dimmed">
            {t('quota.none')}
          </Text>
          <Button component={Link} href="/accounts" variant="light" size="xs">
            {t('quota.add')}
          </Button>
        </Stack>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="sm">
          {quota.accounts.slice(0, MOST).map((account) => (
            <Paper
              key={account.id}
              component={Link}
              href={`/accounts?account=${encodeURIComponent(account.id)}`}
              withBorder
              p="sm"
              className={classes.account}
            >
              <Stack gap="xs">
                <Group justify="space-between" gap={6} wrap="nowrap" align="flex-start">
                  <Text size="sm" fw={600} className={classes.rowName}>
                    {account.name}
                  </Text>
                  {account.plan === null ? null : (
                    <Badge variant="default" size="sm" flex="none" tt="none">
                      {account.plan}
                    </Badge>
                  )}
                </Group>
                {account.state === 'active' && account.open === 0 ? null : (
                  <Group gap={6}>
                    {account.state === 'active' ? null : <AccountStateBadge state={account.state} size="sm" />}
                    {account.open === 0 ? null : (
                      <Badge variant="light" size="sm" tt="none">
                        {t('quota.busy', { count: account.open })}
                      </Badge>
                    )}
                  </Group>
                )}
                {account.windows.length === 0 ? (
                  <Text size="xs" c="dimmed">
                    {t('quota.unknown')}
                  </Text>
                ) : (
                  inOrder(account.windows).map((window) => (
                    <QuotaBar key={`${window.limit} ${window.slot}`} window={window} />
                  ))
                )}
              </Stack>
            </Paper>
          ))}
        </SimpleGrid>
      )}
    </Card>
  )
}
