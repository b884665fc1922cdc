import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import classes from './entrance.module.css'
import { LookTools } from './look-tools.js'

/** What stands before the application: one card, with the language and the theme within reach. */
export function Entrance({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Dragoman`
  }, [title])
  return (
    <main className={classes.ground}>
      <Group justify="flex-end" p="sm" gap={4}>
        <LookTools />
      </Group>
      <Center p="md" className={classes.middle}>
        <Paper withBorder shadow="md" p={{ base: 'lg', xs: 'xl' }} w="100%" maw={440}>
          <Stack gap="lg">
            <Stack gap={6} align="center">
              <img src="/icon.svg" alt="" width={56} height={56} />
              <Title order={1} size="h2" ta="center">
                {title}
              </Title>
              <Text c="dimmed" size="sm" ta="center">
                {about}
              </Text>
            </Stack>
            {children}
          </Stack>
        </Paper>
      </Center>
    </main>
  )
}
