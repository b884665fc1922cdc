import { ActionIcon, Group, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconLanguage, IconLogout, IconSearch, IconSunMoon } from '@tabler/icons-react'
import { signOut } from './sign-out.js'
import { wishPalette } from './shortcuts.js'
import { LANGUAGES, setLanguage, useCommon, type Language } from '../i18n/index.js'

/** What stands at the right of the header. */
export function ShellTools() {
  const { t, language } = useCommon()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = [
    ['light', t('shell.light')],
    ['dark', t('shell.dark')],
    ['auto', t('shell.system')],
  ] as const
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={`${t('shell.search')} (Ctrl K)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.search')} onClick={wishPalette}>
          <IconSearch size={20} />
        </ActionIcon>
      </Tooltip>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.language')}>
            <IconLanguage size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(LANGUAGES) as Language[]).map((key) => (
            <Menu.Item
              key={key}
              lang={key}
              onClick={() => setLanguage(key)}
              rightSection={language === key ? <IconCheck size={16} /> : null}
            >
              {LANGUAGES[key]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.theme')}>
            <IconSunMoon size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {schemes.map(([scheme, label]) => (
            <Menu.Item
              key={scheme}
              onClick={() => setColorScheme(scheme)}
              rightSection={colorScheme === scheme ? <IconCheck size={16} /> : null}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
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
