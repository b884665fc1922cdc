import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectMistake, openTerminal, type Running, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
  at.account('ann@example.com')
})
afterEach(() => at.close())

const addressIn = async (running: Running) => (await running.says(/^(http\S+\/oauth\/authorize\S+)$/m))[1]!

test('the browser comes back to the listener', async () => {
  const login = at.start(['login', '--label', 'work'])
  // The simulator approves at once and sends the browser to the callback.
  const page = await fetch(await addressIn(login))
  expect(page.url).toContain(`127.0.0.1:${at.env['DRAGOMAN_AUTH_CALLBACK_PORT']}/auth/callback`)
  expect(await page.text()).toContain('go back to Dragoman')
  expect(await login.done).toMatchObject({ code: 0, err: '' })
  expect(login.out).toMatch(/\nSigned in: work, plan plus\.\n$/)
  expect((await at.run('accounts', 'list')).out).toMatch(/work +plus +active/)
  expect((await at.run('accounts', 'refresh', 'work')).code).toBe(0)
})

test('the address that the browser ended on is pasted, after a wrong one', async () => {
  const login = at.start(['login', '--paste'])
  const reply = await fetch(await addressIn(login), { redirect: 'manual' })
  expect(login.out).not.toContain('Waiting for the browser')
  login.stdin.write('what is this\n')
  await login.says(/paste the whole address/)
  // Standard input ends right behind the address, as with a pipe: the login must still be finished.
  login.stdin.end(`${reply.headers.get('location')}\n`)
  await login.done
  expect(login.out).toMatch(/\nSigned in: ann@example\.com, plan plus\.\n$/)
})

test('a callback address of the configuration is told, named to the login server, and pasted back', async () => {
  const uri = 'http://localhost:1455/of-our-own'
  at.env['DRAGOMAN_AUTH_REDIRECT_URI'] = uri
  const login = at.start(['login', '--paste'])
  const reply = await fetch(await addressIn(login), { redirect: 'manual' })
  await login.says(/comes back to http:\/\/localhost:1455\/of-our-own \(auth\.redirect_uri\)/)
  const address = reply.headers.get('location')!
  expect(address.startsWith(`${uri}?`)).toBe(true)
  login.stdin.end(`${address}\n`)
  expect((await login.done).out).toMatch(/\nSigned in: ann@example\.com/)

  const mistake = { env: { DRAGOMAN_AUTH_REDIRECT_URI: 'http://gateway.example/back' } }
  expectMistake(await at.runWith(mistake, 'login', '--paste'), 1, /auth\.redirect_uri: expected an https URL/)
})

test('a code is typed on another device', async () => {
  const login = at.start(['login', '--device'])
  const [, code] = await login.says(/type this code: (\S+)/)
  at.simulator.approveDevice(code!)
  expect((await login.done).out).toMatch(/\nSigned in: ann@example\.com/)
})

test('signing in again is told as such, and --json answers in one line', async () => {
  for (const outcome of ['added', 'updated']) {
    const login = at.start(['login', '--json'])
    await fetch(await addressIn(login))
    const { out } = await login.done
    expect(JSON.parse(out)).toMatchObject({ outcome, account: { email: 'ann@example.com' } })
  }
})

test('a browser is opened on a terminal, and not with --no-browser, nor without a terminal', async () => {
  const opened: string[] = []
  const openBrowser = (url: string) => void opened.push(url)
  const login = at.start(['login'], { tty: true, openBrowser })
  const address = await addressIn(login)
  await login.says(/Waiting for the browser/)
  expect(opened).toEqual([address])
  login.signal()
  await login.done
  for (const [argv, tty] of [
    [['login', '--no-browser'], true],
    [['login', '--paste'], true],
    [['login'], false],
  ] as const) {
    const other = at.start([...argv], { tty, openBrowser })
    await other.says(/press Enter/)
    other.signal()
    await other.done
  }
  expect(opened).toHaveLength(1)
})

test('what ends a login without one is told in one line', async () => {
  const cancelled = at.start(['login', '--device'])
  await cancelled.says(/type this code/)
  cancelled.signal()
  expect(await cancelled.done).toMatchObject({ code: 1, err: 'dragoman: the login was cancelled\n' })

  const refused = at.start(['login'])
  await fetch(`${await addressIn(refused)}&decision=deny`)
  expect(await refused.done).toMatchObject({
    code: 1,
    err: 'dragoman: the login server refused: The person said no.\n',
  })

  const denied = at.start(['login', '--device'])
  at.simulator.denyDevice((await denied.says(/type this code: (\S+)/))[1]!)
  expect((await denied.done).code).toBe(1)

  const nobody = await at.run('login', '--paste')
  expect(nobody).toMatchObject({ code: 1, err: 'dragoman: the login was cancelled\n' })

  expectMistake(await at.run('login', '--device', '--paste'), 2, /choose one/)
  const offline = { env: { DRAGOMAN_AUTH_ISSUER: 'http://127.0.0.1:1' } }
  expectMistake(
    await at.runWith(offline, 'login', '--device'),
    1,
    /login server http:\/\/127\.0\.0\.1:1 cannot be reached/,
  )
  expect((await at.run('accounts', 'list', '--json')).out).toBe('[]\n')
})
