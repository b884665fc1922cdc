import {
  ActionIcon,
  Button,
  Group,
  Modal,
  NumberInput,
  Paper,
  Stack,
  TagsInput,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Schemas } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { useChangeRouting, type Routing } from './data.js'
import classes from './models.module.css'
import { TEXTS } from './texts.js'

type Custom = Schemas['CustomModel']

/** Codex models that the configuration adds or corrects. */
export function CustomModels({ routing }: { routing: Routing }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const format = useFormat()
  const change = useChangeRouting()
  const { save } = change
  const [edited, setEdited] = useState<{ before: Custom | undefined } | undefined>()
  const kept = (): Custom[] => change.kept()?.customModels ?? []

  function remove(id: string): void {
    change.remove('customModels', id, { message: t('routing.removed', { name: id }), undo: common.t('act.undo') }, () =>
      save({ customModels: kept().filter((one) => one.id !== id) }),
    )
  }

  async function put(model: Custom): Promise<void> {
    const before = edited?.before?.id
    const others = kept().filter((one) => one.id !== model.id || one.id === before)
    await save({
      customModels: before === undefined ? [...others, model] : others.map((one) => (one.id === before ? model : one)),
    })
    sayDone(t('routing.saved', { name: model.id }))
    setEdited(undefined)
  }

  return (
    <Paper withBorder p="md" component="section" aria-label={t('custom.title')}>
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <div>
          <Title order={2} size="h4">
            {t('custom.title')}
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            {t('custom.about')}
          </Text>
        </div>
        {routing.writable ? (
          <Button
            variant="default"
            size="xs"
            flex="none"
            leftSection={<IconPlus size={14} />}
            onClick={() => setEdited({ before: undefined })}
          >
            {t('custom.add')}
          </Button>
        ) : null}
      </Group>
      {routing.customModels.length === 0 ? <Text size="sm">{t('custom.empty')}</Text> : null}
      <div role="list">
        {routing.customModels.map((model) => {
          const facts = [
            model.displayName,
            model.efforts?.join(' '),
            model.contextWindow === undefined ? undefined : format.compact(model.contextWindow),
          ].filter((fact) => fact !== undefined)
          return (
            <div key={model.id} className={classes.entry} role="listitem" aria-label={model.id}>
              <div className={classes.pair}>
                <Text fw={600} className={classes.word}>
                  {model.id}
                </Text>
                <Text size="sm" c="dimmed" className={classes.word}>
                  {facts.join(' · ')}
                </Text>
              </div>
              {routing.writable ? (
                <Group gap={2} wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t('custom.edit', { name: model.id })}
                    onClick={() => setEdited({ before: model })}
                  >
                    <IconPencil size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t('custom.remove', { name: model.id })}
                    onClick={() => remove(model.id)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              ) : null}
            </div>
          )
        })}
      </div>
      {edited === undefined ? null : <CustomForm before={edited.before} put={put} close={() => setEdited(undefined)} />}
    </Paper>
  )
}

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

function CustomForm({
  before,
  put,
  close,
}: {
  before: Custom | undefined
  put(model: Custom): Promise<void>
  close(): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [id, setId] = useState(before?.id ?? '')
  const [displayName, setDisplayName] = useState(before?.displayName ?? '')
  const [efforts, setEfforts] = useState(before?.efforts ?? [])
  const [defaultEffort, setDefaultEffort] = useState(before?.defaultEffort ?? '')
  const [context, setContext] = useState<number | string>(before?.contextWindow ?? '')
  const [output, setOutput] = useState<number | string>(before?.maxOutputTokens ?? '')
  const [busy, setBusy] = useState(false)

  async function submit(): Promise<void> {
    setBusy(true)
    try {
      await put({
        id: id.trim(),
        ...(displayName.trim() === '' ? {} : { displayName: displayName.trim() }),
        ...(efforts.length === 0 ? {} : { efforts }),
        ...(defaultEffort.trim() === '' ? {} : { defaultEffort: defaultEffort.trim() }),
        ...(typeof context === 'number' ? { contextWindow: context } : {}),
        ...(typeof output === 'number' ? { maxOutputTokens: output } : {}),
      })
    } catch (error) {
      sayFailed(error)
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={close}
      title={before === undefined ? t('custom.add') : t('custom.edit', { name: before.id })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (id.trim() !== '') void submit()
        }}
      >
        <Stack>
          <TextInput
            label={t('custom.id')}
            description={t('custom.idAbout')}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label={t('custom.displayName')}
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
          <TagsInput
            label={t('custom.efforts')}
            description={t('custom.effortsAbout')}
            data={EFFORTS}
            value={efforts}
            onChange={setEfforts}
          />
          <TextInput
            label={t('custom.defaultEffort')}
            value={defaultEffort}
            onChange={(event) => setDefaultEffort(event.currentTarget.value)}
          />
          <NumberInput
            label={t('custom.context')}
            value={context}
            onChange={setContext}
            min={1}
            allowDecimal={false}
            thousandSeparator
          />
          <NumberInput
            label={t('custom.maxOutput')}
            value={output}
            onChange={setOutput}
            min={1}
            allowDecimal={false}
            thousandSeparator
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common.t('act.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={id.trim() === ''}>
              {common.t('act.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
