import { Center, Loader } from '@mantine/core'
import { lazy, Suspense, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { session } from '../api/session.js'
import { enterWithLink, readStatus } from '../api/sign-in.js'

const SignIn = lazy(() => import('./sign-in.js'))
const OfferPassword = lazy(() => import('./offer-password.js'))

/** Whoever came by a link and has no password is asked once whether to set one; this browser remembers that. */
export const OFFERED = 'dragoman-password-offered'

type Way = 'link' | 'bad link' | 'known'

/** A one-time link in the address signs in at once. */
async function enter(hash: string): Promise<Way> {
  const token = /^#token=([\w-]+)$/.exec(hash)?.[1]
  // Out of the address and its history before anything else.
  if (location.hash.startsWith('#token=')) history.replaceState(null, '', location.pathname)
  const cameIn =
    token !== undefined &&
    (await enterWithLink(token).then(
      () => true,
      () => false,
    ))
  if (cameIn) return 'link'
  const authenticated = await readStatus().then(
    (status) => status.authenticated,
    () => false,
  )
  session.found(authenticated)
  return token === undefined ? 'known' : 'bad link'
}

let first: Promise<Way> | undefined

/** Shows the application to whoever is signed in, and everybody else the way in. */
export function Gate({ children }: { children: ReactNode }) {
  const signedIn = useSyncExternalStore(session.subscribe, session.signedIn)
  const [way, setWay] = useState<Way>()
  useEffect(() => {
    const look = async (): Promise<void> => setWay(await (first ??= enter(location.hash)))
    void look()
    // A link that is pasted into the address of an open page changes nothing but what stands after the #. By the time that this is told, the
    // page may have gone on to another place.
    const pasted = ({ newURL }: HashChangeEvent): void => {
      const { hash } = new URL(newURL)
      if (!hash.startsWith('#token=')) return
      first = enter(hash)
      void look()
    }
    // Signed in or out in another tab of this browser.
    const elsewhere = (event: StorageEvent): void => {
      if (event.key === 'dragoman-session') session.found(event.newValue !== null)
    }
    window.addEventListener('hashchange', pasted)
    window.addEventListener('storage', elsewhere)
    return () => {
      window.removeEventListener('hashchange', pasted)
      window.removeEventListener('storage', elsewhere)
    }
  }, [])
  const [offer, setOffer] = useState(() => localStorage.getItem(OFFERED) === null)
  if (signedIn === undefined || (signedIn && way === undefined)) {
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    )
  }
  if (signedIn && !(way === 'link' && offer)) return <>{children}</>
  return (
    <Suspense fallback={null}>
      {signedIn ? (
        <OfferPassword
          onDone={() => {
            localStorage.setItem(OFFERED, 'yes')
            setOffer(false)
          }}
        />
      ) : (
        <SignIn badLink={way === 'bad link'} />
      )}
    </Suspense>
  )
}
