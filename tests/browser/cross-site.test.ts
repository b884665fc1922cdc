import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keptBy, managementOf } from '../security/management-of.js'
import { hasChromium, openBrowserHouse, type BrowserHouse } from './browser.js'

/** Another program of the same computer, or another site: its pages try what pages can, in the browser of somebody who is signed in. */
let house: BrowserHouse
let other: Server
let port: number

if (hasChromium) {
  beforeAll(async () => {
    house = await openBrowserHouse({ accounts: 1 })
    other = createServer((_, res) => {
      res.writeHead(200, { 'content-type': 'text/html' })
      res.end('<!doctype html><title>other</title><iframe name="target"></iframe>')
    })
    other.listen(0)
    await once(other, 'listening')
    port = (other.address() as AddressInfo).port
  })
  afterAll(async () => {
    other.closeAllConnections()
    other.close()
    await house.close()
  })

  /** Node tells it of every answer that any server of this process gave. */
  const FINISHED = 'http.server.response.finish'

  /** What is kept, once what the closed page still had to say is written. */
  async function settled(): Promise<Record<string, string>> {
    for (let before = await keptBy(house); ;) {
      await house.browser.newPage().then((blank) => blank.close())
      const now = await keptBy(house)
      if (JSON.stringify(now) === JSON.stringify(before)) return now
      before = now
    }
  }

  describe.each([
    // Cookies know no ports: the browser takes these two for one site.
    { host: '127.0.0.1', sendsCookie: true },
    { host: 'localhost', sendsCookie: false },
  ])('a page of $host on another port', ({ host, sendsCookie }) => {
    test('reads nothing and changes nothing, though its browser is signed in', async () => {
      const { page, close } = await house.visit()
      await page.getByRole('heading', { level: 1 }).waitFor()
      const own = new URL(page.url()).origin
      const targets = managementOf(house).filter(({ method }) => method !== 'HEAD')

      const evil = await page.context().newPage()
      // The browser keeps to itself what it hides from a page; so it is the gateway's answers that are looked at.
      const seen: { what: string; status: number; cookie: boolean; origin: string | undefined }[] = []
      const look = (message: unknown): void => {
        const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
        if (request.headers.host !== new URL(own).host) return
        // The page of the gateway itself goes on asking, with the value that no other page has.
        const second = request.headers['x-dragoman-session']
        if (second !== undefined && second !== 'x') return
        seen.push({
          what: `${request.method} ${request.url}`,
          status: response.statusCode,
          cookie: request.headers.cookie !== undefined,
          origin: request.headers.origin,
        })
      }
      await evil.goto(`http://${host}:${port}/`)
      expect(await evil.evaluate(() => localStorage.length)).toBe(0)
      // It has nothing more to say of itself, neither to anybody nor into the log of errors.
      await page.close()
      const before = await settled()
      subscribe(FINISHED, look)

      const read = await evil.evaluate(
        async ({ own, targets }) => {
          const readable: string[] = []
          const attempt = async (name: string, path: string, init: RequestInit): Promise<void> => {
            const answer = await fetch(own + path, { credentials: 'include', ...init }).catch(() => undefined)
            const seen = answer === undefined || answer.type === 'opaque' ? '' : await answer.text()
            if (seen !== '') readable.push(`${name} ${path}: ${seen.slice(0, 80)}`)
          }
          const attempts = targets.flatMap(({ method, path }) => {
            const body = '{}'
            const headers = { 'content-type': 'application/json', 'x-dragoman-session': 'x' }
            if (method === 'GET') return [() => attempt('open', path, { mode: 'cors' })]
            return [
              () => attempt('with headers', path, { method, mode: 'cors', headers, body }),
              // All that needs no leave to be sent.
              ...(method === 'POST' ? [() => attempt('blind', path, { method, mode: 'no-cors', body })] : []),
            ]
          })
          while (attempts.length > 0) await Promise.all(attempts.splice(0, 60).map((one) => one()))
          return readable
        },
        { own, targets },
      )
      expect(read).toEqual([])

      // Forms, pictures, scripts, frames, events, sockets.
      await evil.evaluate(
        async ({ own, posts, gets }) => {
          const loaded = (element: HTMLElement): Promise<void> =>
            new Promise((resolve) => {
              element.addEventListener('load', () => resolve())
              element.addEventListener('error', () => resolve())
              document.body.append(element)
            })
          const frame = document.querySelector('iframe')
          for (const path of posts) {
            for (const enctype of ['application/x-www-form-urlencoded', 'text/plain']) {
              const form = document.createElement('form')
              Object.assign(form, { method: 'post', action: own + path, target: 'target', enctype })
              const field = document.createElement('input')
              Object.assign(field, { name: '{"ids":["x"],"password":"', value: 'taken over here"}' })
              form.append(field)
              document.body.append(form)
              await new Promise<void>((resolve) => {
                frame?.addEventListener('load', () => resolve(), { once: true })
                form.submit()
              })
            }
          }
          for (const path of gets) {
            const [image, script, inside] = [
              document.createElement('img'),
              document.createElement('script'),
              document.createElement('iframe'),
            ]
            image.src = script.src = inside.src = own + path
            await Promise.all([loaded(image), loaded(script), loaded(inside)])
          }
          await new Promise<void>((resolve) => {
            const events = new EventSource(`${own}/admin/live?topics=events`, { withCredentials: true })
            events.onerror = () => resolve()
          })
          await new Promise<void>((resolve) => {
            const socket = new WebSocket(`${own.replace('http', 'ws')}/admin/live`)
            socket.onerror = () => resolve()
          })
        },
        {
          own,
          posts: targets
            .filter(({ method }) => method === 'POST')
            .map(({ path }) => path)
            .slice(0, 4),
          gets: ['/admin/sessions', '/auth/dashboard-status', '/admin/openapi.json', '/'],
        },
      )

      unsubscribe(FINISHED, look)
      // The page itself is public, and nobody may put it into a frame.
      const passed = seen.filter(({ what, status }) => status < 400 && what !== 'GET /')
      expect(passed).toEqual([])
      expect(seen.length).toBeGreaterThan(targets.length)
      expect(seen.some(({ cookie }) => cookie)).toBe(sendsCookie)
      expect(seen.some(({ origin }) => origin === `http://${host}:${port}`)).toBe(true)
      expect(
        await evil
          .frames()
          .at(-1)
          ?.evaluate(() => document.body.textContent),
      ).not.toContain('Dragoman')
      expect(await keptBy(house)).toEqual(before)

      // A link to the page from there opens it, as any bookmark does; what it opens is out of reach.
      const [opened] = await Promise.all([
        page.context().waitForEvent('page'),
        evil.evaluate((to) => {
          Reflect.set(window, 'opened', window.open(to))
        }, `${own}/#/accounts`),
      ])
      await opened.waitForLoadState()
      expect(await evil.evaluate(() => (Reflect.get(window, 'opened') as Window | null)?.closed ?? true)).toBe(true)
      await close()
    }, 60_000)
  })
} else {
  test('browser tests need Chromium, which is not installed', () => expect(hasChromium).toBe(false))
}
