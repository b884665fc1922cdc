import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { findChromium } from '../../scripts/chromium.mjs'
import { openHouse, type House, type HouseOptions } from '../house.js'

/** Where the pages lie: what `npm run build` made, or another build (`node scripts/build.mjs --dashboard-to folder`). */
const DASHBOARD =
  process.env['DRAGOMAN_TEST_DASHBOARD'] ?? fileURLToPath(new URL('../../packages/dashboard/dist', import.meta.url))

const CHROMIUM = findChromium()
/** Without a Chromium these tests are left out (vitest.config.ts), and `npm test` says so. */
export const hasChromium = CHROMIUM !== undefined

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const PHONE = { width: 390, height: 844 }
export const DESKTOP = { width: 1280, height: 900 }

/**
 * What pages.test.ts sees of every page anyway is looked at once more, page by page, only in the long form:
 * `DRAGOMAN_FULL=1 npm test -- tests/browser`.
 */
export function inFull<Row>(rows: readonly Row[]): readonly Row[] {
  return process.env['DRAGOMAN_FULL'] === '1' ? rows : []
}

export interface Look {
  /** `/accounts` */
  path?: string
  language?: 'en' | 'zh-CN'
  theme?: 'light' | 'dark'
  size?: { width: number; height: number }
  /** Default: signed in. */
  signedIn?: boolean
  /** Whoever comes to a gateway that has nothing yet is led to the introduction. Default: it was seen before. */
  firstVisit?: boolean
}

/** A page over the real gateway. */
export interface Visit {
  page: Page
  /** What went wrong in it: errors, breaches of the policy, dialogs. A test ends with `expect(visit.problems).toEqual([])`. */
  problems: string[]
  /** Violations that axe finds now, one line each. */
  axe(): Promise<string[]>
  /** How many pixels wider the page is than its window; 0 when it fits. */
  overflow(): Promise<number>
  close(): Promise<void>
}

export interface BrowserHouse extends House {
  browser: Browser
  visit(look?: Look): Promise<Visit>
}

/** The real gateway with its pages, and a browser of its own. */
export async function openBrowserHouse(options: HouseOptions = {}): Promise<BrowserHouse> {
  if (!existsSync(`${DASHBOARD}/files.json`)) throw new Error('the dashboard is not built; run npm run build')
  const house = await openHouse({ ...options, dashboard: DASHBOARD })
  const browser = await chromium.launch({
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return Object.assign(house, {
    browser,
    visit: (look: Look = {}) => visit(house, browser, look),
    close: closing(house.close, browser),
  })
}

/** The house's own way to close is kept: this one takes its place. */
function closing(closeHouse: House['close'], browser: Browser): House['close'] {
  return async () => {
    await browser.close()
    await closeHouse()
  }
}

async function visit(house: House, browser: Browser, look: Look): Promise<Visit> {
  const { path = '/', language = 'en', theme = 'light', size = DESKTOP, signedIn = true, firstVisit = false } = look
  const context = await browser.newContext({
    viewport: size,
    locale: language,
    timezoneId: 'UTC',
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  if (signedIn) {
    // Whoever comes by a link is asked once whether to set a password; see sign-in.test.ts.
    await page.addInitScript(() => localStorage.setItem('dragoman-password-offered', 'yes'))
    if (!firstVisit) await page.addInitScript(() => localStorage.setItem('dragoman-welcomed', 'yes'))
    const { token } = house.gateway.sessions.makeLink()
    await page.goto(`${house.url}/#token=${token}`)
    await page.getByRole('navigation').first().waitFor({ state: 'attached' })
    if (!firstVisit) await page.evaluate((to) => void (location.hash = to), path)
  } else await page.goto(`${house.url}/#${path}`)
  return {
    page,
    problems,
    async axe() {
      await page.evaluate(AXE)
      return page.evaluate(async () => {
        interface Found {
          violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[]
        }
        const axe = Reflect.get(window, 'axe') as { run(): Promise<Found> }
        const { violations } = await axe.run()
        return violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${id}: ${node.target.join(' ')} – ${(node.failureSummary ?? '').replaceAll('\n', ' ')}`),
        )
      })
    },
    overflow: () =>
      page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)),
    close: () => context.close(),
  }
}

/** What a button copies. The pages forbid themselves to read the clipboard, so what they write is listened to. */
export async function whatIsCopied({ page }: Visit, button: Locator): Promise<string> {
  await page.evaluate(() => {
    navigator.clipboard.writeText = (text) => {
      Reflect.set(window, 'copied', text)
      return Promise.resolve()
    }
  })
  await button.click()
  return page.evaluate(() => String(Reflect.get(window, 'copied')))
}
