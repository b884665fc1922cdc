import { Center, Code, Paper, Stack, Text, Title } from '@mantine/core'
import { defineTexts, useTexts } from '../i18n/index.js'

const TEXTS = defineTexts(
  'sign-in',
  { title: 'Sign in', link: 'Open the link that the gateway printed, or make a new one with' },
  { title: '登录', link: '请打开网关打印的链接，或用以下命令生成新的链接' },
)

export default function SignIn() {
  const { t } = useTexts(TEXTS)
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" maw={420} w="100%">
        <Stack>
          <Title order={1} size="h3">
            {t('title')}
          </Title>
          <Text size="sm">
            {t('link')} <Code>dragoman open</Code>
          </Text>
        </Stack>
      </Paper>
    </Center>
  )
}
