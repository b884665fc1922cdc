import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Route, Router, Switch } from 'wouter'
import { queryClient } from './api/queries.js'
import { Gate } from './chrome/gate.js'
import { Shell } from './chrome/shell.js'
import { keptColorScheme } from './chrome/color-scheme.js'
import { useHashPath, useHashSearch } from './chrome/hash-location.js'
import { useCommon } from './i18n/index.js'
import { PAGES } from './pages/index.js'
import { WelcomeOnce } from './pages/welcome/once.js'
import { PageLoading } from './parts/page.js'
import { THEME } from './theme.js'

const NotFound = lazy(() => import('./pages/not-found.js'))

export function App() {
  return (
    <MantineProvider
      theme={THEME}
      defaultColorScheme="auto"
      colorSchemeManager={keptColorScheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <Modals>
          <Notifications position="bottom-right" limit={4} />
          <Router hook={useHashPath} searchHook={useHashSearch}>
            <Gate>
              <WelcomeOnce />
              <Shell>
                <Suspense fallback={<PageLoading />}>
                  <Switch>
                    {PAGES.map(({ path, Component }) => (
                      <Route key={path} path={path} component={Component} />
                    ))}
                    <Route component={NotFound} />
                  </Switch>
                </Suspense>
              </Shell>
            </Gate>
          </Router>
        </Modals>
      </QueryClientProvider>
    </MantineProvider>
  )
}

function Modals({ children }: { children: React.ReactNode }) {
  const { t } = useCommon()
  return (
    <ModalsProvider
      labels={{ confirm: t('act.save'), cancel: t('act.cancel') }}
      modalProps={{ closeButtonProps: { 'aria-label': t('act.close') } }}
    >
      {children}
    </ModalsProvider>
  )
}
