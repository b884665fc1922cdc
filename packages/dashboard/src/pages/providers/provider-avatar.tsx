import { Avatar } from '@mantine/core'
import classes from './providers.module.css'

const COLORS = ['blue', 'cyan', 'grape', 'green', 'indigo', 'orange', 'pink', 'teal', 'violet'] as const

/** Two letters of a provider, in a colour that stays its own. No logos: they are not ours. */
export function ProviderAvatar({ name, title, size = 38 }: { name: string; title: string; size?: number }) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  const letters = title.replaceAll(/[^\p{L}\p{N}]/gu, '').slice(0, 2)
  return (
    <Avatar
      size={size}
      radius="md"
      color={COLORS[sum % COLORS.length] ?? 'blue'}
      variant="light"
      className={classes.avatar}
      aria-hidden
    >
      {letters}
    </Avatar>
  )
}
