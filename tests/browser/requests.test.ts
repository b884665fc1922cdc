import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DESKTOP, hasChromium, openBrowserHouse, type BrowserHouse, type Visit, inFull } from './browser.js'

const SHOTS = process.env['SHOTS'] === '1'
const SOON = { timeout: 8_000 }
const PHONE = { width: 360, height: 780 }
let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 2, config: { requests: { capture_bodies: true } } })
    await ask({ temperature: 0.3, messages: [{ role: 'user', content: 'what stands in the bodies' }] })
    await ask({ stream: true })
    await ask({ model: 'no-such-model' })
    house.simulator.script({ at: 'responses', fault: { type: 'status', name: 'rate_limited' }, times: 1 })
    await ask({})
  })
  afterAll(() => house.close())

  const ask = async (body: object): Promise<void> => {
    const answer = await house.post('/v1/chat/completions', {
      model: 'gpt-5.5',
      messages: [{ role: 'user', content: 'hello' }],
      ...body,
    })
    await answer.text()
  }
  const rows = ({ page }: Visit) => page.getByRole('table', { name: /Requests|请求/ }).getByRole('row')

  test.each(
    inFull([
      ['en', 'light', DESKTOP, '/requests'],
      ['zh-CN', 'dark', PHONE, '/requests'],
      ['zh-CN', 'light', PHONE, '/requests?tab=errors'],
      ['en', 'dark', DESKTOP, '/requests?tab=errors'],
    ] as const),
  )(
    'is clean in %s, %s',
    async (language, theme, size, path) => {
      const visit = await house.visit({ path, language, theme, size })
      await (path.includes('errors')
        ? visit.page.getByRole('heading', { level: 2 }).first().waitFor()
        : rows(visit).nth(1).waitFor())
      if (SHOTS)
        await visit.page.screenshot({ path: `/tmp/shot-requests-${theme}-${path.length}.png`, fullPage: false })
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      if (!path.includes('errors')) {
        await rows(visit).nth(1).getByRole('link').click()
        await visit.page.getByRole('dialog').getByRole('heading', { level: 2 }).first().waitFor()
        await visit.page.locator('pre').first().waitFor()
        if (SHOTS) await visit.page.screenshot({ path: `/tmp/shot-request-${theme}.png` })
        expect(await visit.axe()).toEqual([])
        expect(await visit.overflow()).toBe(0)
      }
      expect(visit.problems).toEqual([])
      await visit.close()
    },
    60_000,
  )

  describe('the page of requests', () => {
    let visit: Visit
    beforeEach(async () => {
      visit = await house.visit({ path: '/requests' })
      await rows(visit).nth(1).waitFor()
    })
    const done = async () => {
      expect(visit.problems).toEqual([])
      await visit.close()
    }

    test('shows a request the moment it ends, and sums over all of them', async () => {
      const { page } = visit
      await expect.poll(() => rows(visit).count(), SOON).toBe(5)
      const card = page.getByRole('group', { name: /everything that fits/ })
      expect(await card.getByText('4', { exact: true }).count()).toBe(1)
      await ask({ model: 'gpt-5.4' })
      await rows(visit).filter({ hasText: 'gpt-5.4' }).waitFor()
      await card.getByText('5', { exact: true }).waitFor()
      await done()
    })

    test('filters and searches in the whole log; the address says what is shown', async () => {
      const { page } = visit
      await page.getByRole('textbox', { name: /Search models/ }).fill('no-such')
      await expect.poll(() => rows(visit).count(), SOON).toBe(2)
      expect(page.url()).toContain('search=no-such')
      await page.getByRole('textbox', { name: /Search models/ }).fill('nothing like it')
      await page.getByText('No kept request fits').waitFor()
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByRole('combobox', { name: 'Status' }).click()
      await page.getByRole('option', { name: 'Failed', exact: true }).click()
      await expect.poll(() => rows(visit).count(), SOON).toBe(2)
      await done()
    })

    test('a request opens to its timeline, route, notes and bodies, and can be asked again', async () => {
      const { page } = visit
      await page.getByRole('textbox', { name: /Search models/ }).fill('/temperature')
      await expect.poll(() => rows(visit).count(), SOON).toBe(2)
      await rows(visit).nth(1).getByRole('link').click()
      const drawer = page.getByRole('dialog', { name: 'Request' })
      await drawer.getByText('Where its time went').waitFor()
      await drawer.getByText('Attempt 1: person').first().waitFor()
      await drawer.getByRole('cell', { name: '/temperature' }).waitFor()
      await drawer.getByText('what stands in the bodies').first().waitFor()
      await drawer.getByText('Reply', { exact: true }).click()
      await drawer.getByText('"choices"').waitFor()
      expect(await drawer.locator('code').innerText()).toContain("curl '")
      await drawer.getByRole('button', { name: 'Ask again' }).click()
      await drawer.getByText(/Answered with 200/).waitFor()
      await drawer.getByRole('button', { name: 'Open the new request' }).click()
      await drawer.getByText('playground').first().waitFor()
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'hidden' })
      await done()
    })

    test('errors stand together, unread until somebody says so', async () => {
      const { page } = visit
      await page.getByRole('tab', { name: /Errors/ }).click()
      await page.getByRole('heading', { name: 'No such model' }).waitFor()
      await page.getByRole('button', { name: 'Show the last ones' }).first().click()
      await page.getByRole('button', { name: 'Open the request' }).first().click()
      await page.getByRole('dialog', { name: 'Request' }).getByText('What you can do').waitFor()
      await page.getByRole('button', { name: 'Close the request' }).click()
      await page.getByRole('button', { name: 'Mark all as read' }).click()
      await expect.poll(() => page.getByLabel(/unread error/).count(), SOON).toBe(0)
      await done()
    })

    test('under fifty requests a second it stays usable, holds still for a reader, and loses none', async () => {
      const { page } = visit
      const before = (await house.gateway.store.requestLog.totals({})).requests
      const load = async (seconds: number): Promise<void> => {
        const asked: Promise<unknown>[] = []
        for (let n = 0; n < seconds * 50; n++) {
          asked.push(
            fetch(`${house.url}/v1/chat/completions`, {
              method: 'POST',
              headers: { authorization: `Bearer ${house.gateway.demoKey}`, 'content-type': 'application/json' },
              body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: `turn ${n}` }] }),
            }).then((answer) => answer.text()),
          )
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        await Promise.all(asked)
      }
      const first = load(2)
      await rows(visit).filter({ hasText: 'demo' }).first().waitFor()
      // Open and close a menu in the middle of it.
      await page.getByRole('button', { name: 'What is kept' }).click()
      await page.getByRole('switch', { name: 'Pause keeping' }).waitFor()
      await page.keyboard.press('Escape')
      await first
      // Only what is seen is drawn.
      expect(await rows(visit).count()).toBeLessThan(60)
      await page.mouse.wheel(0, 1500)
      await expect.poll(() => page.evaluate(() => window.scrollY), SOON).toBeGreaterThan(500)
      const second = load(1)
      await page.getByRole('button', { name: /^\d+ new$/ }).waitFor()
      const [top] = await page.evaluate(() => [window.scrollY])
      await second
      expect(await page.evaluate(() => window.scrollY)).toBe(top)
      await expect.poll(() => page.getByRole('button', { name: /^\d+ new$/ }).innerText(), SOON).toMatch(/^50 new$/)
      await page.getByRole('button', { name: '50 new' }).click()
      await expect.poll(() => page.evaluate(() => window.scrollY), SOON).toBe(0)
      expect((await house.gateway.store.requestLog.totals({})).requests).toBeGreaterThan(before)
      const total = String(before + 150)
      await page
        .getByRole('group', { name: /everything that fits/ })
        .getByText(total, { exact: true })
        .waitFor()
      await done()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
