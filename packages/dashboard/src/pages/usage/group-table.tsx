import { ActionIcon, Group, Progress, Table, Text, Title, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconFilter } from '@tabler/icons-react'
import { useState } from 'react'
import type { Schemas } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Asked, Metric } from './asked.js'
import { formatOf, isSum, valueOf, type Row } from './metrics.js'
import { useGroupName } from './names.js'
import { TEXTS } from './texts.js'
import classes from './usage.module.css'

const COLUMNS = ['requests', 'failed', 'cost', 'input', 'hit', 'output', 'ttft_p50', 'duration_p50'] as const

interface Sort {
  by: 'name' | Metric
  falling: boolean
}

/** Who used how much, with its share of the whole; any column sorts. */
export function GroupTable({
  data,
  asked,
  ask,
}: {
  data: Schemas['UsageTable']
  asked: Asked
  ask(more: Partial<Asked>): void
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const nameOf = useGroupName()
  const by = asked.by === 'none' ? 'model' : asked.by
  const [sort, setSort] = useState<Sort>()
  // The number that is looked at comes with the others; its share of the whole is drawn.
  const columns: readonly Metric[] = COLUMNS.some((one) => one === asked.metric) ? COLUMNS : [asked.metric, ...COLUMNS]
  const shared = isSum(asked.metric) ? asked.metric : 'requests'
  const whole = valueOf(data.total, shared) ?? 0
  const rows = sorted(data.rows, sort ?? { by: asked.metric, falling: true }, (row) => nameOf(by, row.group, row.name))
  const head = (column: Sort['by'], label: string) => {
    const now = sort ?? { by: asked.metric, falling: true }
    const isSorted = now.by === column
    const Arrow = now.falling ? IconArrowDown : IconArrowUp
    return (
      <Table.Th
        key={column}
        scope="col"
        className={column === 'name' ? classes.name : classes.number}
        aria-sort={isSorted ? (now.falling ? 'descending' : 'ascending') : 'none'}
      >
        <UnstyledButton
          className={classes.sort}
          onClick={() => setSort({ by: column, falling: isSorted ? !now.falling : column !== 'name' })}
        >
          {label}
          {isSorted ? <Arrow size={14} aria-hidden /> : null}
        </UnstyledButton>
      </Table.Th>
    )
  }
  const value = (counts: Schemas['UsageCounts'], column: Metric) => {
    const found = valueOf(counts, column)
    return (
      <Table.Td key={column} className={classes.number}>
        {found === null ? '–' : formatOf(format, column)(found)}
      </Table.Td>
    )
  }
  const title = t('table', { group: t(`groups.${by}`) })
  return (
    <div>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <Table.ScrollContainer minWidth={900} maxHeight={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table className={classes.table} highlightOnHover stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {head('name', t(`groups.${by}`))}
              <Table.Th scope="col" className={classes.share}>
                {t('share')}
              </Table.Th>
              {columns.map((column) => head(column, column === 'failed' ? t('failed') : t(`metrics.${column}`)))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => {
              const name = nameOf(by, row.group, row.name)
              const share = whole === 0 ? 0 : (valueOf(row, shared) ?? 0) / whole
              return (
                <Table.Tr key={row.group}>
                  <Table.Th scope="row" fw={500} className={classes.name}>
                    <Group gap={6} wrap="nowrap">
                      <span>{name}</span>
                      {asked.only[by] === row.group ? null : (
                        <Tooltip label={t('only', { name })}>
                          <ActionIcon
                            size="sm"
                            variant="subtle"
                            color="gray"
                            aria-label={t('only', { name })}
                            onClick={() => ask({ only: { ...asked.only, [by]: row.group } })}
                          >
                            <IconFilter size={14} />
                          </ActionIcon>
                        </Tooltip>
                      )}
                    </Group>
                  </Table.Th>
                  <Table.Td className={classes.share}>
                    <Group gap={6} wrap="nowrap" miw={120}>
                      <Progress value={share * 100} flex={1} aria-label={`${name}: ${format.percent(share)}`} />
                      <Text size="xs" w={38} ta="end">
                        {format.percent(share)}
                      </Text>
                    </Group>
                  </Table.Td>
                  {columns.map((column) => value(row, column))}
                </Table.Tr>
              )
            })}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th scope="row">{t('total')}</Table.Th>
              <Table.Td />
              {columns.map((column) => value(data.total, column))}
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}

function sorted(rows: readonly Row[], { by, falling }: Sort, nameOf: (row: Row) => string): Row[] {
  const sign = falling ? -1 : 1
  return rows.toSorted((a, b) =>
    by === 'name'
      ? sign * nameOf(a).localeCompare(nameOf(b))
      : sign * ((valueOf(a, by) ?? -1) - (valueOf(b, by) ?? -1)),
  )
}
