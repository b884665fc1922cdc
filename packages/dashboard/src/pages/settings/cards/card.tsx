import { Card, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** One subject beside the settings of a part. */
export function SettingsCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <Title order={3} size="h5">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  )
}
