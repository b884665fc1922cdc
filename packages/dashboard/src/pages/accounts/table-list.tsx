import { Checkbox, Stack, Table, VisuallyHidden } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useRef } from 'react'
import { useTexts } from '../../i18n/index.js'
import { AccountReason, AccountStateBadge } from '../../parts/account-state.js'
import { AccountName, Bars, Marks, UseLine } from './account-bits.js'
import classes from './accounts.module.css'
import { ActsMenu } from './acts.js'
import { SelectBox, type ListProps, type RowProps } from './card-list.js'
import { TEXTS } from './texts.js'

const ROW_HEIGHT = 72

/** Accounts as a table; only the rows that are near are there. */
export function TableList({ accounts, selection, acts }: ListProps) {
  const { t } = useTexts(TEXTS)
  const body = useRef<HTMLTableSectionElement>(null)
  const rows = useWindowVirtualizer({
    count: accounts.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: body.current === null ? 0 : body.current.getBoundingClientRect().top + window.scrollY,
    getItemKey: (row) => accounts[row]?.id ?? row,
  })
  const items = rows.getVirtualItems()
  const margin = rows.options.scrollMargin
  const before = items[0] === undefined ? 0 : items[0].start - margin
  const after = rows.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin)
  const all = accounts.length > 0 && accounts.every(({ id }) => selection.ids.has(id))
  const some = accounts.some(({ id }) => selection.ids.has(id))
  return (
    // Focusable, so that a keyboard can scroll it where it is wider than the window.
    <div className={classes.frame} tabIndex={0} role="region" aria-label={t('list')}>
      <Table className={classes.table} verticalSpacing="xs" highlightOnHover aria-rowcount={accounts.length + 1}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={44}>
              <Checkbox
                aria-label={t('selectAll')}
                checked={all}
                indeterminate={some && !all}
                onChange={() => (all ? selection.clear() : selection.set(accounts.map(({ id }) => id)))}
              />
            </Table.Th>
            <Table.Th>{t('column.account')}</Table.Th>
            <Table.Th>{t('column.state')}</Table.Th>
            <Table.Th>{t('column.quota')}</Table.Th>
            <Table.Th>{t('column.use')}</Table.Th>
            <Table.Th>{t('column.groups')}</Table.Th>
            <Table.Th w={52}>
              <VisuallyHidden>{t('column.acts')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          <Spacer height={before} />
          {items.map((item) => {
            const account = accounts[item.index]
            if (account === undefined) return null
            return (
              <Row
                key={item.key}
                account={account}
                at={item.index}
                measure={rows.measureElement}
                selected={selection.ids.has(account.id)}
                toggle={selection.toggle}
                acts={acts}
              />
            )
          })}
          <Spacer height={after} />
        </Table.Tbody>
      </Table>
    </div>
  )
}

interface TableRowProps extends RowProps {
  at: number
  measure: (row: Element | null) => void
}

const Row = memo(function Row({ account, at, measure, selected, toggle, acts }: TableRowProps) {
  return (
    <Table.Tr
      ref={measure}
      data-index={at}
      data-account={account.id}
      aria-rowindex={at + 2}
      {...(selected ? { bg: 'var(--mantine-primary-color-light)' } : {})}
    >
      <Table.Td>
        <SelectBox account={account} selected={selected} toggle={toggle} />
      </Table.Td>
      <Table.Td miw={180}>
        <AccountName account={account} onOpen={() => acts.open(account.id)} />
      </Table.Td>
      <Table.Td miw={160} maw={260}>
        <Stack gap={2}>
          <div>
            <AccountStateBadge state={account.state} size="sm" />
          </div>
          <AccountReason account={account} />
        </Stack>
      </Table.Td>
      <Table.Td className={classes.quota}>
        <Bars account={account} compact />
      </Table.Td>
      <Table.Td miw={150} maw={220}>
        <UseLine account={account} />
      </Table.Td>
      <Table.Td miw={110} maw={220}>
        <Marks account={account} />
      </Table.Td>
      <Table.Td>
        <ActsMenu account={account} acts={acts} />
      </Table.Td>
    </Table.Tr>
  )
})

/** What is not there takes its room all the same. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden className={classes.spacer}>
      <td colSpan={7} style={{ height }} />
    </tr>
  )
}
