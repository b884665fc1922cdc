import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openBrowserHouse, type BrowserHouse, inFull } from './browser.js'
import { seedUsage } from './seed-usage.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 2 })
    await house.gateway.store.clientKeys.create({ name: '=laptop()' })
    await seedUsage(house, 5)
  })
  afterAll(() => house.close())

  describe('usage', () => {
    test('is split by anything, and all of it stands in the address', async () => {
      const { page, problems, close } = await house.visit({ path: '/usage?range=7d' })
      await page.getByRole('img', { name: 'Requests over time' }).locator('canvas').waitFor()
      expect(await page.getByRole('button', { name: '7 d' }).getAttribute('aria-pressed')).toBe('true')
      const rows = page.getByRole('table').first().locator('tbody tr')
      await rows.filter({ hasText: 'codex:gpt-5.5' }).waitFor()

      await page.getByRole('combobox', { name: 'Split by' }).click()
      await page.getByRole('option', { name: 'Client program' }).click()
      await rows.filter({ hasText: 'Claude Code' }).waitFor()
      await page.getByRole('combobox', { name: 'Show' }).click()
      await page.getByRole('option', { name: 'Cost at API prices' }).click()
      await page.getByRole('img', { name: 'Cost at API prices over time' }).waitFor()
      expect(page.url()).toMatch(/#\/usage\?range=7d&by=client&metric=cost$/)

      // One alone, and by what it was served.
      await page.getByRole('button', { name: 'Only opencode' }).click()
      await page.getByRole('group', { name: 'Filters' }).getByText('Client program: opencode').waitFor()
      await page.getByRole('combobox', { name: 'Split by' }).click()
      await page.getByRole('option', { name: 'Model' }).click()
      await rows.filter({ hasText: 'codex:gpt-5.6-sol' }).waitFor()
      expect(await rows.count()).toBe(1)
      await page.reload()
      await rows.filter({ hasText: 'codex:gpt-5.6-sol' }).waitFor()
      await page.getByRole('button', { name: /^Remove the filter/ }).click()
      await rows.filter({ hasText: 'openai:gpt-4.1' }).waitFor()
      expect(problems).toEqual([])
      await close()
    })

    test('is a table for whoever wants numbers: sorted, without some lines, and for a spreadsheet', async () => {
      const { page, problems, close } = await house.visit({ path: '/usage?range=7d&by=client_key&metric=tokens' })
      const lines = page.getByRole('group', { name: 'Lines' }).getByRole('button')
      await lines.first().waitFor()
      await lines.first().click()
      expect(await lines.first().getAttribute('aria-pressed')).toBe('false')

      await page.getByRole('button', { name: 'Requests', exact: true }).last().click()
      const header = page.getByRole('columnheader', { name: 'Requests' })
      expect(await header.getAttribute('aria-sort')).toBe('descending')
      await header.getByRole('button').click()
      expect(await header.getAttribute('aria-sort')).toBe('ascending')

      await page.getByRole('button', { name: 'CSV' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'The table' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('usage-client-keys.csv')
      const text = await readFile(await download.path(), 'utf8')
      expect(text).toMatch(/^group,name,input_tokens,/)
      expect(text).toContain("'=laptop()")
      expect(problems).toEqual([])
      await close()
    })

    test('of a time in which nothing was says so', async () => {
      const { page, problems, close } = await house.visit({ path: '/usage?from=1000000000000&to=1000100000000' })
      await page.getByText('Nothing was used in this time').waitFor()
      expect(problems).toEqual([])
      await close()
    })

    test.each(
      inFull([
        ['en', 'light', '/usage?range=7d', { width: 1280, height: 900 }],
        ['zh-CN', 'dark', '/usage?range=24h&by=account&metric=hit', { width: 360, height: 800 }],
      ] as const),
    )('is clean in %s, %s', async (language, theme, path, size) => {
      const visit = await house.visit({ language, theme, path, size })
      await visit.page.locator('canvas').waitFor()
      await visit.page.getByRole('table').nth(1).waitFor()
      expect(await visit.overflow()).toBe(0)
      expect(await visit.axe()).toEqual([])
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
