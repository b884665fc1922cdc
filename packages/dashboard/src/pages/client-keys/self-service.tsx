import { Paper, Stack, Text, Title } from '@mantine/core'
import { useTexts } from '../../i18n/index.js'
import { CopyBlock } from '../../parts/copy.js'
import { TEXTS } from './texts.js'

/** What whoever holds a key can ask about it. */
export function SelfService() {
  const { t } = useTexts(TEXTS)
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="key-self">
      <Stack gap="sm">
        <Title order={2} size="h4" id="key-self">
          {t('self.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('self.about')}
        </Text>
        <CopyBlock
          code={`curl ${location.origin}/v1/key/info -H "Authorization: Bearer $DRAGOMAN_KEY"`}
          label={t('self.copy')}
        />
      </Stack>
    </Paper>
  )
}
