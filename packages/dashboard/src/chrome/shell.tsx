import { Alert, AppShell, Burger, Group, NavLink, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useLive, useOnline } from '../api/live.js'
import { useCommon } from '../i18n/index.js'
import { GROUPS, PAGES } from '../pages/index.js'
import { WhenBroken } from '../parts/when-broken.js'
import classes from './shell.module.css'
import { Shortcuts } from './shortcuts.js'
import { ShellTools } from './tools.js'
import { UnreadErrors } from './unread-errors.js'

/** The frame of every page: where one can go, and what is the same everywhere. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useCommon()
  const [open, { toggle, close }] = useDisclosure(false)
  const [location] = useLocation()
  const online = useOnline()
  // Somebody always listens, so that a gateway that went away is noticed.
  useLive('config', () => undefined)
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <Shortcuts />
      <a href="#content" className={classes.skip} onClick={skip}>
        {t('shell.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={open ? t('shell.closeMenu') : t('shell.openMenu')}
            />
            <UnstyledButton component={Link} href="/" className={classes.brand} aria-label="Dragoman">
              <img src="/icon.svg" alt="" width={28} height={28} />
              <Text fw={700}>Dragoman</Text>
            </UnstyledButton>
          </Group>
          <ShellTools />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('nav.label')}>
        <ScrollArea>
          {GROUPS.map((group) => (
            <div key={group} className={classes.group}>
              <Text size="xs" c="dimmed" fw={600} px="sm" py={4}>
                {t(`nav.group_${group}`)}
              </Text>
              {PAGES.filter((page) => page.group === group).map(({ path, name, Icon, load }) => (
                <NavLink
                  key={path}
                  component={Link}
                  href={path}
                  label={t(`nav.${name}`)}
                  leftSection={<Icon size={18} stroke={1.7} />}
                  rightSection={name === 'requests' ? <UnreadErrors /> : null}
                  active={location === path}
                  {...(location === path ? { 'aria-current': 'page' as const } : {})}
                  onClick={close}
                  onMouseEnter={() => void load()}
                  className={classes.link}
                />
              ))}
            </div>
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {online ? null : (
          <Alert color="orange" icon={<IconPlugConnectedX />} mb="md" role="alert">
            {t('shell.offline')}
          </Alert>
        )}
        <WhenBroken of={location}>{children}</WhenBroken>
      </AppShell.Main>
    </AppShell>
  )
}

/** The address is the router's; so the jump is made by hand. */
function skip(event: React.MouseEvent): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
