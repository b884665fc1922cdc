import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconArrowsSplit, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useId, useMemo, useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { doUnlessUndone } from '../../parts/say.js'
import { useAssign, type Owner, type Proxy } from './data.js'
import { OwnerList } from './owner-list.js'
import classes from './proxies.module.css'
import { SpreadDialog } from './spread.js'
import { TEXTS } from './texts.js'
import { WayList } from './way-list.js'
import { useWays, type Way } from './ways.js'

/** Who goes which way: dragged onto a way, chosen in a row, many at once, or by a rule. */
export function Board({ proxies, owners }: { proxies: readonly Proxy[]; owners: readonly Owner[] }) {
  const { t } = useTexts(TEXTS)
  const id = useId()
  const { ways, names } = useWays(proxies)
  const [text, setText] = useState('')
  const [only, setOnly] = useState<string>()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [spreading, setSpreading] = useState(false)
  const send = useSend(owners, names)
  const wanted = useDeferredValue(text)
  const shown = useMemo(() => found(owners, wanted, only, t('board.login')), [owners, wanted, only, t])
  const counts = useMemo(() => {
    const of = new Map<string, number>()
    for (const { proxyId } of owners) of.set(proxyId, (of.get(proxyId) ?? 0) + 1)
    return of
  }, [owners])

  function move(ids: readonly string[], way: string): void {
    void send(
      new Map(ids.map((one) => [one, way])),
      t('board.moved', { count: ids.length, way: names.get(way) ?? way }),
    )
    setSelected(new Set())
  }

  return (
    <Stack gap="sm" component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start">
        <div className={classes.grow}>
          <Title order={2} size="h4" id={id}>
            {t('board.title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('board.about')}
          </Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconArrowsSplit size={16} />}
          onClick={() => setSpreading(true)}
          disabled={proxies.length === 0}
        >
          {t('spread.open')}
        </Button>
      </Group>
      <div className={classes.board}>
        <WayList ways={ways} count={(way) => counts.get(way) ?? 0} only={only} onOnly={setOnly} onDrop={move} />
        <Stack gap="xs">
          <TextInput
            type="search"
            aria-label={t('board.search')}
            placeholder={t('board.search')}
            leftSection={<IconSearch size={16} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <SelectionBar shown={shown} selected={selected} ways={ways} onSelect={setSelected} onMove={move} />
          {shown.length === 0 ? (
            <Text c="dimmed" ta="center" py="xl">
              {owners.length === 0 ? t('board.empty') : t('board.noMatch')}
            </Text>
          ) : (
            <OwnerList owners={shown} ways={ways} selected={selected} onSelect={setSelected} onMove={move} />
          )}
        </Stack>
      </div>
      {spreading ? (
        <SpreadDialog
          proxies={proxies}
          owners={owners}
          selected={selected}
          onClose={() => setSpreading(false)}
          onApply={(choices) => {
            setSpreading(false)
            void send(choices, t('board.spread', { count: choices.size }))
          }}
        />
      ) : null}
    </Stack>
  )
}

function SelectionBar({
  shown,
  selected,
  ways,
  onSelect,
  onMove,
}: {
  shown: readonly Owner[]
  selected: ReadonlySet<string>
  ways: readonly Way[]
  onSelect(ids: ReadonlySet<string>): void
  onMove(ids: readonly string[], way: string): void
}) {
  const { t } = useTexts(TEXTS)
  const all = shown.length > 0 && shown.every(({ id }) => selected.has(id))
  return (
    <Group gap="sm" mih={36}>
      <Checkbox
        label={selected.size === 0 ? t('board.selectAll') : t('board.selected', { count: selected.size })}
        checked={all}
        indeterminate={!all && selected.size > 0}
        onChange={() => onSelect(all ? new Set() : new Set([...selected, ...shown.map(({ id }) => id)]))}
      />
      {selected.size === 0 ? null : (
        <>
          <NativeSelect
            aria-label={t('board.moveTo')}
            value=""
            onChange={(event) => onMove([...selected], event.currentTarget.value)}
            data={[
              { value: '', label: `${t('board.moveTo')}…` },
              ...ways.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Button variant="subtle" size="compact-sm" onClick={() => onSelect(new Set())}>
            {t('board.clear')}
          </Button>
        </>
      )}
    </Group>
  )
}

/** Done at once, with the way back in the corner. */
function useSend(owners: readonly Owner[], names: ReadonlyMap<string, string>) {
  const common = useCommon()
  const assign = useAssign()
  return async (choices: ReadonlyMap<string, string>, message: string): Promise<void> => {
    const before = new Map(
      owners
        .filter(({ id }) => choices.has(id))
        .map(({ id, proxyId, proxyName }) => [id, proxyName === null ? 'global' : proxyId]),
    )
    if (!(await assign(choices, names))) return
    doUnlessUndone(
      { message, undo: common.t('act.undo') },
      () => Promise.resolve(),
      () => void assign(before, names),
    )
  }
}

function found(owners: readonly Owner[], text: string, only: string | undefined, login: string): Owner[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return owners.filter(({ kind, name, detail, groups, proxyId, id }) => {
    if (only !== undefined && proxyId !== only) return false
    const all = [kind === 'login' ? login : name, detail ?? '', id, ...groups].join(' ').toLowerCase()
    return words.every((word) => all.includes(word))
  })
}
