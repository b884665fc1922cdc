import {
  ActionIcon,
  Autocomplete,
  Badge,
  Button,
  Group,
  Modal,
  MultiSelect,
  Paper,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { useChangeRouting, type Change, type Routing } from './data.js'
import { LeadsTo } from './leads-to.js'
import classes from './models.module.css'
import { TEXTS } from './texts.js'

type Chain = Routing['fallbacks'][number]
type Case = Chain['steps'][number]['when'][number]

interface Draft {
  /** As it was called before. */
  before: string | undefined
  name: string
  steps: { to: string; when: Case[] }[]
}

/** Who is asked next, in order, and when. */
export function Fallbacks({ routing, names }: { routing: Routing; names: readonly string[] }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const change = useChangeRouting()
  const [draft, setDraft] = useState<Draft | undefined>()
  const keep = (chains: readonly Pick<Draft, 'name' | 'steps'>[]): Promise<unknown> =>
    change.save({
      fallbacks: Object.fromEntries(
        chains.map(({ name, steps }) => [
          name,
          steps.map(({ to, when }) => (when.length === 0 ? { to } : { to, when })),
        ]),
      ),
    } satisfies Change)
  const kept = (): Pick<Draft, 'name' | 'steps'>[] =>
    (change.kept()?.fallbacks ?? []).map(({ name, steps }) => ({
      name,
      steps: steps.map(({ to, when, ownCases }) => ({ to, when: ownCases ? when : [] })),
    }))

  function remove(name: string): void {
    change.remove('fallbacks', name, { message: t('routing.removed', { name }), undo: common.t('act.undo') }, () =>
      keep(kept().filter((chain) => chain.name !== name)),
    )
  }

  async function put({ before, ...chain }: Draft): Promise<void> {
    const all = kept()
    await keep(before === undefined ? [...all, chain] : all.map((one) => (one.name === before ? chain : one)))
    sayDone(t('routing.saved', { name: chain.name }))
    setDraft(undefined)
  }

  return (
    <Paper withBorder p="md" component="section" aria-label={t('fallbacks.title')}>
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <div>
          <Title order={2} size="h4">
            {t('fallbacks.title')}
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            {t('fallbacks.about')}
          </Text>
        </div>
        {routing.writable ? (
          <Button
            variant="default"
            size="xs"
            flex="none"
            leftSection={<IconPlus size={14} />}
            onClick={() => setDraft({ before: undefined, name: '', steps: [{ to: '', when: [] }] })}
          >
            {t('fallbacks.add')}
          </Button>
        ) : null}
      </Group>
      {routing.fallbacks.length === 0 ? <Text size="sm">{t('fallbacks.empty')}</Text> : null}
      <div role="list">
        {routing.fallbacks.map((chain) => (
          <div key={chain.name} className={classes.entry} role="listitem" aria-label={chain.name}>
            <div className={classes.pair}>
              <Text fw={600} className={classes.word}>
                {chain.name}
              </Text>
              <Stack gap={4}>
                {chain.steps.map((step, at) => (
                  <Group key={at} gap={6}>
                    <Text size="sm" c="dimmed">
                      {at + 1}.
                    </Text>
                    <Text size="sm" className={classes.word}>
                      {step.to}
                    </Text>
                    <LeadsTo leads={step.leads} />
                    {step.when.map((one) => (
                      <Fragment key={one}>
                        <Badge size="xs" variant="light" color="gray" tt="none">
                          {t(`fallbacks.case.${one}`)}
                        </Badge>
                      </Fragment>
                    ))}
                  </Group>
                ))}
              </Stack>
            </div>
            {routing.writable ? (
              <Group gap={2} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t('fallbacks.edit', { name: chain.name })}
                  onClick={() =>
                    setDraft({
                      before: chain.name,
                      name: chain.name,
                      steps: chain.steps.map(({ to, when, ownCases }) => ({ to, when: ownCases ? when : [] })),
                    })
                  }
                >
                  <IconPencil size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t('fallbacks.remove', { name: chain.name })}
                  onClick={() => remove(chain.name)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            ) : null}
          </div>
        ))}
      </div>
      {draft === undefined ? null : (
        <ChainForm draft={draft} change={setDraft} names={names} put={put} close={() => setDraft(undefined)} />
      )}
    </Paper>
  )
}

const CASES = Object.keys(TEXTS.en.fallbacks.case) as Case[]
const MOST_STEPS = 10

function ChainForm({
  draft,
  change,
  names,
  put,
  close,
}: {
  draft: Draft
  change(draft: Draft): void
  names: readonly string[]
  put(draft: Draft): Promise<void>
  close(): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [busy, setBusy] = useState(false)
  const { name, steps } = draft
  const setSteps = (next: Draft['steps']): void => change({ ...draft, steps: next })
  const isWhole = name.trim() !== '' && steps.length > 0 && steps.every(({ to }) => to.trim() !== '')

  function swap(at: number, other: number): void {
    const [one, two] = [steps[at], steps[other]]
    if (one === undefined || two === undefined) return
    setSteps(steps.map((step, place) => (place === at ? two : place === other ? one : step)))
  }

  async function submit(): Promise<void> {
    setBusy(true)
    try {
      await put({ ...draft, name: name.trim(), steps: steps.map(({ to, when }) => ({ to: to.trim(), when })) })
    } catch (error) {
      sayFailed(error)
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={close}
      title={draft.before === undefined ? t('fallbacks.add') : t('fallbacks.edit', { name: draft.before })}
      closeButtonProps={{ 'aria-label': common.t('act.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) void submit()
        }}
      >
        <Stack>
          <Autocomplete
            label={t('fallbacks.for')}
            description={t('fallbacks.forAbout')}
            data={[...names]}
            limit={12}
            value={name}
            onChange={(value) => change({ ...draft, name: value })}
            data-autofocus
          />
          {steps.map((step, at) => {
            const number = at + 1
            const set = (part: Partial<typeof step>): void =>
              setSteps(steps.map((one, place) => (place === at ? { ...one, ...part } : one)))
            return (
              <div key={at} className={classes.step} role="group" aria-label={t('fallbacks.step', { number })}>
                <Group justify="space-between" gap={4} mb={4}>
                  <Text size="sm" fw={500}>
                    {t('fallbacks.step', { number })}
                  </Text>
                  <Group gap={2}>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      disabled={at === 0}
                      onClick={() => swap(at, at - 1)}
                      aria-label={t('fallbacks.up', { number })}
                    >
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      disabled={at === steps.length - 1}
                      onClick={() => swap(at, at + 1)}
                      aria-label={t('fallbacks.down', { number })}
                    >
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      disabled={steps.length === 1}
                      onClick={() => setSteps(steps.filter((_, place) => place !== at))}
                      aria-label={t('fallbacks.removeStep', { number })}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                </Group>
                <Autocomplete
                  label={t('fallbacks.to')}
                  data={[...names]}
                  limit={12}
                  value={step.to}
                  onChange={(to) => set({ to })}
                />
                <MultiSelect
                  label={t('fallbacks.when')}
                  description={t('fallbacks.whenAbout')}
                  data={CASES.map((value) => ({ value, label: t(`fallbacks.case.${value}`) }))}
                  value={step.when}
                  onChange={(values) => set({ when: CASES.filter((one) => values.includes(one)) })}
                  clearable
                  mt="xs"
                />
              </div>
            )
          })}
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={steps.length >= MOST_STEPS}
            onClick={() => setSteps([...steps, { to: '', when: [] }])}
          >
            {t('fallbacks.addStep')}
          </Button>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common.t('act.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!isWhole}>
              {common.t('act.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
