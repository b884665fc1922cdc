import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESKTOP, hasChromium, openBrowserHouse, PHONE, type BrowserHouse } from './browser.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse()
  })
  afterAll(() => house.close())

  describe('the frame of every page', () => {
    test('a one-time link signs in once, and leaves nothing in the address', async () => {
      const { page, problems, close } = await house.visit()
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      expect(page.url()).not.toContain('token')
      expect(problems).toEqual([])
      await close()
    })

    test.each([
      ['en', 'light', DESKTOP],
      ['zh-CN', 'dark', PHONE],
    ] as const)('is clean in %s, %s', async (language, theme, size) => {
      const visit = await house.visit({ language, theme, size })
      await visit.page.getByRole('heading', { level: 1 }).waitFor()
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
