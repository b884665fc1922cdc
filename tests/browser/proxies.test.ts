import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOGIN, startConnectProxy, startFaultyProxy, type TestProxy } from '../proxies.js'
import { hasChromium, openBrowserHouse, type BrowserHouse, type Visit, inFull } from './browser.js'

/** Pictures to look at, when somebody says where. */
const SHOTS = process.env['DRAGOMAN_TEST_SHOTS']

let house: BrowserHouse
/** One page for all that is done in English, on a desktop. */
let visit: Visit
/** For what the gateway learns from the page. */
const SOON = { timeout: 8_000 }
let good: TestProxy
let bad: TestProxy
/** Answers with an address, as the check address does. */
let world: Server

if (hasChromium) {
  beforeAll(async () => {
    world = createServer((_, res) => res.end('203.0.113.9'))
    await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve))
    good = await startConnectProxy()
    bad = await startFaultyProxy({ status: 502 })
    house = await openBrowserHouse({
      accounts: 6,
      config: {
        proxy: { check_url: `http://127.0.0.1:${(world.address() as AddressInfo).port}/`, check_minutes: 0 },
      },
    })
    visit = await house.visit({ path: '/proxies' })
  })
  afterAll(async () => {
    await house.close()
    await Promise.all([good.close(), bad.close()])
    world.close()
  })

  /** Account → the name of its way, as the gateway has it. */
  async function pins(): Promise<Record<string, string>> {
    const answer = await fetch(`${house.url}/api/proxies/assignments`, {
      headers: { authorization: `Bearer ${house.gateway.controlKey}` },
    })
    const { accounts } = (await answer.json()) as { accounts: { name: string; proxyName: string }[] }
    return Object.fromEntries(accounts.map(({ name, proxyName }) => [name, proxyName]))
  }

  describe('the page of proxies', () => {
    test('takes in a list that was looked at first, and checks it with progress', async () => {
      const { page } = visit
      await page.getByRole('button', { name: 'Add proxies' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByRole('textbox', { name: 'Proxies, one a line' })
        .fill(`${good.url}#Berlin\n127.0.0.1:${bad.port}\nnonsense`)
      await dialog.getByText(/^Line 3: it is no URL/).waitFor()
      expect(await dialog.getByRole('list').innerText()).not.toContain(LOGIN.password)
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/proxies-add.png` })
      await dialog.getByRole('button', { name: 'Take 2' }).click()
      await page.getByText('1 of 2 proxies do not work.').waitFor()
      const berlin = page.getByRole('listitem', { name: 'Berlin' })
      await berlin.getByText('203.0.113.9').waitFor()
      await berlin.getByText('Works', { exact: true }).waitFor()
      const broken = page.getByRole('listitem', { name: `127.0.0.1:${bad.port}` })
      await broken.getByText('Check failed').waitFor()
      await broken.getByText(/cannot reach/).waitFor()
      await berlin.getByRole('button', { name: 'Check Berlin' }).click()
      await page.getByText(/^Berlin works: seen from 203\.0\.113\.9/).waitFor()
      expect(await page.content()).not.toContain(LOGIN.password)
      expect(visit.problems).toEqual([])
    })

    test('sends accounts a way by dragging, by their row, and by selection, and takes it back', async () => {
      const { page } = visit
      const way = (name: string) => page.getByRole('list', { name: 'Ways' }).getByRole('button', { name })
      const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByLabel(`Select ${name}`) })
      await way('Berlin').waitFor()
      await row('person0@example.com').dragTo(way('Berlin'))
      await expect.poll(async () => (await pins())['person0@example.com'], SOON).toBe('Berlin')
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect.poll(async () => (await pins())['person0@example.com'], SOON).toBe('global')

      await page.getByRole('combobox', { name: 'Way of person1@example.com' }).selectOption({ label: 'Direct' })
      await expect.poll(async () => (await pins())['person1@example.com'], SOON).toBe('direct')

      await page.getByRole('checkbox', { name: 'Select person2@example.com' }).check()
      await page.getByRole('checkbox', { name: 'Select person3@example.com' }).check()
      await page.getByRole('combobox', { name: 'Send the selected' }).selectOption({ label: 'Berlin' })
      await expect.poll(pins, SOON).toMatchObject({ 'person2@example.com': 'Berlin', 'person3@example.com': 'Berlin' })
      await way('Berlin').click()
      await expect.poll(() => page.getByRole('checkbox', { name: /^Select person/ }).count(), SOON).toBe(2)
      await way('Berlin').click()

      await page.getByRole('button', { name: 'Distribute' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: /^Accounts that are assigned to nothing/ }).check()
      await dialog.getByText(/would go another way/).waitFor()
      if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/proxies-spread.png` })
      await dialog.getByRole('button', { name: 'Do it' }).click()
      await expect
        .poll(async () => Object.values(await pins()).filter((name) => name === 'global'), SOON)
        .toEqual(['global'])
      expect(visit.problems).toEqual([])
    })

    test('edits a proxy, switches it off, and removes it when it is said where its accounts go', async () => {
      const { page } = visit
      const berlin = page.getByRole('listitem', { name: 'Berlin' })
      await berlin.getByRole('switch').click({ force: true })
      await berlin.getByText('Off', { exact: true }).waitFor()
      await expect
        .poll(() => house.gateway.store.proxies.list().find(({ name }) => name === 'Berlin')?.enabled, SOON)
        .toBe(false)

      await berlin.getByRole('button', { name: 'More for Berlin' }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox', { name: 'Port' }).fill(String(bad.port))
      await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Paris')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await dialog.getByText('The address is another: give the login again.').waitFor()
      await dialog.getByRole('textbox', { name: 'Port' }).fill(String(good.port))
      await dialog.getByRole('button', { name: 'Save' }).click()
      const paris = page.getByRole('listitem', { name: 'Paris' })
      await paris.waitFor()

      await paris.getByRole('button', { name: 'More for Paris' }).click()
      await page.getByRole('menuitem', { name: 'Remove' }).click()
      const asked = page.getByRole('dialog', { name: 'Remove Paris?' })
      await asked.getByRole('button', { name: 'Remove' }).click()
      await paris.waitFor({ state: 'detached' })
      await page
        .getByRole('alert')
        .filter({ hasText: 'Paris is removed.' })
        .getByRole('button', { name: 'Undo' })
        .click()
      await paris.waitFor()
      expect(visit.problems.splice(0).filter((problem) => !problem.includes('400'))).toEqual([])
    })

    test('previews assignments of another gateway before they are taken', async () => {
      const { page } = visit
      await page.getByRole('button', { name: 'Export and import' }).click()
      await page.getByRole('menuitem', { name: 'Import assignments…' }).click()
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('dialog').getByRole('button', { name: 'Choose a file' }).click()
      const list = {
        assignments: [
          { email: 'person5@example.com', proxyId: 'auto' },
          { email: 'a@b.example', proxyId: 'auto' },
        ],
      }
      await (
        await chooser
      ).setFiles({
        name: 'proxy-assignments.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(list)),
      })
      await page.getByText('1 would go another way · 0 stay as they are · 1 is not known here').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click()
      await expect.poll(async () => (await pins())['person5@example.com'], SOON).toBe('auto')
      expect(visit.problems).toEqual([])
    })

    test('draws only the rows in sight of a thousand', async () => {
      const one = house.gateway.accounts.list()[0]
      const { page } = visit
      await page.route('**/api/proxies/assignments', async (route) => {
        const accounts = Array.from({ length: 1_000 }, (_, n) => ({
          id: `acc_${n}`,
          kind: 'account',
          name: `many${n}@example.com`,
          detail: 'plus',
          status: one?.status,
          groups: [],
          proxyId: 'global',
          proxyName: 'global',
        }))
        await route.fulfill({ json: { assignments: [], accounts } })
      })
      await page.reload()
      await page.getByLabel('Select many0@example.com').waitFor()
      expect(await page.getByRole('checkbox', { name: /^Select many/ }).count()).toBeLessThan(40)
      await page.getByRole('searchbox', { name: 'Search accounts, plans, groups' }).fill('many999')
      await page.getByLabel('Select many999@example.com').waitFor()
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
        const other = await house.visit({ path: '/proxies', language, theme, size })
        const { page } = other
        await page.getByLabel(language === 'en' ? 'Select person0@example.com' : '选择 person0@example.com').waitFor()
        expect(await other.axe()).toEqual([])
        expect(await other.overflow()).toBe(0)
        if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/proxies-${language}.png`, fullPage: true })
        await page
          .getByRole('button', { name: language === 'en' ? 'Add proxies' : '添加代理' })
          .first()
          .click()
        await page.getByRole('dialog').waitFor()
        expect(await other.axe()).toEqual([])
        expect(await other.overflow()).toBe(0)
        expect(other.problems).toEqual([])
        await other.close()
      },
      60_000,
    )
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
