import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openBrowserHouse, type BrowserHouse, type Visit, inFull } from './browser.js'

/** Pictures to look at, when somebody says where. */
const SHOTS = process.env['DRAGOMAN_TEST_SHOTS']

let house: BrowserHouse
/** One page for all that is done in English, on a desktop. */
let visit: Visit
/** For what the gateway learns from the page. */
const SOON = { timeout: 8_000 }

if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 1 })
    const { clientKeys } = house.gateway.store
    const [account] = house.gateway.accounts.list()
    const { plaintext } = await clientKeys.create({
      name: 'Claude Code on the laptop',
      limits: {
        budgetUsd: { day: 0.001, month: 0.0016 },
        tokens: { total: 80 },
        requestsPerMinute: 60,
        maxConcurrent: 4,
      },
      allowedModels: ['gpt-5.5', 'gpt-5.4-mini'],
      strict: true,
      ...(account === undefined ? {} : { accounts: [account.id] }),
    })
    await clientKeys.create({ name: 'guest', expiresAt: Date.now() + 7 * 86_400_000, defaultTools: ['web_search'] })
    for (const apiKey of [house.key, plaintext, plaintext]) {
      await house.openai
        .withOptions({ apiKey })
        .chat.completions.create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hi' }] })
    }
    visit = await house.visit({ path: '/client-keys' })
  })
  afterAll(() => house.close())

  describe('the page of client keys', () => {
    test('makes a key with a budget, shows it once, and the key works at once', async () => {
      const { page } = visit
      await page.getByRole('button', { name: 'New key' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'Make the key' }).click()
      await dialog.getByText('Give it a name.').waitFor()
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Cursor')
      await dialog.getByRole('radio', { name: '30 days' }).check()
      await dialog.getByRole('textbox', { name: 'Per day, in US dollars' }).fill('5')
      await dialog.getByRole('button', { name: /^Rates/ }).click()
      await dialog.getByRole('textbox', { name: 'Requests a minute' }).fill('120')
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/client-keys-form.png` })
      await dialog.getByRole('button', { name: 'Make the key' }).click()
      const shown = page.getByRole('dialog', { name: 'Here is Cursor' })
      const key = (await shown.locator('pre').first().innerText()).trim()
      expect(key).toMatch(/^dgm-[0-9A-Za-z]{43}$/)
      await shown.getByRole('button', { name: 'Copy the key' }).click()
      await shown.getByRole('button', { name: 'Copied' }).waitFor()
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/client-keys-made.png` })
      await shown.getByRole('button', { name: 'I have it' }).click()

      const info = await fetch(`${house.url}/v1/key/info`, { headers: { authorization: `Bearer ${key}` } })
      expect(await info.json()).toMatchObject({
        name: 'Cursor',
        requests_per_minute: 120,
        budgets: { day: { max_budget_usd: 5 } },
      })
      const card = page.getByRole('listitem', { name: 'Cursor' })
      await card.getByText('$0.00 of $5.00').waitFor()
      expect(await page.content()).not.toContain(key)
      expect(visit.problems).toEqual([])
    })

    test('shows what was used as it is used, and can begin at zero', async () => {
      const { page } = visit
      const { record, plaintext } = await house.gateway.store.clientKeys.create({
        name: 'counted',
        limits: { tokens: { day: 1_000_000 } },
      })
      const card = page.getByRole('listitem', { name: 'counted' })
      await card.getByText('0 of 1M tokens').waitFor()
      const answer = await fetch(`${house.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${plaintext}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hi' }] }),
      })
      expect(answer.status).toBe(200)
      await answer.text()
      await card.getByText('0 of 1M tokens').waitFor({ state: 'detached' })
      await card.getByRole('button', { name: 'More for counted' }).click()
      await page.getByRole('menuitem', { name: 'Reset usage' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click()
      await card.getByText('0 of 1M tokens').waitFor()
      expect((await house.gateway.store.usage.keyStandings(Date.now())).get(record.id)?.requests).toBe(0)
      expect(visit.problems).toEqual([])
    })

    test('switches a key off and on, edits it, finds it, and revokes it', async () => {
      const { record, plaintext } = await house.gateway.store.clientKeys.create({
        name: 'old phone',
        limits: { maxConcurrent: 2 },
      })
      const asks = async () =>
        (await fetch(`${house.url}/v1/models`, { headers: { authorization: `Bearer ${plaintext}` } })).status
      const { page } = visit
      await page.getByRole('searchbox').fill('phone')
      const card = page.getByRole('listitem', { name: 'old phone' })
      await card.waitFor()
      await expect.poll(() => page.getByRole('main').getByRole('listitem').count(), SOON).toBe(1)

      await card.getByRole('switch').click({ force: true })
      await card.getByText('Off', { exact: true }).waitFor()
      await expect.poll(asks, SOON).toBe(401)
      await card.getByRole('switch').click({ force: true })
      await expect.poll(asks, SOON).toBe(200)

      await card.getByRole('button', { name: 'More for old phone' }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'Name' }).fill('old phone of Ada')
      await dialog.getByRole('button', { name: /^Rates/ }).click()
      await dialog.getByRole('textbox', { name: 'Requests open at one time' }).fill('')
      await dialog.getByRole('button', { name: 'Save' }).click()
      const renamed = page.getByRole('listitem', { name: 'old phone of Ada' })
      await renamed.waitFor()
      expect(house.gateway.store.clientKeys.findById(record.id)?.limits).toBeUndefined()

      await renamed.getByRole('button', { name: /^More for/ }).click()
      await page.getByRole('menuitem', { name: 'Revoke' }).click()
      await page.getByRole('dialog').getByText('It was never used.').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
      await renamed.waitFor({ state: 'detached' })
      expect(await asks()).toBe(401)
      expect(visit.problems).toEqual([])
    })

    test.each(
      inFull([
        ['en', 'light', { width: 1280, height: 900 }],
        ['zh-CN', 'dark', { width: 360, height: 800 }],
      ] as const),
    )(
      'is clean in %s, %s',
      async (language, theme, size) => {
        const other = await house.visit({ path: '/client-keys', language, theme, size })
        const { page } = other
        await page.getByRole('heading', { name: 'Claude Code on the laptop' }).waitFor()
        expect(await other.axe()).toEqual([])
        expect(await other.overflow()).toBe(0)
        if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/client-keys-${language}.png`, fullPage: true })
        await page.getByRole('button', { name: language === 'en' ? 'New key' : '新建密钥' }).click()
        await page.getByRole('dialog').waitFor()
        expect(await other.axe()).toEqual([])
        expect(await other.overflow()).toBe(0)
        if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/client-keys-form-${language}.png` })
        expect(other.problems).toEqual([])
        await other.close()
      },
      60_000,
    )
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
