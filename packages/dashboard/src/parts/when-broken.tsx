import { Alert, Button, Code, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useCommon } from '../i18n/index.js'

interface Props {
  children: ReactNode
  /** When it changes, what was broken is tried anew: the page. */
  of: string
}

/** A page that breaks says so and leaves the rest standing. What is thrown still reaches the browser's log and the gateway's. */
export class WhenBroken extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: Error): void {
    window.dispatchEvent(new ErrorEvent('error', { error, message: error.message }))
  }

  override componentDidUpdate(before: Props): void {
    if (before.of !== this.props.of && this.state.error !== undefined) this.setState({ error: undefined })
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === undefined ? this.props.children : <Broken error={error} />
  }
}

function Broken({ error }: { error: Error }) {
  const { t } = useCommon()
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t('shell.broken')} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('shell.brokenText')}</Text>
        <Code>{error.message}</Code>
        {/* After an update the parts of an old page are gone; loading it anew brings the new ones. */}
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          {t('act.retry')}
        </Button>
      </Stack>
    </Alert>
  )
}
