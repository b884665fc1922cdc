import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import type { ControlProps } from './control-props.js'
import classes from './settings.module.css'
import { TEXTS } from './texts.js'

interface Entry {
  id: number
  name: string
  value: string
}

/** Names and what they stand for, a line each. */
export function MapControl({ setting, saver, labelledBy, disabled }: ControlProps) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const saved = entriesOf(setting.value)
  const [entries, setEntries] = useState(saved)
  const isChanged = JSON.stringify(asMap(entries)) !== JSON.stringify(asMap(saved)) || entries.length !== saved.length
  const twice = entries.find(({ name }, at) => name !== '' && entries.findIndex((one) => one.name === name) !== at)

  function change(entry: Entry, to: Partial<Entry>): void {
    setEntries(entries.map((one) => (one.id === entry.id ? { ...one, ...to } : one)))
    saver.forget()
  }

  return (
    <Stack gap="xs" role="group" aria-labelledby={labelledBy}>
      {entries.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noEntries')}
        </Text>
      ) : (
        <div className={classes.entries}>
          {entries.map((entry) => (
            <div key={entry.id} className={classes.entry}>
              <TextInput
                aria-label={t('key')}
                value={entry.name}
                disabled={disabled}
                spellCheck={false}
                error={twice?.id === entry.id ? t('twice', { name: entry.name }) : undefined}
                onChange={(event) => change(entry, { name: event.currentTarget.value })}
              />
              <TextInput
                aria-label={entry.name === '' ? t('value') : `${t('value')}: ${entry.name}`}
                value={entry.value}
                disabled={disabled}
                spellCheck={false}
                onChange={(event) => change(entry, { value: event.currentTarget.value })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                disabled={disabled}
                aria-label={t('removeEntry', { name: entry.name })}
                onClick={() => setEntries(entries.filter((one) => one.id !== entry.id))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </div>
          ))}
        </div>
      )}
      {saver.problem === undefined ? null : (
        <Text size="sm" c="red" role="alert">
          {saver.problem}
        </Text>
      )}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          disabled={disabled}
          leftSection={<IconPlus size={14} />}
          onClick={() => setEntries([...entries, { id: nextId(entries), name: '', value: '' }])}
        >
          {t('addEntry')}
        </Button>
        {isChanged ? (
          <>
            <Button
              size="xs"
              disabled={twice !== undefined}
              loading={saver.busy}
              aria-label={t('save', { setting: setting.path })}
              onClick={() => saver.save(asMap(entries))}
            >
              {common.t('act.save')}
            </Button>
            <Button size="xs" variant="default" onClick={() => setEntries(saved)}>
              {common.t('act.cancel')}
            </Button>
          </>
        ) : null}
      </Group>
    </Stack>
  )
}

function entriesOf(value: unknown): Entry[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).map(([name, one], id) => ({ id, name, value: String(one) }))
}

/** Lines without a name say nothing yet. */
function asMap(entries: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(
    entries.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value.trim()]),
  )
}

function nextId(entries: readonly Entry[]): number {
  return Math.max(-1, ...entries.map(({ id }) => id)) + 1
}
