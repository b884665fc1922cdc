/** Sets, changes or removes the password of the dashboard. `onDone` is called after each. */
export function PasswordForm(_: { onDone?: () => void }) {
  return null
}
