import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey } from '../house.js'
import { hasChromium, openBrowserHouse, type BrowserHouse } from './browser.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 2 })
    await addKey(house, { vendor: 'compatible', provider: 'deepseek', models: ['deepseek-chat'], label: 'work' })
  })
  afterAll(() => house.close())

  const settings = () => house.configFile.current().config.model

  // On a busy machine a browser takes its time.
  describe('the page of models', { timeout: 60_000 }, () => {
    test('tells of every model, and makes the name to ask for it by', async () => {
      const visit = await house.visit({ path: '/models' })
      const { page } = visit
      await page.getByRole('button', { name: /^gpt-5\.5\b/ }).waitFor()
      expect(await visit.axe()).toEqual([])
      await page.getByRole('textbox', { name: /Search models/ }).fill('deepseek')
      await page.getByText('1 name', { exact: true }).waitFor()
      await page
        .getByRole('row', { name: /deepseek-chat/ })
        .getByText('1 key')
        .waitFor()
      await page.getByRole('textbox', { name: /Search models/ }).fill('gpt-5.5')
      await page.getByRole('button', { name: /^gpt-5\.5\b/ }).click()

      const drawer = page.getByRole('dialog')
      await drawer.getByText('2 of 2 accounts').waitFor()
      await drawer.getByRole('combobox', { name: 'Reasoning effort' }).click()
      await page.getByRole('option', { name: 'high', exact: true }).click()
      await drawer.getByText('Fast', { exact: true }).click()
      expect(await drawer.getByTestId('asked-name').textContent()).toBe('gpt-5.5-high-fast')
      expect(await visit.axe()).toEqual([])

      await drawer.getByRole('button', { name: 'Where would it go?' }).click()
      await page.getByRole('region', { name: 'The way of gpt-5.5-high-fast' }).getByText('would answer').waitFor()
      expect(await visit.axe()).toEqual([])
      await page.getByRole('combobox', { name: 'Model name' }).fill('gpt-5,5')
      await page.getByRole('button', { name: 'Show the way' }).click()
      await page.getByText('gpt-5,5 leads nowhere').waitFor()
      await page.getByRole('button', { name: 'gpt-5.5', exact: true }).click()
      await page.getByRole('region', { name: 'The way of gpt-5.5' }).waitFor()
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('makes aliases in place, refuses circles, takes removals back', async () => {
      const visit = await house.visit({ path: '/models?tab=routing', theme: 'dark' })
      const { page } = visit
      const list = page.getByRole('region', { name: 'Aliases' })
      const add = list.getByRole('form', { name: 'Add to: Aliases' })
      const put = async (name: string, to: string) => {
        await add.getByRole('textbox', { name: 'Name' }).fill(name)
        await add.getByRole('combobox', { name: 'Goes to' }).fill(to)
        await add.getByRole('button', { name: 'Add' }).click()
      }
      await put('smart', 'gpt-5.5-high')
      await list.getByRole('listitem', { name: 'smart' }).getByText('codex:gpt-5.5').waitFor()
      expect(settings().aliases).toEqual({ smart: 'gpt-5.5-high' })
      expect(await visit.axe()).toEqual([])

      await put('round', 'round')
      await list.getByText(/goes in a circle/).waitFor()
      expect(settings().aliases).not.toHaveProperty('round')

      await list.getByRole('button', { name: 'Edit smart' }).click()
      const edit = list.getByRole('form', { name: 'Edit smart' })
      await edit.getByRole('combobox', { name: 'Goes to' }).fill('deepseek-chat')
      await edit.getByRole('button', { name: 'Save' }).click()
      await list.getByText('deepseek:deepseek-chat').waitFor()

      await list.getByRole('button', { name: 'Remove smart' }).click()
      await list.getByRole('listitem', { name: 'smart' }).waitFor({ state: 'detached' })
      // It stays for seconds only, and moves while it comes.
      await page.getByRole('button', { name: 'Undo' }).dispatchEvent('click')
      await list.getByRole('listitem', { name: 'smart' }).waitFor()
      expect(settings().aliases).toEqual({ smart: 'deepseek-chat' })
      expect(visit.problems.filter((line) => !line.includes('400'))).toEqual([])
      await visit.close()
    })

    test('keeps a chain of fallbacks and a model of one’s own', async () => {
      const visit = await house.visit({ path: '/models?tab=routing' })
      const { page } = visit
      await page.getByRole('button', { name: 'Add a chain' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('combobox', { name: 'When this model cannot answer' }).fill('gpt-5.5')
      await dialog.getByRole('combobox', { name: 'Ask' }).fill('deepseek-chat')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page
        .getByRole('region', { name: 'Fallback chains' })
        .getByRole('listitem', { name: 'gpt-5.5' })
        .getByText('deepseek:deepseek-chat')
        .waitFor()
      expect(settings().fallbacks).toEqual({ 'gpt-5.5': ['deepseek-chat'] })

      await page.getByRole('button', { name: 'Add a model' }).click()
      await page.getByRole('dialog').getByRole('textbox', { name: 'Id' }).fill('gpt-new')
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByRole('listitem', { name: 'gpt-new' }).waitFor()
      expect(settings().custom_models).toEqual(['gpt-new'])

      await page.getByRole('button', { name: 'Read the lists anew' }).click()
      await page.getByText('2 lists were read.').waitFor()
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('fits a phone in Chinese', async () => {
      const visit = await house.visit({ path: '/models', language: 'zh-CN', size: { width: 360, height: 740 } })
      const { page } = visit
      await page.getByRole('button', { name: /^gpt-5\.5\b/ }).waitFor()
      expect(await visit.overflow()).toBe(0)
      for (const [tab, shown] of [
        ['名称与路由', '后备链'],
        ['会去哪里？', '模型名称'],
      ] as const) {
        await page.getByRole('tab', { name: tab }).click()
        await page.getByText(shown).first().waitFor()
        expect(await visit.overflow()).toBe(0)
      }
      await page.getByRole('combobox', { name: '模型名称' }).fill('claude-opus-4-7')
      await page.getByRole('button', { name: '显示路径' }).click()
      await page.getByText('Claude 的替代').first().waitFor()
      expect(await visit.overflow()).toBe(0)
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
