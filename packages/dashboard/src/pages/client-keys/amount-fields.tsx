import { NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTexts } from '../../i18n/index.js'
import { PERIODS } from './data.js'
import type { KeyForm } from './form-values.js'
import { TEXTS } from './texts.js'

/** Dollars and tokens, for each period. */
export function BudgetFields({ form }: { form: KeyForm }) {
  const { t } = useTexts(TEXTS)
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('form.budgetsAbout')}
      </Text>
      {PERIODS.map((period) => (
        <SimpleGrid key={period} cols={{ base: 1, xs: 2 }} spacing="sm">
          <NumberInput
            label={t('form.usdOf', { period: t(`form.${period}`) })}
            placeholder={t('form.unlimited')}
            prefix="$"
            min={0}
            step={5}
            decimalScale={2}
            thousandSeparator=","
            {...form.getInputProps(`usd.${period}`)}
          />
          <NumberInput
            label={t('form.tokensOf', { period: t(`form.${period}`) })}
            placeholder={t('form.unlimited')}
            min={0}
            step={100_000}
            allowDecimal={false}
            thousandSeparator=","
            {...form.getInputProps(`tokens.${period}`)}
          />
        </SimpleGrid>
      ))}
    </Stack>
  )
}

export function RateFields({ form }: { form: KeyForm }) {
  const { t } = useTexts(TEXTS)
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <NumberInput
        label={t('form.rpm')}
        placeholder={t('form.unlimited')}
        min={0}
        max={100_000}
        allowDecimal={false}
        {...form.getInputProps('rpm')}
      />
      <NumberInput
        label={t('form.concurrency')}
        placeholder={t('form.unlimited')}
        min={0}
        max={100_000}
        allowDecimal={false}
        {...form.getInputProps('concurrency')}
      />
    </SimpleGrid>
  )
}
