import { Alert, Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { IconLogin2, IconPower, IconRefresh, IconReportAnalytics, IconRotate, IconTrash } from '@tabler/icons-react'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { AccountStateBadge, useWhy } from '../../parts/account-state.js'
import { Copy } from '../../parts/copy.js'
import { useNow } from '../../parts/use-now.js'
import classes from './accounts.module.css'
import { useDo, type ListActs } from './acts.js'
import { nameOf, type Account } from './choose.js'
import { Cookies } from './detail-cookies.js'
import { Facts, Part } from './detail-part.js'
import { QuotaDetail } from './detail-quota.js'
import { Settings } from './detail-settings.js'
import { UseDetail } from './detail-use.js'
import { DETAIL } from './detail-texts.js'
import { TEXTS } from './texts.js'

/** Everything about one account, and everything that can be done with it. */
export function Detail({ account, acts, onClose }: { account: Account; acts: ListActs; onClose: () => void }) {
  const { t } = useTexts(TEXTS)
  const detail = useTexts(DETAIL)
  const common = useCommon()
  const { run, running } = useDo(account)
  const why = useWhy()(account)
  const { state } = account
  const off = state === 'disabled' || state === 'suspended'
  const reads = state === 'active' || state === 'cooling' || state === 'exhausted'
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Group gap="xs">
          <Text fw={700} className={classes.long}>
            {nameOf(account)}
          </Text>
          <AccountStateBadge state={state} />
        </Group>
      }
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <Stack gap="lg">
        {why === undefined ? null : (
          <Alert
            color={state === 'expired' || state === 'suspended' ? 'red' : 'yellow'}
            variant="light"
            title={why.why}
          >
            <Text size="sm">
              {why.heals}
              {why.exactly === undefined ? '' : ` (${why.exactly})`}
            </Text>
            {account.reason === null ? null : (
              <Text size="xs" mt={4} lang="en">
                {account.reason}
              </Text>
            )}
          </Alert>
        )}
        <div className={classes.acts}>
          {state === 'expired' || account.attention !== null ? (
            <Button size="xs" leftSection={<IconLogin2 size={16} />} onClick={acts.signIn}>
              {t('act.signIn')}
            </Button>
          ) : null}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={16} />}
            disabled={running}
            onClick={() => run('refresh')}
          >
            {t('act.refresh')}
          </Button>
          {reads ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconReportAnalytics size={16} />}
              disabled={running}
              onClick={() => run('quota')}
            >
              {t('act.quota')}
            </Button>
          ) : null}
          {state === 'exhausted' || state === 'cooling' ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRotate size={16} />}
              disabled={running}
              title={detail.t('backAbout')}
              onClick={() => run('back')}
            >
              {detail.t('back')}
            </Button>
          ) : null}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPower size={16} />}
            disabled={running}
            onClick={() => run(off ? 'enable' : 'disable')}
          >
            {t(off ? 'act.enable' : 'act.disable')}
          </Button>
          <Button
            size="xs"
            variant="light"
            color="red"
            leftSection={<IconTrash size={16} />}
            onClick={() => {
              onClose()
              acts.remove([account.id])
            }}
          >
            {t('act.remove')}
          </Button>
        </div>
        <QuotaDetail account={account} />
        <UseDetail account={account} />
        <Settings key={account.id} account={account} />
        <Login account={account} />
        <Cookies account={account} />
        <Ids account={account} />
      </Stack>
    </Drawer>
  )
}

function Login({ account }: { account: Account }) {
  const { t } = useTexts(DETAIL)
  const format = useFormat()
  const now = useNow()
  const { expiresAt, addedAt, linkedTo } = account
  return (
    <Part title={t('tokens')}>
      <Facts
        facts={[
          [
            t('expires'),
            expiresAt === null ? t('unknown') : `${format.relative(expiresAt, now)} (${format.dateTime(expiresAt)})`,
          ],
          [t('added'), addedAt === null ? t('unknown') : format.dateTime(addedAt)],
          ...(linkedTo === null ? [] : ([[t('linkedTo'), linkedTo]] as const)),
        ]}
      />
    </Part>
  )
}

function Ids({ account }: { account: Account }) {
  const { t } = useTexts(DETAIL)
  const ids = [account.id, account.accountId, account.userId].filter((id) => id !== null)
  return (
    <Part title={t('ids')}>
      {ids.map((id) => (
        <Group key={id} gap={4} wrap="nowrap">
          <Text size="xs" ff="monospace" className={classes.long}>
            {id}
          </Text>
          <Copy value={id} />
        </Group>
      ))}
    </Part>
  )
}
