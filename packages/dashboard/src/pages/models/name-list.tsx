import { ActionIcon, Autocomplete, Button, Group, Paper, Text, TextInput, Title } from '@mantine/core'
import { IconCheck, IconPencil, IconPlus, IconTrash, IconX } from '@tabler/icons-react'
import { useId, useState, type ReactNode } from 'react'
import { ApiError } from '../../api/client.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import classes from './models.module.css'
import { TEXTS } from './texts.js'

export interface Entry {
  name: string
  to: string
  /** Where it leads. */
  shown: ReactNode
}

export interface NameListProps {
  title: string
  about: string
  empty: string
  /** What stands before the arrow. */
  nameLabel: string
  entries: readonly Entry[]
  /** What targets there are. */
  suggestions: readonly string[]
  writable: boolean
  /** A target that somebody wants a name for. */
  startWith?: string | undefined
  /** Keeps all of them, in this order. @throws ApiError whose pointer names the entry */
  save(entries: readonly { name: string; to: string }[]): Promise<{ warned: boolean }>
  /** Takes one away, unless somebody takes it back. */
  remove(name: string, said: { message: string; undo: string }): void
  /** As they are kept now. */
  kept(): readonly { name: string; to: string }[]
}

/** A list of names and where they go: added, changed and removed in place. */
export function NameList(props: NameListProps) {
  const { title, about, empty, nameLabel, entries, suggestions, writable, startWith } = props
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [edited, setEdited] = useState<string | undefined>()
  const heading = useId()

  async function put(before: string | undefined, name: string, to: string): Promise<void> {
    const kept = props.kept()
    const next = { name, to }
    const all = before === undefined ? [...kept, next] : kept.map((entry) => (entry.name === before ? next : entry))
    const { warned } = await props.save(all)
    sayDone(warned ? t('routing.savedButUnknown', { name }) : t('routing.saved', { name }))
    setEdited(undefined)
  }

  function remove(name: string): void {
    props.remove(name, { message: t('routing.removed', { name }), undo: common.t('act.undo') })
  }

  return (
    <Paper withBorder p="md" component="section" aria-labelledby={heading}>
      <Title order={2} size="h4" id={heading}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {about}
      </Text>
      {entries.length === 0 ? (
        <Text size="sm" py="xs">
          {empty}
        </Text>
      ) : null}
      <div role="list">
        {entries.map((entry) =>
          edited === entry.name ? (
            <div key={entry.name} role="listitem">
              <EntryForm
                {...{ nameLabel, suggestions }}
                before={entry}
                taken={entries}
                put={(name, to) => put(entry.name, name, to)}
                cancel={() => setEdited(undefined)}
                label={t('routing.editEntry', { name: entry.name })}
              />
            </div>
          ) : (
            <div key={entry.name} className={classes.entry} role="listitem" aria-label={entry.name}>
              <div className={classes.pair}>
                <Text fw={600} className={classes.word}>
                  {entry.name}
                </Text>
                <Group gap={6}>
                  <Text size="sm" c="dimmed" className={classes.word}>
                    {entry.to}
                  </Text>
                  {entry.shown}
                </Group>
              </div>
              {writable ? (
                <Group gap={2} wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    onClick={() => setEdited(entry.name)}
                    aria-label={t('routing.editEntry', { name: entry.name })}
                  >
                    <IconPencil size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    onClick={() => remove(entry.name)}
                    aria-label={t('routing.removeEntry', { name: entry.name })}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              ) : null}
            </div>
          ),
        )}
      </div>
      {writable && edited === undefined ? (
        <EntryForm
          key={startWith ?? ''}
          {...{ nameLabel, suggestions }}
          {...(startWith === undefined ? {} : { before: { name: '', to: startWith } })}
          taken={entries}
          put={(name, to) => put(undefined, name, to)}
          label={t('routing.addEntry', { list: title })}
        />
      ) : null}
    </Paper>
  )
}

function EntryForm({
  nameLabel,
  suggestions,
  before,
  taken,
  put,
  cancel,
  label,
}: {
  nameLabel: string
  suggestions: readonly string[]
  before?: { name: string; to: string }
  taken: readonly Entry[]
  put(name: string, to: string): Promise<void>
  cancel?: () => void
  label: string
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [name, setName] = useState(before?.name ?? '')
  const [to, setTo] = useState(before?.to ?? '')
  const [problem, setProblem] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)
  const isNew = cancel === undefined
  const wanted = name.trim()
  const isTwice = wanted !== before?.name && taken.some((entry) => entry.name === wanted)

  async function submit(): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    try {
      await put(wanted, to.trim())
      if (isNew) {
        setName('')
        setTo('')
      }
    } catch (error) {
      if (error instanceof ApiError && error.pointer !== undefined) {
        setProblem(error.message.replace(/ \(at \/[^)]*\)$/, ''))
      } else sayFailed(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      className={classes.form}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted !== '' && to.trim() !== '' && !isTwice) void submit()
      }}
    >
      <TextInput
        flex="1 1 130px"
        aria-label={nameLabel}
        placeholder={nameLabel}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isTwice ? t('routing.twice') : undefined}
        {...(isNew ? {} : { 'data-autofocus': true, autoFocus: true })}
      />
      <Autocomplete
        flex="1 1 130px"
        aria-label={t('routing.target')}
        placeholder={t('routing.target')}
        value={to}
        onChange={setTo}
        data={[...suggestions]}
        limit={12}
        error={problem}
      />
      <Group gap={4} wrap="nowrap">
        {isNew ? (
          <Button
            type="submit"
            variant="default"
            loading={busy}
            disabled={wanted === '' || to.trim() === '' || isTwice}
            leftSection={<IconPlus size={16} />}
          >
            {common.t('act.add')}
          </Button>
        ) : (
          <>
            <ActionIcon type="submit" size={36} loading={busy} disabled={isTwice} aria-label={common.t('act.save')}>
              <IconCheck size={18} />
            </ActionIcon>
            <ActionIcon variant="default" size={36} onClick={cancel} aria-label={common.t('act.cancel')}>
              <IconX size={18} />
            </ActionIcon>
          </>
        )}
      </Group>
    </form>
  )
}
