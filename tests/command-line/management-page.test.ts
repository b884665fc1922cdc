import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../../packages/gateway/src/config/index.js'
import { expectMistake, oneLineOfJson, openTerminal, type Running, type Terminal } from './terminal.js'

const PASSWORD = 'correct horse battery'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
  at.secrets.add(PASSWORD)
})
afterEach(() => at.close())

async function started(...more: string[]): Promise<{ gateway: Running; url: string }> {
  const gateway = at.start(['serve', '--port', '0', '--json', ...more])
  await gateway.says(/"event":"ready".*\n/)
  return { gateway, url: (JSON.parse(gateway.out) as { url: string }).url }
}

async function stop(gateway: Running): Promise<void> {
  gateway.signal()
  await gateway.done
}

const post = (url: string, path: string, body: object) =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const statusAt = async (url: string) =>
  (await (await fetch(`${url}/auth/dashboard-status`)).json()) as { passwordSet: boolean }

describe('open', () => {
  test('prints a link that signs in once, and shows it in the browser', async () => {
    const { gateway, url } = await started()
    const opened: string[] = []
    const said = await at.start(['open'], { openBrowser: (link) => opened.push(link) }).done
    expect(said).toMatchObject({ code: 0, err: '' })
    const [link = ''] = said.out.split('\n')
    expect(link).toMatch(new RegExp(`^${url}/#token=[\\w-]{43}$`))
    expect(opened).toEqual([link])
    const token = link.split('#token=')[1]
    expect((await post(url, '/auth/dashboard-link', { token })).status).toBe(200)
    expect((await post(url, '/auth/dashboard-link', { token })).status).toBe(401)
    const printed = await at.start(['open', '--print'], { openBrowser: (shown) => opened.push(shown) }).done
    expect(printed.out).toContain(`${url}/#token=`)
    expect(oneLineOfJson(await at.run('open', '--json'))).toMatchObject({
      link: expect.stringContaining(url) as string,
    })
    expect(opened).toHaveLength(1)
    await stop(gateway)
  })

  test('says what to do when nothing runs', async () => {
    expectMistake(await at.run('open'), 1, /dragoman serve/)
  })

  test('names the public address, too', async () => {
    const { gateway, url } = await started('--config', 'server.public_url=https://gateway.example/')
    const { out } = await at.run('open', '--print')
    expect(out).toMatch(new RegExp(`^${url}/#token=`))
    expect(out).toContain('From elsewhere: https://gateway.example/#token=')
    await stop(gateway)
  })
})

describe('password', () => {
  test('set beside a running gateway is in force there, and signs everybody out', async () => {
    const { gateway, url } = await started()
    const { link } = oneLineOfJson(await at.run('open', '--json')) as { link: string }
    const entered = await post(url, '/auth/dashboard-link', { token: link.split('#token=')[1] })
    const { session } = (await entered.json()) as { session: string }
    const headers = {
      cookie: (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
      'x-dragoman-session': session,
    }
    const live = await fetch(`${url}/admin/live?topics=events`, { headers })
    expect(live.status).toBe(200)
    expect(await at.runWith({ stdin: `${PASSWORD}\n` }, 'password', 'set', '--stdin')).toMatchObject({ code: 0 })
    // The stream ends when the gateway has seen it.
    await live.text()
    expect((await fetch(`${url}/admin/sessions`, { headers })).status).toBe(401)
    expect((await post(url, '/auth/dashboard-login', { password: PASSWORD })).status).toBe(200)
    const control = JSON.parse(readFileSync(`${at.home}/run.json`, 'utf8')) as { control: string }
    const trail = await fetch(`${url}/admin/audit?q=password`, {
      headers: { authorization: `Bearer ${control.control}` },
    })
    expect(await trail.json()).toMatchObject({
      acts: [{ who: 'command line', route: '/admin/password', method: 'PUT' }],
    })
    await stop(gateway)
  })

  test.each([
    [['set'], '', /--stdin or --env/],
    [['set', '--stdin', '--env', 'X'], '', /--stdin or --env/],
    [['set', '--stdin'], 'short\n', /at least 8/],
    [['set', '--stdin'], 'dragoman1\n', /anybody tries/],
  ])('%j is a mistake', async (argv, stdin, what) => {
    expectMistake(await at.runWith({ stdin }, 'password', ...argv), 2, what)
  })

  test('lasts, and the start says how to get in', async () => {
    await at.runWith({ stdin: PASSWORD }, 'password', 'set', '--stdin')
    const { gateway, url } = await started()
    expect(await statusAt(url)).toMatchObject({ passwordSet: true })
    await stop(gateway)
  })
})

describe.each(['management.md', 'management.zh-CN.md'])('docs/%s', (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')

  test('names commands that work', async () => {
    const commands = [...text.matchAll(/^npx dragoman ([^#\n]+)/gm)].map(([, command = '']) =>
      command.trim().split(/ +/),
    )
    expect(commands).toHaveLength(4)
    const { gateway, url } = await started()
    for (const argv of commands) {
      expect(await at.runWith({ env: { NEW_PASSWORD: PASSWORD } }, ...argv)).toMatchObject({ code: 0, err: '' })
    }
    const [curl = ''] = /^curl .*$/m.exec(text) ?? []
    const here = curl.replace('http://127.0.0.1:8080', url).replace('/.dragoman/', '/')
    const { stdout } = await promisify(execFile)('sh', ['-c', here], { env: { ...process.env, HOME: at.home } })
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [] })
    await stop(gateway)
  })

  test('shows a configuration that is good, and routes that are there', async () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? []
    expect(configSchema.safeParse(parse(yaml)).success).toBe(true)
    const { gateway, url } = await started()
    const { control } = JSON.parse(readFileSync(`${at.home}/run.json`, 'utf8')) as { control: string }
    const document = (await (
      await fetch(`${url}/admin/openapi.json`, { headers: { authorization: `Bearer ${control}` } })
    ).json()) as { paths: Record<string, Record<string, unknown>> }
    const named = [...text.matchAll(/`(GET|POST|PUT|DELETE) (\/[^`]+)`/g)]
    expect(named.length).toBeGreaterThan(10)
    for (const [, method = '', path = ''] of named) {
      expect(document.paths[path.replace(':id', '{id}')]?.[method.toLowerCase()], `${method} ${path}`).toBeDefined()
    }
    await stop(gateway)
  })
})

test('both pages tell the same', () => {
  const [english = '', chinese = ''] = ['management.md', 'management.zh-CN.md'].map((page) =>
    readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8'),
  )
  const named = (text: string): string[] =>
    [...new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name))].sort()
  expect(named(chinese)).toEqual(named(english))
  const figures = (text: string): string[] => [...new Set(text.match(/\b\d[\d,]*\b/g) ?? [])].sort()
  expect(figures(chinese)).toEqual(figures(english))
})
