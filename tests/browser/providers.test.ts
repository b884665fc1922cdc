import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey } from '../house.js'
import { hasChromium, openBrowserHouse, type BrowserHouse } from './browser.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 0 })
  })
  afterAll(() => house.close())

  const kept = (label: string) => house.gateway.store.apiKeys.list().find((record) => record.label === label)

  // On a busy machine a browser takes its time.
  describe('the page of providers', { timeout: 60_000 }, () => {
    test('adds a key: provider, list, models, and a test of it', async () => {
      const visit = await house.visit({ path: '/api-keys' })
      const { page } = visit
      await page.getByText('No API key yet').waitFor()
      expect(await visit.axe()).toEqual([])
      await page.getByRole('button', { name: 'Add a key' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'Search providers…' }).fill('mistral')
      await dialog.getByRole('button', { name: /Mistral/ }).click()
      await dialog
        .getByRole('textbox', { name: 'API key' })
        .fill(house.simulator.addVendorKey({ vendor: 'compatible' }).key)

      // An address of the own network is refused until it is allowed by name.
      const elsewhere = new URL(house.simulator.vendors.compatible.baseUrl)
      elsewhere.hostname = '127.0.0.2'
      await dialog.getByRole('textbox', { name: 'Base URL' }).fill(elsewhere.href)
      await dialog.getByRole('button', { name: 'Fetch the list' }).click()
      await dialog.getByText('This address lies in your own network').waitFor()
      await dialog.getByRole('textbox', { name: 'Base URL' }).fill(house.simulator.vendors.compatible.baseUrl)
      await dialog.getByRole('button', { name: 'Fetch the list' }).click()
      await dialog.getByText(/7 models, read/).waitFor()
      await dialog.getByRole('button', { name: 'Choose none' }).click()
      await dialog.getByRole('checkbox', { name: /deepseek-chat/ }).check()
      expect(await visit.axe()).toEqual([])
      await dialog.getByRole('button', { name: 'More settings' }).click()
      await dialog.getByRole('textbox', { name: 'Label' }).fill('work')
      await dialog.getByRole('button', { name: 'Save and test' }).click()
      await page.getByText(/work: deepseek-chat answered in/).waitFor()
      await page.getByRole('listitem', { name: 'work' }).getByText('Ready').waitFor()
      expect(kept('work')).toMatchObject({ provider: 'mistral', models: [{ id: 'deepseek-chat' }] })
      expect(visit.problems.filter((line) => !line.includes('400'))).toEqual([])
      await visit.close()
    })

    test('edits, switches off, says what is wrong, removes and takes it back', async () => {
      await addKey(house, { vendor: 'openai', models: ['gpt-4o', 'gpt-5'], label: 'second' })
      const visit = await house.visit({ path: '/api-keys', theme: 'dark' })
      const { page } = visit
      const row = page.getByRole('listitem', { name: 'second' })
      await row.waitFor()
      expect(await visit.axe()).toEqual([])

      await row.getByRole('switch').click({ force: true })
      await row.getByText('Off').waitFor()
      await expect.poll(() => kept('second')?.enabled).toBe(false)
      await row.getByRole('switch').click({ force: true })
      await expect.poll(() => kept('second')?.enabled).toBe(true)

      await row.getByRole('button', { name: 'More for second' }).click()
      await page.getByRole('menuitem', { name: 'Edit…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'API key' }).fill('sk-nobody-knows-this-one')
      await dialog.getByRole('button', { name: 'Save and test' }).click()
      await page.getByText('second did not answer').waitFor()
      await page.getByText(/give a new one here/).waitFor()
      const said = page.getByRole('alert').getByRole('button', { name: 'Close' })
      while ((await said.count()) > 0) await said.first().click()

      await row.getByRole('button', { name: 'More for second' }).click()
      await page.getByRole('menuitem', { name: 'Remove' }).click()
      await row.waitFor({ state: 'detached' })
      // It stays for seconds only, and moves while it comes.
      await page.getByRole('button', { name: 'Undo' }).dispatchEvent('click')
      await row.waitFor()
      expect(kept('second')).toBeDefined()
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('carries keys over in a file, looked at first', async () => {
      const visit = await house.visit({ path: '/api-keys' })
      const { page } = visit
      await page.getByRole('listitem', { name: 'second' }).waitFor()
      await page.getByRole('button', { name: 'Files' }).click()
      await page.getByRole('menuitem', { name: 'Export…' }).click()
      await page.getByRole('textbox', { name: 'Passphrase' }).fill('a long passphrase')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ])
      const file = join(house.home, 'exported.json')
      await download.saveAs(file)
      expect(await readFile(file, 'utf8')).toContain('sealed')

      const plain = join(house.home, 'before.json')
      const entry = {
        provider: 'custom',
        baseUrl: 'https://llm.example.com/v1',
        apiKey: 'sk-before-1234567',
        model: 'a',
      }
      await writeFile(plain, JSON.stringify({ keys: [{ ...entry, label: 'third' }, { provider: 7 }] }))
      await page.getByRole('button', { name: 'Files' }).click()
      await page.getByRole('menuitem', { name: 'Import…' }).click()
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Choose a file' }).click(),
      ])
      await chooser.setFiles(plain)
      await page.getByRole('button', { name: 'Look inside' }).click()
      await page.getByText('1 could not be taken.').waitFor()
      await page.getByRole('button', { name: 'Take in 1 key' }).click()
      await page.getByRole('listitem', { name: 'third' }).waitFor()
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('fits a phone in Chinese', async () => {
      const visit = await house.visit({ path: '/api-keys', language: 'zh-CN', size: { width: 360, height: 740 } })
      await visit.page.getByRole('listitem', { name: 'second' }).waitFor()
      expect(await visit.overflow()).toBe(0)
      await visit.page.getByRole('button', { name: '添加密钥' }).click()
      await visit.page.getByRole('button', { name: /DeepSeek/ }).click()
      await visit.page.getByRole('textbox', { name: 'API 密钥' }).waitFor()
      expect(await visit.overflow()).toBe(0)
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
