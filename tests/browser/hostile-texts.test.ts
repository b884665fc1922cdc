import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey } from '../house.js'
import { openBrowserHouse, type BrowserHouse, type Visit } from './browser.js'

/** What an upstream, a file or a client might say to be run instead of read. Source: reliability-security 3.1. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '<a href="javascript:alert(1)">x</a>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '\u202e<b onmouseover=alert(1)>b</b>',
  '<style>@import "http://evil.example/x.css"</style>',
  '<base href="http://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
  "'-alert(1)-'",
]
const text = (at: number): string => PAYLOADS[at % PAYLOADS.length] ?? ''

let house: BrowserHouse
beforeAll(async () => {
  house = await openBrowserHouse({ accounts: 2, config: { requests: { keep: 500 } } })
  const { gateway, simulator } = house
  const [first] = gateway.accounts.list()
  if (first === undefined) throw new Error('there are two accounts')
  await gateway.accounts.change(first.id, { label: text(1).slice(0, 64), note: text(2), groups: [text(0)] })
  for (const [at, payload] of PAYLOADS.entries()) {
    await gateway.store.clientKeys.create({ name: payload })
    await addKey(house, { vendor: 'compatible', models: [payload], label: payload.slice(0, 64), provider: `p${at}` })
    await gateway.store.proxies.add([{ name: payload, protocol: 'http', host: `h${at}.example`, port: 8080 }])
    simulator.script({
      times: 1,
      reply: { status: 400, body: { error: { message: payload, type: payload } } },
    } as never)
    await house.post('/v1/chat/completions', { model: 'gpt-5.5', messages: [{ role: 'user', content: payload }] })
    await house.post(
      '/v1/chat/completions',
      { model: payload, messages: [{ role: 'user', content: 'x' }] },
      { 'user-agent': payload.replace(/[^\x20-\x7e]/g, '') },
    )
    gateway.notices.tell({ type: 'proxy_down', data: { proxy: payload, reason: payload } })
  }
}, 60_000)
afterAll(() => house.close())

async function opened(visit: Visit, path: string): Promise<void> {
  const { page } = visit
  await page.evaluate((to) => void (location.hash = to), path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null)
}

describe('texts from elsewhere are read, never run', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await house.visit({ path: '/' })
  })
  afterAll(() => visit.close())

  test.each([
    '/',
    '/accounts',
    '/api-keys',
    '/models',
    '/client-keys',
    '/proxies',
    '/usage',
    '/requests',
    '/events',
    '/connect',
    '/playground',
    '/settings?q=<img src=x onerror=alert(1)>',
  ])('%s', async (path) => {
    await opened(visit, path)
    const { page } = visit
    // Whatever opens on this page is opened once.
    for (const row of await page
      .locator('main table tbody tr, main [data-row]')
      .all()
      .then((all) => all.slice(0, 2))) {
      await row.click({ timeout: 1_000 }).catch(() => undefined)
    }
    const planted = await page.evaluate(() => ({
      scripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).length,
      handlers: document.querySelectorAll('[onerror],[onload],[ontoggle],[onmouseover]').length,
      links: [...document.querySelectorAll('a[href]')].filter(
        (link) => !/^(https?:|#|\/|blob:|mailto:)/.test(link.getAttribute('href') ?? ''),
      ).length,
      frames: document.querySelectorAll('iframe, base, object, embed').length,
    }))
    expect(planted).toEqual({ scripts: 0, handlers: 0, links: 0, frames: 0 })
    expect(visit.problems).toEqual([])
    // What was opened is closed, so that the next page stands alone.
    await page.keyboard.press('Escape')
  })

  test('they are there to be read', async () => {
    await opened(visit, '/client-keys')
    await visit.page.getByText('<img src=x onerror=alert(1)>').first().waitFor()
    await opened(visit, '/events')
    await visit.page.getByText('<script>alert(1)</script>').first().waitFor()
  })
})
