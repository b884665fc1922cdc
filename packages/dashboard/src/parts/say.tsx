import { Button, Group, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import type { ReactNode } from 'react'

/** A word in the corner: it worked. */
export function sayDone(message: string): void {
  notifications.show({ message, color: 'teal', closeButtonProps: closeProps() })
}

/** A word in the corner: it did not, and why. */
export function sayFailed(error: unknown, title?: string): void {
  const message = error instanceof Error ? error.message : String(error)
  notifications.show({
    message,
    color: 'red',
    autoClose: 10_000,
    closeButtonProps: closeProps(),
    ...(title === undefined ? {} : { title }),
  })
}

/** The cross has no words of its own. */
function closeProps(): { 'aria-label': string } {
  return { 'aria-label': i18next.t('act.close') }
}

const UNDO_MS = 7_000

/**
 * Something that can be taken back: it is done at once on the page, and for good when nobody took it back in time.
 * @param act what is done then
 * @param undone what brings the page back
 */
export function doUnlessUndone(
  said: { message: string; undo: string },
  act: () => Promise<void>,
  undone: () => void,
): void {
  const id = `undo-${Date.now()}-${Math.random()}`
  let open = true
  const settle = (then: () => void): void => {
    if (!open) return
    open = false
    clearTimeout(timer)
    window.removeEventListener('pagehide', leave)
    notifications.hide(id)
    then()
  }
  const doIt = (): void =>
    settle(() => {
      act().catch((error: unknown) => {
        undone()
        sayFailed(error)
      })
    })
  const leave = (): void => doIt()
  const timer = setTimeout(doIt, UNDO_MS)
  window.addEventListener('pagehide', leave)
  notifications.show({
    id,
    autoClose: UNDO_MS,
    withCloseButton: false,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{said.message}</Text>
        <Button size="compact-sm" variant="light" onClick={() => settle(undone)}>
          {said.undo}
        </Button>
      </Group>
    ),
  })
}

/** Asks first. `run` is awaited, and what it throws is said in the corner. */
export function askFirst(asked: {
  title: string
  children: ReactNode
  confirm: string
  cancel: string
  danger?: boolean
  run: () => Promise<void>
}): void {
  modals.openConfirmModal({
    title: asked.title,
    children: asked.children,
    labels: { confirm: asked.confirm, cancel: asked.cancel },
    confirmProps: asked.danger === false ? {} : { color: 'red' },
    onConfirm: () => void asked.run().catch((error: unknown) => sayFailed(error)),
  })
}
