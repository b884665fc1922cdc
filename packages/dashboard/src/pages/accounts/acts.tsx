import { ActionIcon, Menu } from '@mantine/core'
import {
  IconDots,
  IconInfoCircle,
  IconLogin2,
  IconPower,
  IconRefresh,
  IconReportAnalytics,
  IconRotate,
  IconTrash,
} from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import { sayDone } from '../../parts/say.js'
import { nameOf, type Account } from './choose.js'
import { ACTS, useAct } from './data.js'
import { TEXTS } from './texts.js'

/** What a page does with the accounts of its list. */
export interface ListActs {
  open(id: string): void
  remove(ids: readonly string[]): void
  signIn(): void
}

export type ActName = 'refresh' | 'quota' | 'back' | 'enable' | 'disable'
const DO = {
  refresh: ACTS.refresh,
  quota: ACTS.readQuota,
  back: ACTS.quotaIsBack,
  enable: ACTS.enable,
  disable: ACTS.disable,
} as const satisfies Record<ActName, (id: string) => Promise<Account | undefined>>

/** One act on one account: done, then said. */
export function useDo(account: Account): { run(act: ActName): void; running: boolean } {
  const { t } = useTexts(TEXTS)
  const act = useAct(account.id)
  return {
    running: act.isPending,
    run: (name) => act.mutate(DO[name], { onSuccess: () => sayDone(t(`did.${name}`, { name: nameOf(account) })) }),
  }
}

/** Everything that can be done with an account, one click away. */
export function ActsMenu({ account, acts }: { account: Account; acts: ListActs }) {
  const { t } = useTexts(TEXTS)
  const [wanted, setWanted] = useState(false)
  if (wanted) return <OpenMenu account={account} acts={acts} />
  // A list has many of them, and hardly one is opened: until then it is a button.
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t('acts', { name: nameOf(account) })}
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    >
      <IconDots size={18} />
    </ActionIcon>
  )
}

function OpenMenu({ account, acts }: { account: Account; acts: ListActs }) {
  const { t } = useTexts(TEXTS)
  const { run, running } = useDo(account)
  const target = useRef<HTMLButtonElement>(null)
  const { state } = account
  const reads = state === 'active' || state === 'cooling' || state === 'exhausted'
  return (
    <Menu position="bottom-end" defaultOpened onClose={() => target.current?.focus()}>
      <Menu.Target>
        <ActionIcon
          ref={target}
          variant="subtle"
          color="gray"
          loading={running}
          aria-label={t('acts', { name: nameOf(account) })}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={() => acts.open(account.id)}>
          {t('act.details')}
        </Menu.Item>
        {state === 'expired' || account.attention !== null ? (
          <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={acts.signIn}>
            {t('act.signIn')}
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => run('refresh')}>
          {t('act.refresh')}
        </Menu.Item>
        {reads ? (
          <Menu.Item leftSection={<IconReportAnalytics size={16} />} onClick={() => run('quota')}>
            {t('act.quota')}
          </Menu.Item>
        ) : null}
        {state === 'exhausted' || state === 'cooling' ? (
          <Menu.Item leftSection={<IconRotate size={16} />} onClick={() => run('back')}>
            {t('act.back')}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={<IconPower size={16} />}
          onClick={() => run(state === 'disabled' || state === 'suspended' ? 'enable' : 'disable')}
        >
          {t(state === 'disabled' || state === 'suspended' ? 'act.enable' : 'act.disable')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => acts.remove([account.id])}>
          {t('act.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
