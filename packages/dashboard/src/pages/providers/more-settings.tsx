import { MultiSelect, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/index.js'
import type { Key } from './data.js'
import type { Draft } from './key-draft.js'
import { TEXTS } from './texts.js'

const WIRES = Object.keys(TEXTS.en.wire) as Key['wire'][]
const CAPABILITIES = Object.keys(TEXTS.en.capability) as Key['capabilities'][number][]

/** What most people leave as their provider has it. */
export function MoreSettings({
  draft,
  change,
  at,
  entry,
}: {
  draft: Draft
  change(change: Partial<Draft>): void
  /** What is wrong at a place. */
  at(pointer: string): string | undefined
  entry: Key | undefined
}) {
  const { t } = useTexts(TEXTS)
  const kept = entry?.headers ?? []
  return (
    <Stack>
      <TextInput
        label={t('form.label')}
        description={t('form.labelAbout')}
        value={draft.label}
        onChange={(event) => change({ label: event.currentTarget.value })}
        maxLength={64}
        error={at('/label')}
      />
      <TextInput
        label={t('form.name')}
        description={t('form.nameAbout')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        placeholder={draft.provider === 'custom' ? '' : draft.provider}
        error={at('/name')}
      />
      <Select
        label={t('form.wire')}
        description={t('form.wireAbout')}
        data={WIRES.map((value) => ({ value, label: t(`wire.${value}`) }))}
        value={draft.wire}
        onChange={(value) => value !== null && change({ wire: value })}
        allowDeselect={false}
        error={at('/wire')}
      />
      <MultiSelect
        label={t('form.capabilities')}
        data={CAPABILITIES.map((value) => ({ value, label: t(`capability.${value}`) }))}
        value={draft.capabilities}
        onChange={(values) => change({ capabilities: CAPABILITIES.filter((one) => values.includes(one)) })}
        error={at('/capabilities')}
      />
      <NumberInput
        label={t('form.weight')}
        description={t('form.weightAbout')}
        value={draft.weight}
        onChange={(value) => change({ weight: Number(value) })}
        min={1}
        max={1000}
        allowDecimal={false}
        error={at('/weight')}
      />
      <Textarea
        label={t('form.headers')}
        description={kept.length === 0 ? t('form.headersAbout') : t('form.headersKept', { names: kept.join(', ') })}
        value={draft.headers}
        onChange={(event) => change({ headers: event.currentTarget.value })}
        autosize
        minRows={2}
        error={at('/headers')}
      />
    </Stack>
  )
}
