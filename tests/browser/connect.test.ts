import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openBrowserHouse, whatIsCopied, type BrowserHouse } from './browser.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse()
  })
  afterAll(() => house.close())

  describe('connecting a client', () => {
    test('a key is made, stands in the settings, and its first request is seen', async () => {
      const visit = await house.visit({ path: '/connect' })
      const { page } = visit
      await page.getByRole('button', { name: 'Make a key for Codex CLI' }).click()
      await page.getByText('The key “Codex CLI” is made').waitFor()
      const settings = page.getByRole('region', { name: 'Codex CLI' })
      expect(await settings.innerText()).toContain(`base_url = "${house.url}/v1"`)
      expect(await settings.innerText()).toContain('dgm-')

      // What is shown is masked, what is copied is whole: a client works with it.
      const copied = await whatIsCopied(visit, settings.getByRole('button', { name: 'Copy' }).last())
      const key = /dgm-[0-9A-Za-z]{43}/.exec(copied)?.[0] ?? ''
      expect(key).not.toBe('')
      expect(await settings.innerText()).not.toContain(key)

      await settings.getByRole('button', { name: 'Test it' }).click()
      await page.getByText('Waiting for the first request of Codex CLI').waitFor()
      // Somebody else's request is not the one that is waited for.
      await askAs(house, 'opencode/1.18.33 ai-sdk/provider-utils/4.0.46 runtime/bun/1.3.14', house.key)
      await askAs(house, 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)', key)
      await page.getByText('Codex CLI is connected').waitFor()
      await page.getByRole('button', { name: 'opencode connected' }).waitFor()
      expect(await visit.axe()).toEqual([])
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('every client has its settings, and says what it was tried with', async () => {
      const visit = await house.visit({ path: '/connect' })
      const { page } = visit
      const cards = page.locator('button[data-client]')
      await cards.first().waitFor()
      const count = await cards.count()
      expect(count).toBeGreaterThanOrEqual(14)
      for (let at = 0; at < count; at++) {
        await cards.nth(at).click()
        const name = (await cards.nth(at).innerText()).trim().split('\n')[0] ?? ''
        const shown = page.getByRole('region', { name, exact: true })
        expect(await shown.innerText(), name).toMatch(/tried with|not tried here yet/)
        expect(await visit.overflow(), name).toBe(0)
      }
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('is clean on a phone in Chinese and the dark', async () => {
      const look = { path: '/connect', language: 'zh-CN', theme: 'dark', size: { width: 360, height: 760 } } as const
      const visit = await house.visit(look)
      await visit.page.getByRole('button', { name: /Cursor/ }).click()
      await visit.page.getByRole('region', { name: 'Cursor' }).waitFor()
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}

async function askAs({ url }: BrowserHouse, agent: string, key: string): Promise<void> {
  const reply = await fetch(`${url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'user-agent': agent },
    body: JSON.stringify({ model: 'demo', input: 'Hello' }),
  })
  expect(reply.status).toBe(200)
  await reply.arrayBuffer()
}
