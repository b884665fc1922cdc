import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBusyHouse } from './busy-house.js'
import { DESKTOP, type BrowserHouse, type Look, type Visit } from './browser.js'

/** `npm run pictures` writes the pictures of the docs with the same visits. */
const PICTURES =
  process.env['DRAGOMAN_PICTURES'] === '1'
    ? fileURLToPath(new URL('../../docs/images/', import.meta.url))
    : process.env['DRAGOMAN_PICTURES']

const PAGES = [
  'overview',
  'welcome',
  'accounts',
  'api-keys',
  'models',
  'client-keys',
  'proxies',
  'usage',
  'requests',
  'events',
  'connect',
  'playground',
  'settings',
]

/** Both languages, both themes, the narrowest and the widest window. */
const ALL_LOOKS: readonly (Required<Pick<Look, 'language' | 'theme' | 'size'>> & { name: string })[] = [
  { name: 'en', language: 'en', theme: 'light', size: DESKTOP },
  { name: 'zh-CN', language: 'zh-CN', theme: 'dark', size: DESKTOP },
  { name: 'phone', language: 'zh-CN', theme: 'dark', size: { width: 360, height: 780 } },
  { name: 'wide', language: 'en', theme: 'dark', size: { width: 2560, height: 1300 } },
]

/** One look of each kind is enough for every day; `DRAGOMAN_FULL=1` and the pictures see all. */
const LOOKS =
  PICTURES !== undefined || process.env['DRAGOMAN_FULL'] === '1'
    ? ALL_LOOKS
    : ALL_LOOKS.filter(({ name }) => name === 'en' || name === 'phone')

let house: BrowserHouse
beforeAll(async () => {
  house = await openBusyHouse()
  if (PICTURES !== undefined) await mkdir(PICTURES, { recursive: true })
}, 60_000)
afterAll(() => house.close())

/** Texts that end where their box does, and should not. */
function cutTexts({ page }: Visit): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, label, h1, h2, h3, th, [role=tab]')]
      .filter((element) => {
        const { overflowX, textOverflow } = getComputedStyle(element)
        return overflowX === 'hidden' && textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 2
      })
      .map((element) => `${element.tagName}: ${element.textContent}`),
  )
}

/** What is read of the gateway is there: no skeleton is left. */
async function settled({ page }: Visit): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null)
}

describe.each(LOOKS)('every page in $language, $theme, $size.width px', ({ name, language, theme, size }) => {
  let visit: Visit
  beforeAll(async () => {
    visit = await house.visit({ language, theme, size, path: '/' })
  })
  afterAll(() => visit.close())

  test.each(PAGES)('%s', async (path) => {
    const { page } = visit
    await page.evaluate((to) => void (location.hash = to), path === 'overview' ? '/' : `/${path}`)
    await settled(visit)
    expect(await visit.axe()).toEqual([])
    expect(await visit.overflow()).toBe(0)
    expect(await cutTexts(visit)).toEqual([])
    expect(visit.problems).toEqual([])
    if (PICTURES !== undefined && (name === 'en' || name === 'zh-CN')) {
      await page.evaluate(() => {
        window.scrollTo(0, 0)
        // A picture shows where a file lies for people, not for this test.
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
          node.nodeValue = (node.nodeValue ?? '').replaceAll(/\/\S*dragoman-house-\w+/g, '~/.dragoman')
        }
      })
      await page.screenshot({ path: `${PICTURES}/${path}.${name}.png`, fullPage: false })
    }
  })
})
