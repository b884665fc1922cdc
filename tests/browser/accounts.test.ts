import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulatedAccount } from '@dragoman/simulator'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openBrowserHouse, PHONE, type BrowserHouse, type Visit, inFull } from './browser.js'

const MANY = 1_000
const BATCH = 200
const PASSPHRASE = 'a passphrase of the test'

let house: BrowserHouse
let people: Record<'popup' | 'paste' | 'device' | 'token' | 'found' | 'file', SimulatedAccount>
let home: string
if (hasChromium) {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'dragoman-person-'))
    house = await openBrowserHouse({
      accounts: 2,
      config: { auth: { callback_port: await freePort() }, quota: { refresh_minutes: 0 } },
      simulator: { autoApprove: false, deviceInterval: 1 },
      env: { HOME: home },
    })
    const add = (name: string) => house.simulator.addAccount({ email: `${name}@example.com`, plan: 'pro' })
    people = {
      popup: add('popup'),
      paste: add('paste'),
      device: add('device'),
      token: add('token'),
      found: add('found'),
      file: add('file'),
    }
    await mkdir(join(home, '.codex'))
    await writeFile(join(home, '.codex', 'auth.json'), JSON.stringify(people.found.authJson), { mode: 0o600 })
  })
  afterAll(async () => {
    await house.close()
    await rm(home, { recursive: true, force: true })
  })

  /** What the gateway refuses the browser tells, too. */
  const unexpected = (line: string): boolean => !line.includes('status of 400')
  const emails = () => house.gateway.accounts.list().map(({ email }) => email)

  describe('an account comes in', () => {
    let visit: Visit
    let page: Page
    let dialog: Locator
    beforeAll(async () => {
      visit = await house.visit({ path: '/accounts' })
      page = visit.page
      await page.getByRole('button', { name: 'Add account' }).click()
      dialog = page.getByRole('dialog', { name: 'Add an account' })
    })
    afterAll(() => visit.close())

    test('by signing in in another tab', async () => {
      const opened = page.context().waitForEvent('page')
      await dialog.getByRole('button', { name: 'Sign in with ChatGPT' }).click()
      const popup = await opened
      await popup.getByRole('link', { name: 'popup@example.com' }).click()
      await popup.getByText('go back to Dragoman').waitFor()
      await popup.close()
      await dialog.getByText('Signed in as popup@example.com').waitFor()
      expect(emails()).toContain('popup@example.com')
    })

    test('by the pasted address, after one that is none', async () => {
      await dialog.getByRole('button', { name: 'Sign in to another' }).click()
      const opened = page.context().waitForEvent('page')
      await dialog.getByRole('button', { name: 'Sign in with ChatGPT' }).click()
      await (await opened).close()
      const authorize = await dialog.getByRole('link', { name: /Open the sign-in page/ }).getAttribute('href')
      const field = dialog.getByRole('textbox', { name: 'Address that the browser ended on' })
      await field.fill('what is this')
      await dialog.getByRole('button', { name: 'Finish' }).click()
      await dialog.getByText(/paste the whole address/).waitFor()
      await field.fill(await endOf(authorize ?? '', people.paste))
      await dialog.getByRole('button', { name: 'Finish' }).click()
      await dialog.getByText('Signed in as paste@example.com').waitFor()
    })

    test('by a code on another device', async () => {
      await dialog.getByText('On another device').click()
      await dialog.getByRole('button', { name: 'Get a code' }).click()
      await dialog.getByRole('img', { name: /QR code of/ }).waitFor()
      const code = await dialog.getByTestId('user-code').textContent()
      house.simulator.approveDevice(code ?? '', people.device.accountId)
      await dialog.getByText('Signed in as device@example.com').waitFor()
    })

    test('by a login that was found on this computer, followed', async () => {
      await dialog.getByRole('tab', { name: 'On this computer' }).click()
      await dialog.getByText('found@example.com').waitFor()
      await dialog.getByRole('button', { name: 'Follow' }).click()
      await dialog.getByText('here already').waitFor()
      const followed = house.gateway.accounts.list().find(({ email }) => email === 'found@example.com')
      expect(followed?.linkedTo).toBe(join(home, '.codex', 'auth.json'))
    })

    test('by a refresh token, which is shown nowhere', async () => {
      await dialog.getByRole('tab', { name: 'By token' }).click()
      await dialog.getByRole('textbox', { name: 'Refresh token' }).fill(people.token.refreshToken)
      await dialog.getByRole('textbox', { name: 'Label' }).fill('by token')
      await dialog.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByText('by token is added').waitFor()
      expect(await page.content()).not.toContain(people.token.refreshToken)
    })

    test('from a file, after a look at what would happen', async () => {
      await dialog.getByRole('tab', { name: 'From a file' }).click()
      const known = house.accounts[0]!.authJson
      await dialog.locator('input[type=file]').setInputFiles({
        name: 'accounts.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify({ accounts: [people.file.authJson, known, { label: 'nothing' }] })),
      })
      await dialog.getByText('What would happen', { exact: true }).first().waitFor()
      await dialog.getByRole('row', { name: /file@example\.com add/ }).waitFor()
      expect(emails()).not.toContain('file@example.com')
      await dialog.getByRole('button', { name: 'Import 1 account' }).click()
      await page.getByText(/1 added, 0 updated/).waitFor()
      expect(emails()).toContain('file@example.com')
      expect(visit.problems.filter(unexpected)).toEqual([])
    })
  })

  describe('accounts are looked after', () => {
    let visit: Visit
    let page: Page
    beforeAll(async () => {
      visit = await house.visit({ path: '/accounts' })
      page = visit.page
    })
    afterAll(() => visit.close())

    test('a file of accounts is sealed by a passphrase, and opens with it alone', async () => {
      await page.getByRole('button', { name: 'Export' }).first().click()
      const dialog = page.getByRole('dialog', { name: /Export \d+ accounts/ })
      const save = dialog.getByRole('button', { name: 'Save the file' })
      await dialog.getByRole('textbox', { name: 'Passphrase', exact: true }).fill(PASSPHRASE)
      expect(await save.isDisabled()).toBe(true)
      await dialog.getByRole('textbox', { name: 'Passphrase again' }).fill(PASSPHRASE)
      const downloading = page.waitForEvent('download')
      await save.click()
      const file = await (await downloading).path()
      expect(await readFile(file, 'utf8')).not.toContain('example.com')
      await page.getByRole('button', { name: 'Add account' }).click()
      const adding = page.getByRole('dialog', { name: 'Add an account' })
      await adding.getByRole('tab', { name: 'From a file' }).click()
      await adding.locator('input[type=file]').setInputFiles(file)
      await adding.getByText(/passphrase is needed/).waitFor()
      await adding.getByRole('textbox', { name: 'Passphrase of the file' }).fill(PASSPHRASE)
      await adding.getByRole('button', { name: 'Look into it' }).click()
      await adding.getByText('There is nothing to import').waitFor()
      await adding.getByRole('button', { name: 'Close' }).click()
    })

    test('one account tells everything and takes what its owner says; what is refused goes back', async () => {
      const [{ id = '' } = {}] = house.gateway.accounts.list()
      await page.getByRole('button', { name: 'Open person0@example.com' }).click()
      const drawer = page.getByRole('dialog')
      await drawer.getByRole('textbox', { name: 'Label' }).fill('work')
      await drawer.getByRole('textbox', { name: 'Label' }).press('Enter')
      await expect.poll(() => house.gateway.accounts.get(id)?.label).toBe('work')
      await drawer.getByRole('switch', { name: 'Appear upstream as one session' }).click({ force: true })
      await expect.poll(() => house.gateway.accounts.get(id)?.converge).toBe(true)
      await drawer.getByRole('textbox', { name: 'Text of a Cookie header' }).fill('cf_clearance=hunter2')
      await drawer.getByRole('button', { name: 'Set', exact: true }).click()
      await drawer.getByText('cf_clearance', { exact: true }).waitFor()
      expect(await page.content()).not.toContain('hunter2')
      await drawer.getByRole('button', { name: 'Read its quota' }).click()
      await drawer.getByText('88% left').waitFor()
      await drawer.getByRole('button', { name: 'Switch off' }).click()
      await drawer.getByText('You switched it off.').waitFor()
      await drawer.getByText('Heals when you enable it').waitFor()
      await drawer.getByRole('button', { name: 'Switch on' }).click()
      await expect.poll(() => house.gateway.accounts.get(id)?.status).toBe('active')
      await drawer.getByRole('combobox', { name: 'Groups' }).fill('no spaces here')
      await drawer.getByRole('combobox', { name: 'Groups' }).press('Enter')
      await page.getByText(/cannot be the name of a group/).waitFor()
      await expect.poll(() => drawer.getByText('no spaces here').count()).toBe(0)
      await drawer.getByRole('button', { name: 'Close' }).click()
      await drawer.waitFor({ state: 'detached' })
    })

    test('what is removed can be taken back, and goes when it is not', async () => {
      await page.evaluate(() => void (location.hash = '/accounts?search=file@'))
      const card = page.getByRole('button', { name: 'Open file@example.com' })
      for (const undo of [true, false]) {
        await page.getByRole('button', { name: 'What to do with file@example.com' }).click()
        await page.getByRole('menuitem', { name: 'Remove' }).click()
        await card.waitFor({ state: 'detached' })
        if (!undo) break
        await page.getByRole('button', { name: 'Undo' }).click()
        await card.waitFor()
      }
      expect(emails()).toContain('file@example.com')
      // Leaving the page is the end of thinking it over.
      await page.evaluate(() => window.dispatchEvent(new Event('pagehide')))
      await expect.poll(emails).not.toContain('file@example.com')
      expect(visit.problems.filter(unexpected)).toEqual([])
    })
  })

  describe(`${MANY} accounts`, () => {
    let visit: Visit
    let page: Page
    beforeAll(async () => {
      const accounts = Array.from({ length: MANY }, (_, n) => ({
        token: `token-of-${n}`,
        accountId: `chatgpt-${n}`,
        email: `many${n}@example.com`,
        planType: n % 2 === 0 ? 'plus' : 'team',
        groups: n < BATCH ? ['batch'] : [],
      }))
      const answer = await fetch(`${house.url}/auth/accounts/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'dragoman-accounts', version: 1, accounts }),
      })
      expect(await answer.json()).toMatchObject({ added: MANY, failed: 0 })
      visit = await house.visit({ path: '/accounts' })
      page = visit.page
    }, 60_000)
    afterAll(() => visit.close())

    test('are found, filtered and changed many at a time, with progress', { timeout: 90_000 }, async () => {
      await page.getByText(/^1,?\d{3} accounts$/).waitFor()
      for (const view of ['Table', 'Cards']) {
        await page.getByText(view, { exact: true }).click()
        await page.locator('[data-account]').first().waitFor()
        expect(await page.locator('[data-account]').count()).toBeLessThan(60)
      }
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
      await page.getByRole('button', { name: 'Open popup@example.com' }).waitFor()
      await page.getByRole('searchbox', { name: 'Search accounts' }).fill('many777@')
      await page.getByText(/^1 of 1,?\d{3} accounts$/).waitFor()
      await page.getByRole('button', { name: 'Open many777@example.com' }).waitFor()
      await page.getByRole('searchbox', { name: 'Search accounts' }).fill('')
      await page.getByRole('combobox', { name: 'Group' }).click()
      await page.getByRole('option', { name: 'batch' }).click()
      await page.getByText(new RegExp(`^${BATCH} of`)).waitFor()
      await page.getByText('Table', { exact: true }).click()
      await page.getByRole('checkbox', { name: 'Select all that are shown' }).click()
      await page.getByText(`${BATCH} selected`).waitFor()
      await page.getByRole('button', { name: 'Switch off' }).click()
      await page.getByText(`Done: ${BATCH} of ${BATCH}`).waitFor({ timeout: 60_000 })
      expect(house.gateway.accounts.list().filter(({ status }) => status === 'disabled')).toHaveLength(BATCH)
      await page.getByText(`Off ${BATCH}`).waitFor()
    })

    test('a range is selected with the shift key, and set', async () => {
      await page.getByRole('button', { name: 'Select none' }).click()
      const box = (n: number) => page.getByRole('checkbox', { name: /^Select many/ }).nth(n)
      await box(0).click()
      await box(4).click({ modifiers: ['Shift'] })
      await page.getByText('5 selected').waitFor()
      await page.getByRole('button', { name: 'Set …' }).click()
      const dialog = page.getByRole('dialog', { name: 'Set for 5 accounts' })
      await dialog.getByRole('textbox', { name: 'Weight' }).fill('3')
      await dialog.getByRole('button', { name: 'Set', exact: true }).click()
      await page.getByText('Done: 5 of 5').waitFor()
      expect(house.gateway.accounts.list().filter(({ weight }) => weight === 3)).toHaveLength(5)
      expect(visit.problems).toEqual([])
    })
  })

  test.each(
    inFull([
      ['en', 'light', { width: 1280, height: 900 }],
      ['zh-CN', 'dark', { ...PHONE, width: 360 }],
    ] as const),
  )('is clean in %s, %s', async (language, theme, size) => {
    const visit = await house.visit({ path: '/accounts?search=person', language, theme, size })
    await visit.page.locator('[data-account]').first().waitFor()
    expect(await visit.axe()).toEqual([])
    expect(await visit.overflow()).toBe(0)
    await visit.page.locator('[data-account] button').first().click()
    await visit.page.getByRole('dialog').waitFor()
    expect(await visit.axe()).toEqual([])
    expect(await visit.overflow()).toBe(0)
    await visit.page.keyboard.press('Escape')
    await visit.page.getByRole('dialog').waitFor({ state: 'detached' })
    await visit.page.getByRole('button', { name: language === 'en' ? 'Add account' : '添加账号' }).click()
    await visit.page.getByRole('tab', { selected: true }).waitFor()
    expect(await visit.axe()).toEqual([])
    expect(await visit.overflow()).toBe(0)
    expect(visit.problems).toEqual([])
    await visit.close()
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}

/** Where the browser of somebody who signs in ends: the person chooses an account on the simulator's page. */
async function endOf(authorize: string, { accountId, email }: SimulatedAccount): Promise<string> {
  const approve = new URL(authorize)
  approve.pathname = '/oauth/authorize/approve'
  approve.searchParams.set('account', accountId)
  const { headers } = await fetch(approve, { redirect: 'manual' })
  return headers.get('location') ?? `nobody let ${email} in`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
