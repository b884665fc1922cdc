import { NumberInput, Paper, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useTexts } from '../../i18n/index.js'
import { EFFORTS, type Effort, type Tier } from './conversation.js'
import { toolProblem, type Settings } from './settings.js'
import { TEXTS } from './texts.js'

export type Change = (change: { [Name in keyof Settings]?: Settings[Name] | null }) => void

/** How the next question is asked. */
export function Options({ settings, onChange }: { settings: Settings; onChange: Change }) {
  const { t } = useTexts(TEXTS)
  const problem = toolProblem(settings)
  const tool = (part: Partial<Settings['tool']>): void => onChange({ tool: { ...settings.tool, ...part } })
  return (
    <Paper withBorder p="md" component="section" aria-label={t('options')}>
      <Stack gap="sm">
        <Textarea
          label={t('system')}
          placeholder={t('systemPlaceholder')}
          autosize
          minRows={2}
          maxRows={8}
          value={settings.system}
          onChange={(event) => onChange({ system: event.currentTarget.value })}
        />
        <Select
          label={t('effort')}
          placeholder={t('effortDefault')}
          clearable
          data={[...EFFORTS]}
          value={settings.effort ?? null}
          onChange={(value) => onChange({ effort: value as Effort | null })}
        />
        <Select
          label={t('tier')}
          placeholder={t('tierDefault')}
          clearable
          data={[
            { value: 'fast', label: t('tierFast') },
            { value: 'flex', label: t('tierFlex') },
          ]}
          value={settings.tier ?? null}
          onChange={(value) => onChange({ tier: value as Tier | null })}
        />
        <NumberInput
          label={t('maxTokens')}
          min={1}
          allowDecimal={false}
          hideControls
          value={settings.maxTokens ?? ''}
          onChange={(value) => onChange({ maxTokens: typeof value === 'number' ? value : null })}
        />
        <NumberInput
          label={t('temperature')}
          min={0}
          max={2}
          step={0.1}
          decimalScale={2}
          hideControls
          value={settings.temperature ?? ''}
          onChange={(value) => onChange({ temperature: typeof value === 'number' ? value : null })}
        />
        <Switch
          label={t('stream')}
          checked={settings.stream}
          onChange={(event) => onChange({ stream: event.currentTarget.checked })}
        />
        <Switch
          label={t('tool')}
          description={t('toolAbout')}
          checked={settings.toolOn}
          onChange={(event) => onChange({ toolOn: event.currentTarget.checked })}
        />
        {settings.toolOn ? (
          <>
            <TextInput
              label={t('toolName')}
              value={settings.tool.name}
              onChange={(event) => tool({ name: event.currentTarget.value.replace(/[^\w-]/g, '_') })}
            />
            <TextInput
              label={t('toolDescription')}
              value={settings.tool.description}
              onChange={(event) => tool({ description: event.currentTarget.value })}
            />
            <Textarea
              label={t('toolSchema')}
              autosize
              minRows={4}
              maxRows={16}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
              value={settings.tool.parameters}
              error={problem === undefined ? null : t('toolBroken', { message: problem })}
              onChange={(event) => tool({ parameters: event.currentTarget.value })}
              spellCheck={false}
            />
          </>
        ) : null}
      </Stack>
    </Paper>
  )
}
