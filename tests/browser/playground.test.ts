import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, openBrowserHouse, type BrowserHouse, type Visit } from './browser.js'

let house: BrowserHouse
if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse()
  })
  afterAll(() => house.close())

  describe('the playground', () => {
    test('a demo model answers in every protocol, calls a tool, and gets its result', async () => {
      const visit = await house.visit({ path: '/playground' })
      const { page } = visit
      await choose(visit, 'Model', 'demo')
      await page.getByLabel('Offer a tool').check()
      for (const protocol of ['Chat Completions', 'Responses', 'Anthropic Messages', 'Gemini']) {
        await choose(visit, 'Protocol', protocol)
        await ask(visit, 'Use get_weather for me')
        await answered(visit, 1)
        await page.getByText('The model calls get_weather').waitFor()
        await page.getByLabel('What the tool answers').fill('rain')
        await page.getByRole('button', { name: 'Send the results' }).click()
        await answered(visit, 2)
        expect(await page.getByRole('article').last().innerText()).toContain('tool use works')
        await page.getByRole('button', { name: 'New conversation' }).click()
      }
      expect(visit.problems).toEqual([])
      await visit.close()
    }, 60_000)

    test('a Codex model streams with its thoughts; the request, the reply and the code are there to see', async () => {
      const visit = await house.visit({ path: '/playground' })
      const { page } = visit
      await choose(visit, 'Model', 'gpt-5.5')
      await choose(visit, 'Thinking effort', 'low')
      await ask(visit, 'Ponder `this`')
      await answered(visit, 1)
      await page.getByRole('button', { name: 'Thinking', exact: true }).click()
      await page.getByText(/at API prices/).waitFor()
      await page.getByText('Translation: exact').waitFor()

      await page.getByRole('tab', { name: 'Raw request' }).click()
      expect(await page.getByRole('tabpanel', { name: 'Raw request' }).innerText()).toContain('"effort": "low"')
      await page.getByRole('tab', { name: 'Raw reply' }).click()
      await page.getByText('response.created').first().waitFor()
      await page.getByRole('tab', { name: 'Code' }).click()
      const panel = page.getByRole('tabpanel', { name: 'Code' })
      expect(await panel.innerText()).toContain('curl -N')
      await panel.getByText('Python', { exact: true }).click()
      expect(await panel.innerText()).toContain('client.responses.create(')
      // The key of this page stands nowhere on it.
      expect(await page.content()).not.toContain('dgm-play-')
      expect(await visit.axe()).toEqual([])
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('an image goes along', async () => {
      const visit = await house.visit({ path: '/playground' })
      const { page } = visit
      const arrived = house.simulator.nextRequest(({ path }) => path.endsWith('/codex/responses'))
      await choose(visit, 'Model', 'gpt-5.5')
      await page.locator('input[type=file]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: PNG })
      await page.getByRole('img', { name: 'Image 1' }).waitFor()
      await ask(visit, 'What is this?')
      await answered(visit, 1)
      expect(JSON.stringify((await arrived).body)).toContain(`data:image/png;base64,${PNG.toString('base64')}`)
      expect(visit.problems).toEqual([])
      await visit.close()
    })

    test('what is stopped stops, and what fails says why', async () => {
      const visit = await house.visit({ path: '/playground' })
      const { page } = visit
      house.simulator.script({ times: 1, at: 'responses', delivery: { headersAfter: 'slow' } })
      await choose(visit, 'Model', 'gpt-5.5')
      await ask(visit, 'Take your time')
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByText('Stopped by you.').waitFor()
      house.simulator.openGate('slow')
      house.simulator.script({ times: 1, at: 'responses', fault: { type: 'status', name: 'context_length_exceeded' } })
      await ask(visit, 'And now?')
      await page.getByText('No answer').waitFor()
      await page.getByText(/context window/).waitFor()
      expect(visit.problems.filter((problem) => !problem.includes('status of 4'))).toEqual([])
      await visit.close()
    })

    test('is clean on a phone in Chinese and the dark', async () => {
      const visit = await house.visit({
        path: '/playground',
        language: 'zh-CN',
        theme: 'dark',
        size: { width: 360, height: 760 },
      })
      await visit.page.getByRole('button', { name: '打个招呼' }).click()
      await answered(visit, 1)
      await visit.page.getByRole('button', { name: '显示选项' }).click()
      expect(await visit.axe()).toEqual([])
      expect(await visit.overflow()).toBe(0)
      expect(visit.problems).toEqual([])
      await visit.close()
    })
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function choose({ page }: Visit, label: string, option: string): Promise<void> {
  await page
    .getByRole('combobox', { name: label })
    .or(page.getByRole('textbox', { name: label }))
    .first()
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function ask({ page }: Visit, text: string): Promise<void> {
  await page.getByLabel('Message').fill(text)
  await page.keyboard.press('Enter')
}

/** So many exchanges are there, and the last one is over. */
async function answered({ page }: Visit, count: number): Promise<void> {
  await page.locator(`article:nth-of-type(${count})[data-state=done]`).waitFor()
}
