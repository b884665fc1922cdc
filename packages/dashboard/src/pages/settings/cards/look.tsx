import { SegmentedControl, Select, Stack, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { LANGUAGES, setLanguage, useCommon, useTexts, type Language } from '../../../i18n/index.js'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

export function LookCard() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SettingsCard title={`${t('language')} · ${t('theme')}`}>
      <Select
        label={t('language')}
        maw={340}
        allowDeselect={false}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        value={common.language}
        onChange={(language) => setLanguage(language as Language)}
      />
      <Stack gap={4} align="flex-start">
        <Text size="sm" fw={500} id="theme-label">
          {t('theme')}
        </Text>
        <SegmentedControl
          aria-labelledby="theme-label"
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
          data={[
            { value: 'light', label: common.t('shell.light') },
            { value: 'dark', label: common.t('shell.dark') },
            { value: 'auto', label: common.t('shell.system') },
          ]}
        />
      </Stack>
    </SettingsCard>
  )
}
