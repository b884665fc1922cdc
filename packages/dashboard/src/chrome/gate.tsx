import { Center, Loader } from '@mantine/core'
import { lazy, Suspense, useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { rawFetch } from '../api/client.js'
import { session } from '../api/session.js'

const SignIn = lazy(() => import('./sign-in.js'))

/** The first look at who is asking; a one-time link in the address signs in at once. */
let first: Promise<void> | undefined

async function lookOnce(): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (token !== undefined) {
    // Out of the address and its history before anything else.
    history.replaceState(null, '', location.pathname)
    const opened = await rawFetch('/auth/dashboard-link', { method: 'POST', body: JSON.stringify({ token }) })
      .then(async (response) => (await response.json()) as { session: string })
      .catch(() => undefined)
    if (opened !== undefined) return session.set(opened.session)
  }
  const status = await rawFetch('/auth/dashboard-status')
    .then(async (response) => (await response.json()) as { authenticated: boolean })
    .catch(() => ({ authenticated: false }))
  session.found(status.authenticated)
}

/** Shows the application to whoever is signed in, and everybody else the way in. */
export function Gate({ children }: { children: ReactNode }) {
  const signedIn = useSyncExternalStore(session.subscribe, session.signedIn)
  useEffect(() => {
    first ??= lookOnce()
  }, [])
  if (signedIn === undefined) {
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    )
  }
  if (signedIn) return <>{children}</>
  return (
    <Suspense fallback={null}>
      <SignIn />
    </Suspense>
  )
}
