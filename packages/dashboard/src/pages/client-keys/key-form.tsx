import {
  Accordion,
  Alert,
  Button,
  Group,
  MultiSelect,
  PasswordInput,
  Radio,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { ApiError } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { BudgetFields, RateFields } from './amount-fields.js'
import { useChoices, type ClientKey } from './data.js'
import { countSet, EXPIRIES, TOOLS, valuesOf, type KeyForm, type KeyFormValues } from './form-values.js'
import { TEXTS } from './texts.js'

/** Everything that can be said of a key; a new one without `of`. */
export function KeyEditor({
  of: key,
  onSave,
  onCancel,
}: {
  of: ClientKey | undefined
  /** Rejects with what is wrong. */
  onSave(values: KeyFormValues): Promise<void>
  onCancel(): void
}) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const form = useForm<KeyFormValues>({
    initialValues: valuesOf(key),
    validate: {
      name: (name) => (name.trim() === '' ? t('form.nameNeeded') : null),
      expiryDate: (date, { expiry }) =>
        expiry === 'custom' && !(Date.parse(date) > Date.now()) ? t('form.expiryPast') : null,
    },
  })
  const save = form.onSubmit((values) => {
    setBusy(true)
    setProblem(undefined)
    onSave(values)
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.pointer === '/key') form.setFieldError('own', error.message)
        else if (error instanceof ApiError && error.pointer === '/name') form.setFieldError('name', error.message)
        else setProblem(error instanceof Error ? error.message : String(error))
      })
      .finally(() => setBusy(false))
  })
  const { budgets, rates } = countSet(form.values)
  const { models, accounts, toolsMode, strict } = form.values
  const some = (count: number, none: string): string => (count === 0 ? none : t('form.summary.some', { count }))
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="md">
        <TextInput
          label={t('form.name')}
          description={t('form.nameAbout')}
          placeholder={t('form.namePlaceholder')}
          maxLength={80}
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <ExpiryField form={form} kept={key?.expires_at ?? null} />
        <Accordion multiple defaultValue={['budgets']} variant="separated" order={3}>
          <Section name="budgets" title={t('form.budgets')} summary={some(budgets, t('form.summary.none'))}>
            <BudgetFields form={form} />
          </Section>
          <Section name="rates" title={t('form.rates')} summary={some(rates, t('form.summary.none'))}>
            <RateFields form={form} />
          </Section>
          <Section name="models" title={t('form.models')} summary={some(models.length, t('form.summary.all'))}>
            <ModelsField form={form} />
          </Section>
          <Section name="accounts" title={t('form.accounts')} summary={some(accounts.length, t('form.summary.all'))}>
            <AccountsField form={form} />
          </Section>
          <Section
            name="tools"
            title={t('form.tools')}
            summary={[t(`form.tools_${toolsMode}`), ...(strict ? [t('chip.strict')] : [])].join(', ')}
          >
            <ToolsFields form={form} />
          </Section>
          {key === undefined ? (
            <Section name="own" title={t('form.own')}>
              <PasswordInput
                label={t('form.ownKey')}
                description={t('form.ownAbout')}
                autoComplete="off"
                {...form.getInputProps('own')}
              />
            </Section>
          ) : null}
        </Accordion>
        {form.errors['own'] === undefined || key !== undefined ? null : (
          <Alert color="red" variant="light" icon={<IconAlertTriangle />}>
            {form.errors['own']}
          </Alert>
        )}
        {problem === undefined ? null : (
          <Alert color="red" variant="light" icon={<IconAlertTriangle />}>
            {problem}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {common.t('act.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {key === undefined ? t('form.make') : t('form.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Section({
  name,
  title,
  summary,
  children,
}: {
  name: string
  title: string
  summary?: string
  children: React.ReactNode
}) {
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs" pr="xs">
          <Text fw={500} size="sm" component="span">
            {title}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            {summary}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  )
}

function ExpiryField({ form, kept }: { form: KeyForm; kept: string | null }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const choices = [
    ...(kept === null ? [] : [{ value: 'kept', label: t('form.expiryKeeps', { date: format.date(kept) }) }]),
    ...EXPIRIES.map((expiry) => ({ value: expiry, label: t(`form.expiry_${expiry}`) })),
  ]
  return (
    <Stack gap="xs">
      <Radio.Group label={t('form.expiry')} {...form.getInputProps('expiry')}>
        <Group gap="md" mt={6}>
          {choices.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Group>
      </Radio.Group>
      {form.values.expiry === 'custom' ? (
        <TextInput type="datetime-local" label={t('form.expiryDate')} maw={280} {...form.getInputProps('expiryDate')} />
      ) : null}
    </Stack>
  )
}

function ModelsField({ form }: { form: KeyForm }) {
  const { t } = useTexts(TEXTS)
  const { models } = useChoices()
  return (
    <TagsInput
      label={t('form.models')}
      description={t('form.modelsAbout')}
      placeholder={form.values.models.length === 0 ? t('form.modelsPlaceholder') : ''}
      data={models}
      limit={200}
      clearable
      {...form.getInputProps('models')}
    />
  )
}

function AccountsField({ form }: { form: KeyForm }) {
  const { t } = useTexts(TEXTS)
  const { accounts } = useChoices()
  const groups = [...new Set(accounts.flatMap((account) => account.groups))].sort()
  const known = new Set([...groups, ...accounts.map(({ id }) => id)])
  const others = form.values.accounts.filter((name) => !known.has(name))
  return (
    <MultiSelect
      label={t('form.accounts')}
      description={t('form.accountsAbout')}
      placeholder={form.values.accounts.length === 0 ? t('form.accountsPlaceholder') : ''}
      data={[
        ...(groups.length === 0 ? [] : [{ group: t('form.groups'), items: groups }]),
        {
          group: t('form.accountsGroup'),
          items: accounts.map(({ id, name, detail }) => ({
            value: id,
            label: detail === null ? name : `${name} (${detail})`,
          })),
        },
        ...(others.length === 0 ? [] : [{ group: t('form.unknownGroup'), items: others }]),
      ]}
      limit={200}
      searchable
      clearable
      {...form.getInputProps('accounts')}
    />
  )
}

function ToolsFields({ form }: { form: KeyForm }) {
  const { t } = useTexts(TEXTS)
  const id = useId()
  return (
    <Stack gap="md">
      <div>
        <Text size="sm" fw={500} id={id} mb={4}>
          {t('form.toolsMode')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <SegmentedControl
            aria-labelledby={id}
            data={(['config', 'none', 'chosen'] as const).map((value) => ({ value, label: t(`form.tools_${value}`) }))}
            {...form.getInputProps('toolsMode')}
          />
          {form.values.toolsMode === 'chosen' ? (
            <MultiSelect
              aria-label={t('form.toolsChosen')}
              data={TOOLS.map((value) => ({ value, label: t(`form.tool_${value}`) }))}
              {...form.getInputProps('tools')}
            />
          ) : null}
        </SimpleGrid>
      </div>
      <Switch
        label={t('form.strict')}
        description={t('form.strictAbout')}
        {...form.getInputProps('strict', { type: 'checkbox' })}
      />
    </Stack>
  )
}
