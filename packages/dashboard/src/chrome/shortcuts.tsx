import { Kbd, Modal, Table } from '@mantine/core'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useCommon } from '../i18n/index.js'
import { PAGES, type PageName } from '../pages/index.js'

const Palette = lazy(() => import('./palette.js'))

/** `g`, then this: there. */
const LETTERS: Partial<Record<string, PageName>> = {
  o: 'overview',
  a: 'accounts',
  p: 'providers',
  m: 'models',
  k: 'keys',
  x: 'proxies',
  u: 'usage',
  r: 'requests',
  e: 'events',
  c: 'connect',
  t: 'playground',
  s: 'settings',
}
/** How long a `g` waits for its letter. */
const WAIT_MS = 1_500

/** The keys that work everywhere, the palette, and the list of both. */
export function Shortcuts() {
  const { t } = useCommon()
  const [, go] = useLocation()
  const [help, setHelp] = useState(false)
  const [wanted, setWanted] = useState(false)

  useEffect(() => {
    let goneAt = -Infinity
    const openPalette = (): void => {
      setWanted(true)
      // The palette is fetched when it is first wanted.
      void import('@mantine/spotlight').then(({ spotlight }) => setTimeout(() => spotlight.open()))
    }
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        return openPalette()
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '/') {
        event.preventDefault()
        return openPalette()
      }
      if (event.key === '?') return setHelp(true)
      if (event.key === 'g') return void (goneAt = event.timeStamp)
      const name = LETTERS[event.key]
      const page = PAGES.find((one) => one.name === name)
      if (page !== undefined && event.timeStamp - goneAt < WAIT_MS) go(page.path)
      goneAt = -Infinity
    }
    const onWish = (): void => openPalette()
    window.addEventListener('keydown', onKey)
    window.addEventListener(PALETTE_WISHED, onWish)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener(PALETTE_WISHED, onWish)
    }
  }, [go])

  const rows: [string[], string][] = [
    [['Ctrl', 'K'], t('shell.search')],
    [['/'], t('shell.search')],
    [['?'], t('shell.shortcuts')],
    ...Object.entries(LETTERS).map(([letter, name]): [string[], string] => [
      ['g', letter],
      name === undefined ? '' : t(`nav.${name}`),
    ]),
  ]
  return (
    <>
      {wanted ? (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      ) : null}
      <Modal
        opened={help}
        onClose={() => setHelp(false)}
        title={t('shell.shortcuts')}
        closeButtonProps={{ 'aria-label': t('act.close') }}
      >
        <Table>
          <Table.Tbody>
            {rows.map(([keys, what]) => (
              <Table.Tr key={keys.join('+')}>
                <Table.Td>
                  {keys.map((key) => (
                    <Kbd key={key} mr={4}>
                      {key}
                    </Kbd>
                  ))}
                </Table.Td>
                <Table.Td>{what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  )
}

const PALETTE_WISHED = 'dragoman-palette'

/** Opens the palette from anywhere. */
export function wishPalette(): void {
  window.dispatchEvent(new Event(PALETTE_WISHED))
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}
