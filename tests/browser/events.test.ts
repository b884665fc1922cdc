import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESKTOP, hasChromium, openBrowserHouse, type BrowserHouse, inFull } from './browser.js'

const PHONE = { width: 360, height: 780 }
const SHOTS = process.env['SHOTS'] === '1'
let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse()
    const { notices, accounts } = house.gateway
    const accountId = accounts.list()[0]?.id ?? ''
    notices.tell({ type: 'proxy_down', data: { proxy: 'home', reason: 'Connection refused.' } })
    notices.tell({ type: 'login_needed', accountId, data: {} })
    notices.tell({
      type: 'fallback_used',
      data: { from: 'codex:gpt-5.5', to: 'openai:gpt-5.5', why: 'quota', requestId: 'req_1' },
    })
    notices.tell({
      type: 'quota_warning',
      accountId,
      data: { limit: 'codex', slot: 'primary', usedPercent: 85, threshold: 80 },
    })
    notices.tell({ type: 'configuration', data: { outcome: 'refused', problem: '<img src=x onerror=alert(1)>' } })
  })
  afterAll(() => house.close())

  describe('the page of events', () => {
    test('tells what happens as it happens, by level, by kind and by words', async () => {
      const { page, problems, close } = await house.visit({ path: '/events' })
      await page.getByText('Proxy home does not work').waitFor()
      await page.getByText('<img src=x onerror=alert(1)>').waitFor()
      house.gateway.notices.tell({ type: 'proxy_down', data: { proxy: 'office', reason: 'Timeout.' } })
      await page.getByText('Proxy office does not work').waitFor()

      await page.getByRole('combobox', { name: 'Level' }).click()
      await page.getByRole('option', { name: 'Only critical' }).click()
      await page.getByText('Proxy home').waitFor({ state: 'hidden' })
      await page.getByText('needs a new login').waitFor()
      await page.getByRole('textbox', { name: 'Search events' }).fill('nothing like it')
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByRole('textbox', { name: 'Search events' }).fill('office')
      await page.getByText('Proxy home').waitFor({ state: 'hidden' })
      expect(problems).toEqual([])
      await close()
    })

    test('gives them as a file, and forgets them when told twice', async () => {
      const { page, problems, close } = await house.visit({ path: '/events' })
      await page.getByText('Proxy home does not work').waitFor()
      await page.getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: /CSV/ }).click(),
      ])
      const lines = (await readFile(await download.path(), 'utf8')).split('\r\n')
      expect(lines[0]).toBe('time,level,type,account,api_key,client_key,sentence')
      expect(lines.some((line) => line.includes('Proxy home does not work'))).toBe(true)
      expect(problems).toEqual([])
      await close()
    })

    test.each(
      inFull([
        ['en', 'light', DESKTOP],
        ['zh-CN', 'dark', PHONE],
      ] as const),
    )('is clean in %s, %s', async (language, theme, size) => {
      const visit = await house.visit({ path: '/events', language, theme, size })
      await visit.page.getByText(language === 'en' ? 'Proxy home does not work' : '代理 home 无法使用').waitFor()
      if (SHOTS) await visit.page.screenshot({ path: `/tmp/shot-events-${theme}.png` })
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('clears them once asked', async () => {
      const { page, problems, close } = await house.visit({ path: '/events' })
      await page.getByText('Proxy home does not work').waitFor()
      await page.getByRole('button', { name: 'Clear…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Clear', exact: true }).click()
      await page.getByText('Nothing has happened yet').waitFor()
      expect(await house.gateway.notices.list()).toEqual([])
      expect(problems).toEqual([])
      await close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
