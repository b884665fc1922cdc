import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESKTOP, openBrowserHouse, PHONE, type BrowserHouse, inFull } from './browser.js'

let house: BrowserHouse
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

  test.each(
    inFull([
      ['en', 'light', DESKTOP],
      ['zh-CN', 'dark', PHONE],
    ] as const),
  )('is clean in %s, %s', async (language, theme, size) => {
    const visit = await house.visit({ language, theme, size })
    await visit.page.getByRole('heading', { level: 1 }).waitFor()
    expect(await visit.axe()).toEqual([])
    expect(await visit.overflow()).toBe(0)
    expect(visit.problems).toEqual([])
    await visit.close()
  })

  test('the palette finds a page by its name and goes there, by keyboard alone', async () => {
    const { page, problems, close } = await house.visit()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('searchbox').or(page.getByPlaceholder('Search')).first().waitFor()
    await page.keyboard.type('prox')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Proxies' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    expect(problems).toEqual([])
    await close()
  })

  test('the language and the theme are remembered', async () => {
    const { page, close } = await house.visit()
    await page.getByRole('button', { name: 'Language' }).click()
    await page.getByRole('menuitem', { name: '简体中文' }).click()
    await page.getByRole('link', { name: '账号', exact: true }).waitFor()
    await page.getByRole('button', { name: '主题' }).click()
    await page.getByRole('menuitem', { name: '深色' }).click()
    await page.reload()
    await page.getByRole('link', { name: '账号', exact: true }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
    await close()
  })

  test('a phone has the pages in a menu', async () => {
    const { page, close } = await house.visit({ size: PHONE })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Open the menu' }).click()
    await page.getByRole('link', { name: 'Proxies' }).click()
    await page.getByRole('heading', { level: 1, name: 'Proxies' }).waitFor()
    await close()
  })
})
