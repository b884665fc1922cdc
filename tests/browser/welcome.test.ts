import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openBrowserHouse, whatIsCopied, type BrowserHouse } from './browser.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 0 })
  })
  afterAll(() => house.close())

  describe('the first run', () => {
    test('is clean on a phone in Chinese and the dark, and can be skipped for good', async () => {
      const look = { language: 'zh-CN', theme: 'dark', size: { width: 360, height: 760 }, firstVisit: true } as const
      const visit = await house.visit(look)
      const { page } = visit
      await page.getByRole('heading', { name: '欢迎使用 Dragoman' }).waitFor()
      await page.getByRole('button', { name: '使用 ChatGPT 登录' }).waitFor()
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      await page.getByRole('button', { name: '跳过介绍' }).click()
      await page.getByRole('heading', { name: '概览', level: 1 }).waitFor()
      await page.reload()
      await page.getByRole('heading', { name: '概览', level: 1 }).waitFor()
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('leads from nothing to the first answer', async () => {
      const account = house.simulator.addAccount({ email: 'new@example.com', plan: 'plus' })
      const visit = await house.visit({ firstVisit: true })
      const { page } = visit
      await page.getByRole('heading', { name: 'Welcome to Dragoman' }).waitFor()
      await page.getByText('On another device').click()
      await page.getByRole('button', { name: 'Get a code' }).click()
      house.simulator.approveDevice(await page.getByTestId('user-code').innerText(), account.accountId)
      await page.getByText('1 ChatGPT account').waitFor()
      expect(await visit.axe()).toEqual([])

      await page.getByRole('button', { name: 'Next: connect a client' }).click()
      await page.getByRole('button', { name: /^curl/ }).click()
      await page.getByRole('button', { name: 'Make a key for curl' }).click()
      await page.getByText('The key “curl” is made').waitFor()
      await page.getByRole('button', { name: 'Next: see it arrive' }).click()

      await page.getByText('Waiting for the first request').waitFor()
      const command = await whatIsCopied(visit, page.getByRole('button', { name: 'Copy' }))
      const reply = await run(command)
      expect(reply).toContain('chat.completion.chunk')
      await page.getByRole('heading', { name: 'It works.' }).waitFor()
      await page.getByText('The first request of curl has come through.').waitFor()
      expect(await visit.axe()).toEqual([])
      await page.getByRole('link', { name: 'Go to the overview' }).click()
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
      expect(visit.problems).toEqual([])
      await visit.close()
    }, 60_000)

    test('whoever has an account is not led here', async () => {
      const visit = await house.visit({ firstVisit: true })
      await visit.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
      expect(visit.page.url()).not.toContain('welcome')
      await visit.close()
    })

    test('an API key is added, and what is wrong with one is said where it is', async () => {
      const { key } = house.simulator.addVendorKey({ vendor: 'compatible' })
      const visit = await house.visit({ path: '/welcome' })
      const { page } = visit
      await page.getByRole('tab', { name: 'Add an API key' }).click()
      await page.getByRole('button', { name: 'Add the key' }).click()
      await page.getByText('an API key is needed').waitFor()
      await page.getByRole('textbox', { name: 'API key' }).fill(key)
      await page.getByRole('button', { name: 'Add the key' }).click()
      await page.getByText('1 API key', { exact: true }).waitFor()
      expect(visit.problems.filter((problem) => !problem.includes('status of 400'))).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}

/** What is copied for a terminal, read by a real shell; only curl is played. */
async function run(command: string): Promise<string> {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0')
  const after = (flag: string): string[] => words.flatMap((word, at) => (word === flag ? [words[at + 1] ?? ''] : []))
  const headers = after('-H').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string])
  const [body = ''] = after('-d')
  const reply = await fetch(words[1] ?? '', {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), 'user-agent': 'curl/8.14.1' },
    body,
  })
  return reply.text()
}
