import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey } from '../house.js'
import { hasChromium, openBrowserHouse, type BrowserHouse } from './browser.js'
import { seedUsage } from './seed-usage.js'

let house: BrowserHouse
const say = (model: string) =>
  house.openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello' }] })

if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 0 })
  })
  afterAll(() => house.close())

  describe('the overview', () => {
    test('of a gateway that nobody can answer for yet leads to where it begins', async () => {
      const { page, problems, close } = await house.visit()
      await page.getByRole('link', { name: 'Begin here' }).click()
      expect(page.url()).toContain('#/welcome')
      expect(problems).toEqual([])
      await close()
    })

    test('tells how it goes, as it goes', async () => {
      await addKey(house, { vendor: 'openai', models: ['gpt-4.1'], label: 'paid' })
      await seedUsage(house, 2)
      const { page, problems, close } = await house.visit()
      const number = (name: string) => page.getByRole('link').filter({ hasText: name })
      await number('Failures').getByText('0 of 0 in the last hour').waitFor()
      await say('openai:gpt-4.1')
      await say('no-such-model').catch(() => undefined)
      // Nobody asked for it: the page is told.
      await number('Failures').getByText('1 of 2 in the last hour').waitFor()
      expect(await number('Today at API prices').textContent()).toMatch(/\$\d+\.\d\d/)
      await page.getByRole('img', { name: 'Requests of each minute of the last hour' }).locator('canvas').waitFor()
      await page
        .getByRole('radiogroup', { name: 'Requests of each minute' })
        .getByText('As a table')
        .click({ force: true })
      expect(await page.getByRole('table').getByRole('columnheader').allTextContents()).toEqual([
        'Time',
        'Answered',
        'Failed',
      ])
      await number('Failures').click()
      expect(page.url()).toContain('#/requests?')
      expect(problems).toEqual([])
      await close()
    })

    test('tells which windows are full, when they begin anew, and what happened', async () => {
      house.gateway.notices.tell({ type: 'proxy_down', data: { proxy: '<img src=x onerror=alert(1)>', reason: 'x' } })
      const visit = await house.visit({ language: 'zh-CN', theme: 'dark', size: { width: 360, height: 800 } })
      await visit.page.getByText('<img src=x onerror=alert(1)>').waitFor()
      await visit.page.locator('canvas').waitFor()
      expect(await visit.overflow()).toBe(0)
      expect(await visit.axe()).toEqual([])
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
