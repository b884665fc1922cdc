import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { useCommon } from '../i18n/index.js'
import classes from './page.module.css'

/** A page: its heading, what one can do there, and what is on it. */
export function Page({
  title,
  about,
  actions,
  children,
}: {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Dragoman`
  }, [title])
  return (
    <Stack gap="lg" className={classes.page}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className={classes.heading}>
          <Title order={1} size="h2">
            {title}
          </Title>
          {about === undefined ? null : (
            <Text c="dimmed" size="sm" mt={4}>
              {about}
            </Text>
          )}
        </div>
        {actions === undefined ? null : (
          <Group gap="xs" className={classes.actions}>
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  )
}

/** The shape of a page before its code is there. */
export function PageLoading() {
  const { t } = useCommon()
  return (
    <Stack gap="lg" aria-busy="true" aria-label={t('state.loading')} role="status">
      <Skeleton height={32} width="min(240px, 60%)" />
      <Skeleton height={120} />
      <Skeleton height={240} />
    </Stack>
  )
}

export interface Read<Data> {
  data: Data | undefined
  error: Error | null
  isPending: boolean
  refetch(): unknown
}

/**
 * What a query brought: a skeleton first, an error with a way to try again, or the thing itself. Give `skeleton` the height of what will
 * come, so that nothing jumps.
 */
export function Loaded<Data>({
  query,
  skeleton = 200,
  children,
}: {
  query: Read<Data>
  skeleton?: number | ReactNode
  children: (data: Data) => ReactNode
}) {
  const { t } = useCommon()
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error !== null) {
    return (
      <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t('state.failed')}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{query.error.message}</Text>
          <Button size="xs" variant="default" onClick={() => void query.refetch()}>
            {t('act.retry')}
          </Button>
        </Stack>
      </Alert>
    )
  }
  return (
    <div role="status" aria-busy="true" aria-label={t('state.loading')}>
      {typeof skeleton === 'number' ? <Skeleton height={skeleton} /> : skeleton}
    </div>
  )
}

/** Nothing is here: what it would be, and what to do. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <Stack align="center" gap="sm" py="xl" px="md" className={classes.empty}>
      {icon}
      <Text fw={600} ta="center">
        {title}
      </Text>
      {children === undefined ? null : (
        <Text c="dimmed" size="sm" ta="center" maw={460} component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}
