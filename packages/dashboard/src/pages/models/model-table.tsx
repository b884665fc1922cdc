import { Badge, Group, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useTexts } from '../../i18n/index.js'
import type { Model } from './data.js'
import classes from './models.module.css'
import { aboutName, ServedBy, useModalities, usePriceText } from './served-by.js'
import { TEXTS } from './texts.js'

const COLUMNS = ['name', 'context', 'efforts', 'input', 'plans', 'price', 'served', 'source'] as const
export const SORTS = ['name', 'context', 'price'] as const
export type Sort = { by: (typeof SORTS)[number]; up: boolean } | undefined
const ROW = 64
const CARD = 112

interface Listed {
  models: readonly Model[]
  defaultModel: string
  open(model: Model): void
}

/** For wide windows; rows that are out of sight are not there. */
export function ModelTable({
  models,
  defaultModel,
  open,
  sort,
  setSort,
}: Listed & { sort: Sort; setSort(sort: Sort): void }) {
  const { t } = useTexts(TEXTS)
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: models.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
  })
  const items = rows.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div ref={box} className={classes.scroll} tabIndex={0} role="region" aria-label={t('tableLabel')}>
      <table className={classes.table} aria-rowcount={models.length + 1}>
        <thead>
          <tr>
            {COLUMNS.map((column) => {
              const by = SORTS.find((one) => one === column)
              const isSorted = by !== undefined && sort?.by === by
              return (
                <th
                  key={column}
                  scope="col"
                  {...(isSorted ? { 'aria-sort': sort.up ? ('ascending' as const) : ('descending' as const) } : {})}
                >
                  {by === undefined ? (
                    t(`column.${column}`)
                  ) : (
                    <UnstyledButton
                      className={classes.sort}
                      fz="sm"
                      onClick={() => setSort(nextSort(sort, by))}
                      aria-label={t('sortBy', { column: t(`column.${column}`) })}
                    >
                      {t(`column.${column}`)}
                      {!isSorted ? (
                        <IconArrowsSort size={14} />
                      ) : sort.up ? (
                        <IconArrowUp size={14} />
                      ) : (
                        <IconArrowDown size={14} />
                      )}
                    </UnstyledButton>
                  )}
                  {column === 'price' ? (
                    <Text size="xs" c="dimmed">
                      {t('column.priceParts')}
                    </Text>
                  ) : null}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} />
          {items.map(({ index }) => {
            const model = models[index]
            if (model === undefined) return null
            return (
              <tr key={model.name} aria-rowindex={index + 2} onClick={() => open(model)}>
                <Cells model={model} isDefault={model.name === defaultModel} open={() => open(model)} />
              </tr>
            )
          })}
          <Gap height={after} />
        </tbody>
      </table>
    </div>
  )
}

function nextSort(sort: Sort, by: (typeof SORTS)[number]): Sort {
  if (sort?.by !== by) return { by, up: by === 'name' }
  return sort.up === (by === 'name') ? { by, up: !sort.up } : undefined
}

function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr className={classes.gap} aria-hidden>
      <td colSpan={COLUMNS.length} style={{ height }} />
    </tr>
  )
}

function Cells({ model, isDefault, open }: { model: Model; isDefault: boolean; open(): void }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const priceText = usePriceText()
  const modalities = useModalities()
  return (
    <>
      <td>
        <UnstyledButton
          className={classes.name}
          onClick={(event) => {
            event.stopPropagation()
            open()
          }}
        >
          <Name model={model} isDefault={isDefault} />
        </UnstyledButton>
      </td>
      <td>{model.contextWindow === null ? '–' : format.compact(model.contextWindow)}</td>
      <td>
        <span className={classes.two}>{model.efforts.length === 0 ? '–' : model.efforts.join(' ')}</span>
      </td>
      <td>{modalities(model.inputModalities)}</td>
      <td>
        <span className={classes.two}>{plansOf(model, t('everyPlan'))}</span>
      </td>
      <td className={classes.whole}>{priceText(model.price)}</td>
      <td>
        <ServedBy model={model} />
      </td>
      <td className={classes.whole}>
        {t(`source.${model.source}`)}
        <Text size="xs" c="dimmed">
          {dateOf(model, format.date)}
        </Text>
      </td>
    </>
  )
}

function Name({ model, isDefault }: { model: Model; isDefault: boolean }) {
  const { t } = useTexts(TEXTS)
  return (
    <>
      <Group gap={6} component="span">
        <Text span fw={600} className={classes.word}>
          {model.name}
        </Text>
        {isDefault ? (
          <Badge size="xs" variant="light" tt="none">
            {t('isDefault')}
          </Badge>
        ) : null}
        {model.listed ? null : (
          <Badge size="xs" variant="light" color="gray" tt="none">
            {t('hidden')}
          </Badge>
        )}
      </Group>
      <Text span size="xs" c="dimmed" display="block" className={classes.two}>
        {aboutName(model, t)}
      </Text>
    </>
  )
}

/** For phones. */
export function ModelCards({ models, defaultModel, open }: Listed) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const priceText = usePriceText()
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: models.length,
    getScrollElement: () => box.current,
    estimateSize: () => CARD,
    overscan: 6,
  })
  return (
    <div ref={box} className={classes.scroll} tabIndex={0} role="region" aria-label={t('tableLabel')}>
      <div className={classes.cards} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const model = models[index]
          if (model === undefined) return null
          return (
            <UnstyledButton
              key={model.name}
              ref={rows.measureElement}
              data-index={index}
              className={classes.card}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => open(model)}
            >
              <Name model={model} isDefault={model.name === defaultModel} />
              <Text span size="sm" className={classes.facts}>
                {model.contextWindow === null ? null : <span>{format.compact(model.contextWindow)}</span>}
                <span>{priceText(model.price)}</span>
              </Text>
              <ServedBy model={model} />
            </UnstyledButton>
          )
        })}
      </div>
    </div>
  )
}

export function plansOf({ provider, plans }: Model, every: string): string {
  if (provider !== 'codex') return '–'
  return plans === null || plans.length === 0 ? every : plans.join(', ')
}

/** Of a list that tells months alone, the month. */
export function dateOf({ sourceDate }: Model, date: (at: string) => string): string {
  if (sourceDate === null) return ''
  return /^\d{4}-\d{2}$/.test(sourceDate) ? sourceDate : date(sourceDate)
}
