import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { IconLogout, IconSearch } from '@tabler/icons-react'
import { LookTools } from './look-tools.js'
import { signOut } from './sign-out.js'
import { wishPalette } from './shortcuts.js'
import { useCommon } from '../i18n/index.js'

/** What stands at the right of the header. */
export function ShellTools() {
  const { t } = useCommon()
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={`${t('shell.search')} (Ctrl K)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.search')} onClick={wishPalette}>
          <IconSearch size={20} />
        </ActionIcon>
      </Tooltip>
      <LookTools />
      <Tooltip label={t('shell.signOut')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('shell.signOut')}
          onClick={() => void signOut()}
        >
          <IconLogout size={20} />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
