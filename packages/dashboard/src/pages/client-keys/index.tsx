import { Button, Group, Modal, Select, SimpleGrid, Skeleton, Text, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconKey, IconPlus, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { askFirst, sayDone } from '../../parts/say.js'
import { Stat } from '../../parts/stat.js'
import { useNow } from '../../parts/use-now.js'
import classes from './client-keys.module.css'
import { largestShare, listed, SORTS, useClientKeys, useKeyActs, useToggle, type ClientKey, type Sort } from './data.js'
import { bodyOf, type KeyFormValues } from './form-values.js'
import { KeyCard, type KeyCardActs } from './key-card.js'
import { KeyEditor } from './key-form.js'
import { MadeKey, type MadeKeyProps } from './made-key.js'
import { SelfService } from './self-service.js'
import { TEXTS } from './texts.js'

/** How many cards are drawn before somebody asks for more. */
const PAGE = 60
const NEAR = 0.8

type Editing = { of: ClientKey | undefined }

export default function ClientKeysPage() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const query = useClientKeys()
  const acts = useKeyActs()
  const [editing, setEditing] = useState<Editing>()
  const [made, setMade] = useState<MadeKeyProps['made']>()
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing({ of: undefined })}>
      {t('create')}
    </Button>
  )

  async function save(values: KeyFormValues): Promise<void> {
    const of = editing?.of
    const body = bodyOf(values, Date.now())
    if (of === undefined) {
      const own = values.own.trim()
      const { id, name, key } = await acts.make({ ...body, ...(own === '' ? {} : { key: own }) })
      setMade({ id, name, key })
    } else {
      await acts.change(of.id, body)
      sayDone(t('form.saved', { name: body.name }))
    }
    setEditing(undefined)
  }

  return (
    <Page title={common.t('nav.keys')} about={t('about')} actions={create}>
      <Loaded query={query} skeleton={<KeysSkeleton />}>
        {({ keys, active, total, total_cost_usd, total_requests }) =>
          total === 0 ? (
            <Empty icon={<IconKey size={32} />} title={t('empty')} action={create}>
              {t('emptyAbout')}
            </Empty>
          ) : (
            <>
              <Sums keys={keys} active={active} total={total} cost={total_cost_usd} requests={total_requests} />
              <KeyList keys={keys} onEdit={(of) => setEditing({ of })} />
            </>
          )
        }
      </Loaded>
      <SelfService />
      <EditorDialog editing={editing} onSave={save} onClose={() => setEditing(undefined)} />
      <MadeKey made={made} onClose={() => setMade(undefined)} />
    </Page>
  )
}

function EditorDialog({
  editing,
  onSave,
  onClose,
}: {
  editing: Editing | undefined
  onSave(values: KeyFormValues): Promise<void>
  onClose(): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const onPhone = useMediaQuery('(max-width: 48em)') === true
  return (
    <Modal
      opened={editing !== undefined}
      onClose={onClose}
      title={editing?.of === undefined ? t('form.create') : t('form.edit', { name: editing.of.name })}
      size="lg"
      fullScreen={onPhone}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      {editing === undefined ? null : <KeyEditor of={editing.of} onSave={onSave} onCancel={onClose} />}
    </Modal>
  )
}

function Sums({
  keys,
  active,
  total,
  cost,
  requests,
}: {
  keys: readonly ClientKey[]
  active: number
  total: number
  cost: number
  requests: number
}) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const near = keys.filter((key) => largestShare(key) >= NEAR).length
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      <Stat
        label={t('stat.active')}
        value={format.number(active)}
        note={t('stat.ofAll', { count: format.number(total) })}
      />
      <Stat label={t('stat.requests')} value={format.number(requests)} note={t('stat.requestsNote')} to="/requests" />
      <Stat label={t('stat.cost')} value={format.usd(cost)} note={t('stat.costNote')} to="/usage" />
      <Stat label={t('stat.near')} value={format.number(near)} note={t('stat.nearNote')} />
    </SimpleGrid>
  )
}

function KeyList({ keys, onEdit }: { keys: readonly ClientKey[]; onEdit(key: ClientKey): void }) {
  const { t } = useTexts(TEXTS)
  const now = useNow()
  const [text, setText] = useState('')
  const [sort, setSort] = useState<Sort>('created')
  const [shown, setShown] = useState(PAGE)
  const wanted = useDeferredValue(text)
  const found = useMemo(() => listed(keys, wanted, sort), [keys, wanted, sort])
  const cardActs = useCardActs(onEdit)
  return (
    <>
      <Group gap="sm" className={classes.tools}>
        <TextInput
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className={classes.search}
        />
        <Select
          aria-label={t('sort')}
          data={SORTS.map((value) => ({ value, label: t(`sort_${value}`) }))}
          value={sort}
          onChange={(value) => setSort(SORTS.find((one) => one === value) ?? 'created')}
          allowDeselect={false}
        />
      </Group>
      {found.length === 0 ? (
        <Text c="dimmed" ta="center" py="xl">
          {t('noMatch')}
        </Text>
      ) : (
        <ul className={classes.list}>
          {found.slice(0, shown).map((key) => (
            <KeyCard key={key.id} of={key} now={now} acts={cardActs} />
          ))}
        </ul>
      )}
      {found.length > shown ? (
        <Button variant="default" onClick={() => setShown(shown + PAGE)}>
          {t('showMore', { count: Math.min(PAGE, found.length - shown) })}
        </Button>
      ) : null}
    </>
  )
}

function useCardActs(onEdit: (key: ClientKey) => void): KeyCardActs {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const format = useFormat()
  const acts = useKeyActs()
  const toggle = useToggle()
  return {
    edit: onEdit,
    toggle: ({ id, enabled }) => toggle.mutate({ id, enabled: !enabled }),
    reset({ id, name, budgets, request_count }) {
      const about = { cost: format.usd(budgets.total.used_cost_usd), count: format.number(request_count) }
      askFirst({
        title: t('resetAsk.title', { name }),
        children: <Text size="sm">{t('resetAsk.about', about)}</Text>,
        confirm: t('resetAsk.confirm'),
        cancel: common.t('act.cancel'),
        danger: false,
        run: async () => {
          await acts.reset(id)
          sayDone(t('resetAsk.done', { name }))
        },
      })
    },
    revoke({ id, name, last_used_at, request_count }) {
      const used =
        last_used_at === null
          ? t('revokeAsk.unused')
          : t('revokeAsk.used', { when: format.relative(last_used_at), count: format.number(request_count) })
      askFirst({
        title: t('revokeAsk.title', { name }),
        children: [t('revokeAsk.breaks'), used, t('revokeAsk.softer')].map((line) => (
          <Text size="sm" key={line} mb="xs">
            {line}
          </Text>
        )),
        confirm: t('revokeAsk.confirm'),
        cancel: common.t('act.cancel'),
        run: async () => {
          await acts.revoke(id)
          sayDone(t('revokeAsk.done', { name }))
        },
      })
    },
  }
}

function KeysSkeleton() {
  return (
    <>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md" mb="lg">
        {[0, 1, 2, 3].map((n) => (
          <Skeleton key={n} height={96} />
        ))}
      </SimpleGrid>
      <Skeleton height={36} mb="lg" />
      <div className={classes.list}>
        {[0, 1, 2].map((n) => (
          <Skeleton key={n} height={260} />
        ))}
      </div>
    </>
  )
}
