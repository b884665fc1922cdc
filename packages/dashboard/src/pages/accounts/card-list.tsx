import { Checkbox, Group, Paper } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useRef } from 'react'
import { useTexts } from '../../i18n/index.js'
import { AccountReason, AccountStateBadge } from '../../parts/account-state.js'
import { AccountName, Bars, Marks, UseLine } from './account-bits.js'
import classes from './accounts.module.css'
import { ActsMenu, type ListActs } from './acts.js'
import { nameOf, type Account } from './choose.js'
import type { Selection } from './selection.js'
import { TEXTS } from './texts.js'

export interface ListProps {
  accounts: readonly Account[]
  selection: Selection
  acts: ListActs
}

const CARD_WIDTH = 320
const CARD_HEIGHT = 240

/** Accounts as cards; only the rows that are near are there. */
export function CardList({ accounts, selection, acts }: ListProps) {
  const { t } = useTexts(TEXTS)
  const { ref: sizeRef, width } = useElementSize()
  const list = useRef<HTMLDivElement>(null)
  const ref = useMergedRef(sizeRef, list)
  const columns = Math.max(1, Math.floor((width + 16) / (CARD_WIDTH + 16)))
  const rows = useWindowVirtualizer({
    count: Math.ceil(accounts.length / columns),
    estimateSize: () => CARD_HEIGHT,
    overscan: 2,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (row) => accounts[row * columns]?.id ?? row,
  })
  return (
    <div ref={ref} className={classes.list} role="list" aria-label={t('list')} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((row) => (
        <div
          key={row.key}
          ref={rows.measureElement}
          data-index={row.index}
          className={classes.row}
          role="presentation"
          style={{
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            transform: `translateY(${row.start - rows.options.scrollMargin}px)`,
          }}
        >
          {accounts.slice(row.index * columns, (row.index + 1) * columns).map((account) => (
            <AccountCard
              key={account.id}
              account={account}
              selected={selection.ids.has(account.id)}
              toggle={selection.toggle}
              acts={acts}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

/** One account of a list, as it is drawn. */
export interface RowProps {
  account: Account
  selected: boolean
  toggle: Selection['toggle']
  acts: ListActs
}

const AccountCard = memo(function AccountCard({ account, selected, toggle, acts }: RowProps) {
  return (
    <Paper
      withBorder
      p="md"
      role="listitem"
      className={classes.card}
      {...(selected ? { 'data-selected': true } : {})}
      data-account={account.id}
    >
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <SelectBox account={account} selected={selected} toggle={toggle} />
        <AccountName account={account} onOpen={() => acts.open(account.id)} />
        <ActsMenu account={account} acts={acts} />
      </Group>
      <div>
        <AccountStateBadge state={account.state} />
        <AccountReason account={account} />
      </div>
      <Bars account={account} />
      <Marks account={account} />
      <div className={classes.foot}>
        <UseLine account={account} />
      </div>
    </Paper>
  )
})

/** Selects it; with the shift key everything between it and the last one. */
export function SelectBox({ account, selected, toggle }: Omit<RowProps, 'acts'>) {
  const { t } = useTexts(TEXTS)
  const shift = useRef(false)
  return (
    <Checkbox
      checked={selected}
      onClick={(event) => {
        shift.current = event.shiftKey
      }}
      onChange={() => {
        toggle(account.id, shift.current)
        shift.current = false
      }}
      aria-label={t('select', { name: nameOf(account) })}
    />
  )
}
