import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { IconLanguage, IconLogout, IconMoon, IconPlus, IconSearch, IconSun } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import { setLanguage, useCommon } from '../i18n/index.js'
import { PAGES } from '../pages/index.js'
import { signOut } from './sign-out.js'

/** Everything one can go to or do, found by typing: Ctrl-K, ⌘K or /. */
export default function Palette() {
  const { t, language } = useCommon()
  const [, go] = useLocation()
  const { setColorScheme } = useMantineColorScheme()
  const icon = { size: 20, stroke: 1.6 }
  const actions: SpotlightActionGroupData[] = [
    {
      group: t('shell.goTo'),
      actions: PAGES.map(({ path, name, Icon }) => ({
        id: path,
        label: t(`nav.${name}`),
        leftSection: <Icon {...icon} />,
        // A page is found by its English name in every language.
        keywords: [name, path],
        onClick: () => go(path),
      })),
    },
    {
      group: t('shell.actions'),
      actions: [
        {
          id: 'add-account',
          label: t('shell.addAccount'),
          leftSection: <IconPlus {...icon} />,
          keywords: ['add account', 'sign in', 'login'],
          onClick: () => go('/accounts?add=1'),
        },
        {
          id: 'add-key',
          label: t('shell.addKey'),
          leftSection: <IconPlus {...icon} />,
          keywords: ['new client key'],
          onClick: () => go('/client-keys?add=1'),
        },
        {
          id: 'light',
          label: `${t('shell.theme')}: ${t('shell.light')}`,
          leftSection: <IconSun {...icon} />,
          keywords: ['light theme'],
          onClick: () => setColorScheme('light'),
        },
        {
          id: 'dark',
          label: `${t('shell.theme')}: ${t('shell.dark')}`,
          leftSection: <IconMoon {...icon} />,
          keywords: ['dark theme'],
          onClick: () => setColorScheme('dark'),
        },
        {
          id: 'language',
          label: language === 'en' ? '简体中文' : 'English',
          leftSection: <IconLanguage {...icon} />,
          keywords: ['language', '语言', 'chinese', 'english'],
          onClick: () => setLanguage(language === 'en' ? 'zh-CN' : 'en'),
        },
        {
          id: 'sign-out',
          label: t('shell.signOut'),
          leftSection: <IconLogout {...icon} />,
          keywords: ['sign out', 'logout'],
          onClick: () => void signOut(),
        },
      ],
    },
  ]
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      nothingFound={t('shell.nothingFound')}
      highlightQuery
      searchProps={{
        leftSection: <IconSearch size={20} />,
        placeholder: t('shell.search'),
        'aria-label': t('shell.search'),
      }}
    />
  )
}
