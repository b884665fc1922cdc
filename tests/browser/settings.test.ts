import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESKTOP, hasChromium, openBrowserHouse, type BrowserHouse, inFull } from './browser.js'

const CANARY = 'canary-hook-path-0123456789'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({
      env: { DRAGOMAN_QUOTA_PROBE_MINUTES: '7' },
      config: { notices: { webhook_url: `https://hooks.example.com/${CANARY}` } },
    })
  })
  afterAll(() => house.close())

  const file = (): string => readFileSync(join(house.home, 'config.yaml'), 'utf8')
  const row = (path: string) => `[data-setting="${path}"]`

  describe('the settings', () => {
    test('a change is in force at once and in config.yaml, comments kept; it is undone, and set back', async () => {
      writeFileSync(join(house.home, 'config.yaml'), file().replace('accounts:', 'accounts: # mine'))
      const { page, problems, close } = await house.visit({ path: '/settings?s=accounts' })
      await page.getByRole('combobox', { name: /How a new conversation gets its account/ }).click()
      await page.getByRole('option', { name: 'round_robin' }).click()
      await page.getByText('accounts.strategy is saved.').waitFor()
      expect(house.configFile.current().config.accounts.strategy).toBe('round_robin')
      expect(file()).toContain('accounts: # mine\n')
      expect(file()).toContain('strategy: round_robin\n')
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('accounts.strategy is as it was.').waitFor()
      expect(file()).not.toContain('strategy:')

      const places = page.getByLabel(/Requests that one account may have open/)
      await places.fill('5')
      await places.press('Enter')
      await page.getByText('accounts.max_concurrent_per_account is saved.').waitFor()
      expect(house.configFile.current().config.accounts.max_concurrent_per_account).toBe(5)
      await page.getByRole('button', { name: 'Set accounts.max_concurrent_per_account back to its default' }).click()
      await page.getByText('accounts.max_concurrent_per_account is back at its default.').waitFor()
      expect(house.configFile.current().config.accounts.max_concurrent_per_account).toBe(16)
      expect(problems).toEqual([])
      await close()
    })

    test('a value that does not fit says so at its control, and nothing is written', async () => {
      const { page, problems, close } = await house.visit({ path: '/settings?s=quota' })
      const before = file()
      const minutes = page.getByLabel(/How often the usage of accounts/)
      await minutes.fill('99999')
      await minutes.press('Enter')
      await page
        .locator(row('quota.refresh_minutes'))
        .getByText(/expected number/)
        .waitFor()
      expect(file()).toBe(before)
      expect(problems.filter((one) => !one.includes('400'))).toEqual([])
      await close()
    })

    test('what the environment sets is locked, what is read at the start says so, and secrets stand as dots', async () => {
      const { page, close } = await house.visit({ path: '/settings?s=quota' })
      await page.getByText(/environment variable DRAGOMAN_QUOTA_PROBE_MINUTES/).waitFor()
      expect(await page.getByLabel(/whether an exhausted account has quota/).isDisabled()).toBe(true)
      await page.evaluate(() => void (location.hash = '/settings?q=max_connections'))
      const most = page.getByLabel(/Open connections at one time/)
      await most.fill('500')
      await most.press('Enter')
      await page.getByText('1 setting waits for a restart').waitFor()
      await page.evaluate(() => void (location.hash = '/settings?s=notices'))
      await page.getByPlaceholder(/hooks\.example\.com\/••••/).waitFor()
      expect(await page.content()).not.toContain(CANARY)
      await close()
    })

    test('maps and lists have editors of their own', async () => {
      const { page, close } = await house.visit({ path: '/settings?q=model.aliases' })
      const editor = page.locator(row('model.aliases'))
      await editor.getByRole('button', { name: 'Add an entry' }).click()
      await editor.getByRole('textbox', { name: 'Name' }).fill('smart')
      await editor.getByLabel('Value: smart').fill('gpt-5.5-high')
      await editor.getByRole('button', { name: 'Save model.aliases' }).click()
      await page.getByText('model.aliases is saved.').waitFor()
      expect(house.configFile.current().config.model.aliases).toEqual({ smart: 'gpt-5.5-high' })
      await close()
    })

    test('are found by Chinese words', async () => {
      const { page, problems, close } = await house.visit({ path: '/settings', language: 'zh-CN' })
      await page.getByRole('searchbox').fill('心跳')
      await page.getByText('找到 1 项设置').waitFor()
      await page.locator(row('server.heartbeat_seconds')).waitFor()
      expect(page.url()).toContain('q=')
      await page.getByRole('searchbox').fill('没有这样的词')
      await page.getByText('没有与“没有这样的词”匹配的设置').waitFor()
      expect(problems).toEqual([])
      await close()
    })
  })

  describe('what keeps the gateway in good order', () => {
    test('the connection test, the log, the diagnostics file and a backup', async () => {
      const { page, problems, close } = await house.visit({ path: '/settings?s=diagnostics' })
      await page.getByRole('button', { name: 'Test now' }).click()
      await page.getByText(/1 of 1 accounts are active/).waitFor()
      await page.getByText(/It told the usage of/).waitFor()
      await page.getByRole('log').waitFor()
      const [bundle] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download diagnostics' }).click(),
      ])
      const text = readFileSync((await bundle.path()) ?? '', 'utf8')
      expect(JSON.parse(text)).toMatchObject({ dragoman: { version: '0.0.0-test' } })
      for (const secret of [CANARY, house.key, house.gateway.controlKey]) expect(text).not.toContain(secret)

      await page.getByRole('button', { name: 'Backup', exact: true }).click()
      await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery')
      await page.getByLabel('The passphrase once more').fill('correct horse battery')
      const [backup] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Make and download' }).click(),
      ])
      expect(backup.suggestedFilename()).toMatch(/^dragoman-.*\.backup$/)
      await page.getByText(/The backup is made/).waitFor()
      expect(problems).toEqual([])
      await close()
    })

    test('the bridge for Ollama clients starts and says where', async () => {
      const { page, close } = await house.visit({ path: '/settings?s=ollama' })
      await page.getByText('It is switched off.').waitFor()
      await house.configFile.save({ 'ollama.port': 0 })
      await page.getByRole('switch', { name: /Listen for Ollama clients/ }).click()
      await page.getByText(/It listens at/).waitFor()
      expect((await fetch(`${house.ollamaUrl}/api/version`)).status).toBe(200)
      await close()
    })
  })

  describe.each(inFull(['every part']))('%s', () => {
    test.each([
      ['en', 'light', DESKTOP],
      ['zh-CN', 'dark', { width: 360, height: 800 }],
    ] as const)('is clean in %s, %s', async (language, theme, size) => {
      const visit = await house.visit({ path: '/settings', language, theme, size })
      const { page } = visit
      const found: string[] = []
      for (const part of ['model', 'server', 'notices', 'backup', 'diagnostics']) {
        await page.evaluate((to) => void (location.hash = `/settings?s=${to}`), part)
        await page.getByRole('heading', { level: 2 }).waitFor()
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
        if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `/tmp/st/shot-${part}-${theme}.png` })
        if ((await visit.overflow()) !== 0) found.push(`${part} is wider than its window`)
        if (['model', 'diagnostics'].includes(part)) found.push(...(await visit.axe()).map((one) => `${part}: ${one}`))
      }
      expect(found).toEqual([])
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
