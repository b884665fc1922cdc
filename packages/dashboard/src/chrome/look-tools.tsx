import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconLanguage, IconSunMoon } from '@tabler/icons-react'
import { LANGUAGES, setLanguage, useCommon, type Language } from '../i18n/index.js'

/** How everything is to look: the language and the theme. Also there before anybody is signed in. */
export function LookTools() {
  const { t, language } = useCommon()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = [
    ['light', t('shell.light')],
    ['dark', t('shell.dark')],
    ['auto', t('shell.system')],
  ] as const
  return (
    <>
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
    </>
  )
}
