import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESKTOP, hasChromium, openBrowserHouse, PHONE, type BrowserHouse } from './browser.js'

const PASSWORD = 'correct horse battery'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 0 })
  })
  afterAll(() => house.close())

  /** Whatever page it is that comes first. */
  const inside = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true })
  const link = () => `${house.url}/#token=${house.gateway.sessions.makeLink().token}`

  describe('the way in', () => {
    test('without a password is a link, which is offered a password and signs in again with it', async () => {
      const { page, problems, axe, overflow, close } = await house.visit({ signedIn: false })
      await page.getByText('npx dragoman open').waitFor()
      expect(await page.getByLabel('Password').count()).toBe(0)
      expect(await axe()).toEqual([])

      // A link that is pasted into the page; the first one is no good.
      await page.getByLabel('Or paste the link here').fill(`${house.url}/#token=${'x'.repeat(43)}`)
      await page.getByRole('button', { name: 'Use the link' }).click()
      await page.getByText('This link was used already').waitFor()
      await page.getByLabel('Or paste the link here').fill(link())
      await page.getByRole('button', { name: 'Use the link' }).click()
      await inside(page).waitFor()

      // One in the address of the open page.
      await page.goto(link())
      await page.getByRole('heading', { name: 'Welcome in' }).waitFor()
      expect(await axe()).toEqual([])
      expect(await overflow()).toBe(0)
      expect(page.url()).not.toContain('token')
      await page.getByLabel('New password').fill('short')
      await page.getByRole('button', { name: 'Set the password' }).click()
      await page.getByText('Use at least 8 characters.', { exact: true }).waitFor()
      await page.getByLabel('New password').fill('password2026')
      await page.getByLabel('The same once more').fill('password2026')
      await page.getByRole('button', { name: 'Set the password' }).click()
      await page.getByText('first that anybody tries').waitFor()
      await page.getByLabel('New password').fill(PASSWORD)
      await page.getByLabel('The same once more').fill(PASSWORD)
      await page.getByRole('button', { name: 'Set the password' }).click()
      await inside(page).waitFor()

      await inside(page).click()
      await page.getByLabel('Password', { exact: true }).fill('wrong')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByText('This password is not right.').waitFor()
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.keyboard.press('Enter')
      await inside(page).waitFor()
      // What was refused on the way, the browser tells on its own.
      expect(problems.filter((problem) => !/status of 40[01]/.test(problem))).toEqual([])
      await close()
    })

    test.each([
      ['en', 'dark', DESKTOP],
      ['zh-CN', 'light', { ...PHONE, width: 360 }],
    ] as const)('is clean in %s, %s', async (language, theme, size) => {
      const visit = await house.visit({ language, theme, size, signedIn: false })
      await visit.page.getByRole('button', { name: /Sign in|登录/, exact: true }).waitFor()
      await visit.page.getByRole('button', { name: /forgotten|忘记密码/ }).click()
      await visit.page.getByText('npx dragoman open').waitFor()
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      await visit.page.getByRole('button', { name: /Language|语言/ }).click()
      await visit.page.getByRole('menuitem', { name: language === 'en' ? '简体中文' : 'English' }).click()
      await visit.page
        .getByRole('heading', { name: language === 'en' ? '登录 Dragoman' : 'Sign in to Dragoman' })
        .waitFor()
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('tells whoever guesses how long to wait, and lets a link in meanwhile', async () => {
      const { page, close } = await house.visit({ signedIn: false })
      for (let n = 0; n < 5; n++) {
        const answered = page.waitForResponse(/dashboard-login/)
        await page.getByLabel('Password', { exact: true }).fill(`guess ${n}`)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        if ((await answered).status() === 429) break
        if (await page.getByText(/Too many wrong tries/).isVisible()) break
        await page.getByText('This password is not right.').waitFor()
      }
      await page.getByText(/Too many wrong tries. You can go on in \d+ s/).waitFor()
      expect(await page.getByRole('button', { name: /Wait \d+ s/ }).isDisabled()).toBe(true)
      await page.goto(link())
      await inside(page).waitFor()
      await close()
    })

    test('who is signed in and what was done is told in the settings, and a new password asks who it is', async () => {
      const other = await house.visit({ size: PHONE })
      const visit = await house.visit({ path: '/settings?s=access' })
      const { page } = visit
      await page.getByText('this browser', { exact: true }).waitFor()
      await page.getByText('POST /auth/dashboard-link').first().waitFor()
      expect(await visit.axe()).toEqual([])
      const rows = page.getByRole('button', { name: /^Sign out Chrome on / })
      const before = await rows.count()
      expect(before).toBeGreaterThan(1)
      await rows.last().click()
      await expect.poll(() => rows.count()).toBe(before - 1)

      const { store, sessions } = house.gateway
      for (const { id } of sessions.list()) await store.adminSessions.fresh(id, Date.now() - 1)
      await sessions.reload()
      await page.getByLabel('New password').fill(`${PASSWORD} staple`)
      await page.getByLabel('The same once more').fill(`${PASSWORD} staple`)
      await page.getByRole('button', { name: 'Change the password' }).click()
      const dialog = page.getByRole('dialog', { name: 'Is it you?' })
      await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
      expect(await visit.axe()).toEqual([])
      await dialog.getByRole('button', { name: 'Confirm' }).click()
      await page.getByText(/^The password is set/).waitFor()
      await page.getByText('Nobody else is signed in.').waitFor()
      await page.getByText('PUT /admin/password').first().waitFor()
      expect(visit.problems.filter((problem) => !/status of 403/.test(problem))).toEqual([])
      await other.page.getByRole('heading', { name: 'Sign in to Dragoman' }).waitFor()
      await other.close()
      await visit.close()
    })

    test('a session that is ended elsewhere leads back to it', async () => {
      const { page, close } = await house.visit()
      const { sessions } = house.gateway
      for (const { id } of sessions.list()) await sessions.end(id)
      await page.getByRole('heading', { name: 'Sign in to Dragoman' }).waitFor()
      await close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
