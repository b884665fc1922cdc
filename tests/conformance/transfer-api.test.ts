import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

const PASSPHRASE = 'a passphrase of the test'

let house: House
beforeEach(async () => {
  house = await openHouse({ accounts: 2, config: { quota: { refresh_minutes: 0 } } })
})
afterEach(() => house.close())

interface Answer {
  status: number
  headers: Headers
  text: string
  // Whatever the route tells; each test says what it expects of it.
  body: Record<string, unknown> & { error: string; code: string; pointer?: string }
}

async function ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const answer = await fetch(`${house.url}/auth/${path}`, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': type },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Answer['body'] }
}

const ids = () => house.gateway.accounts.list().map(({ id }) => id)
const secrets = () => house.accounts.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken])
const newcomer = (name = 'new') => house.simulator.addAccount({ email: `${name}@example.com`, plan: 'pro' })

describe('accounts go out', () => {
  test('sealed, and come in again by the passphrase alone', async () => {
    const { status, body, text } = await ask('POST', 'accounts/export', { passphrase: PASSPHRASE })
    expect(status).toBe(200)
    expect(body).toMatchObject({ count: 2, sealed: true, problems: [] })
    for (const secret of [...secrets(), PASSPHRASE]) expect(text).not.toContain(secret)
    await ask('POST', 'logout', { confirm: true })
    const file = String(body['text'])
    expect(await ask('POST', 'accounts/import', { content: file })).toMatchObject({
      status: 400,
      body: { code: 'sealed', pointer: '/passphrase' },
    })
    const wrong = await ask('POST', 'accounts/import', { content: file, passphrase: 'another passphrase' })
    expect(wrong).toMatchObject({ status: 400, body: { code: 'wrong_passphrase' } })
    const back = await ask('POST', 'accounts/import', { content: file, passphrase: PASSPHRASE })
    expect(back.body).toMatchObject({ success: true, added: 2, failed: 0, errors: [] })
    expect(ids()).toHaveLength(2)
  })

  test.each([
    ['full', /"type": "dragoman-accounts"/],
    ['minimal', /"refreshToken"/],
    ['codex_proxy', /"proxyApiKey": null/],
    ['cockpit_tools', /"type": "codex"/],
    ['cpa', /"last_refresh"/],
    ['sub2api', /"sub2api-data"/],
  ])('in the form %s, open when that is wished', async (format, looks) => {
    const { status, body } = await ask('POST', 'accounts/export', { format, plain: true })
    expect(status).toBe(200)
    expect(body['text']).toMatch(looks)
    expect(body['text']).toContain(house.accounts[0]!.refreshToken)
  })

  test('one of them as an auth.json', async () => {
    const { body } = await ask('POST', 'accounts/export', { format: 'codex', plain: true, ids: ids().slice(0, 1) })
    expect(body).toMatchObject({ name: 'auth.json', count: 1 })
    const two = await ask('POST', 'accounts/export', { format: 'codex', plain: true })
    expect(two).toMatchObject({ status: 400, body: { error: expect.stringMatching(/holds one account/) as string } })
  })

  test.each<[string, object, RegExp]>([
    ['without a word of protection', {}, /name a passphrase, or say "plain": true/],
    ['with both', { passphrase: PASSPHRASE, plain: true }, /not both/],
    ['in a form that is not known', { format: 'xml', plain: true }, /format is one of full/],
    ['sealed, in a form of others', { format: 'cpa', passphrase: PASSPHRASE }, /cannot be sealed/],
    ['with a short passphrase', { passphrase: 'short' }, /at least 8 characters/],
    ['of nobody', { ids: ['acc_gone'], plain: true }, /no account acc_gone/],
  ])('not %s', async (_, body, why) => {
    const { status, text, body: answer } = await ask('POST', 'accounts/export', body)
    expect(status).toBe(400)
    expect(answer.error).toMatch(why)
    for (const secret of secrets()) expect(text).not.toContain(secret)
  })

  test('never by GET', async () => {
    const { status, headers, body, text } = await ask('GET', `accounts/export?ids=${ids()[0]}&format=full`)
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('POST')
    expect(body.error).toContain('POST /auth/accounts/export')
    for (const secret of secrets()) expect(text).not.toContain(secret)
  })
})

describe('accounts come in', () => {
  test('from a file of any form, after a look that changes nothing', async () => {
    const file = { accounts: [newcomer().authJson, house.accounts[0]!.authJson, { label: 'without a token' }] }
    const look = await ask('POST', 'accounts/import?dryRun=true', file)
    expect(look.body).toMatchObject({ dryRun: true, added: 1, unchanged: 1, failed: 1 })
    expect(look.body['entries']).toMatchObject([
      { outcome: 'added', name: 'new@example.com' },
      { outcome: 'unchanged' },
      { outcome: 'failed', place: 'accounts[2]' },
    ])
    expect(ids()).toHaveLength(2)
    const { body } = await ask('POST', 'accounts/import', file)
    expect(body).toMatchObject({ success: true, dryRun: false, added: 1, failed: 1 })
    expect(body['errors']).toEqual([expect.stringMatching(/^accounts\[2\]: /)])
    expect(ids()).toHaveLength(3)
  })

  test('from text, a token a line', async () => {
    const text = `${newcomer('one').accessToken}\n${newcomer('two').refreshToken}\n`
    expect((await ask('POST', 'accounts/import', text, 'text/plain')).body).toMatchObject({ added: 2 })
  })

  test('in the background, with progress', async () => {
    const accounts = Array.from({ length: 30 }, (_, n) => newcomer(`many${n}`).authJson)
    const { status, body } = await ask('POST', 'accounts/import?background=true', { accounts })
    expect(status).toBe(202)
    const { id } = body['task'] as { id: string }
    const task = async () => {
      const answer = await fetch(`${house.url}/admin/tasks/${id}`, {
        headers: { authorization: `Bearer ${house.gateway.controlKey}` },
      })
      return (await answer.json()) as object
    }
    await expect
      .poll(task)
      .toMatchObject({ kind: 'import', state: 'done', done: 30, total: 30, failed: 0, result: { added: 30 } })
    expect(ids()).toHaveLength(32)
  })

  test('by an access token, by a refresh token', async () => {
    const byAccess = await ask('POST', 'token', { token: newcomer('access').accessToken })
    expect(byAccess.body).toMatchObject({ outcome: 'added', account: { email: 'access@example.com', state: 'active' } })
    const { refreshToken } = newcomer('refresh')
    const byRefresh = await ask('POST', 'accounts', { refreshToken, label: 'mine' })
    expect(byRefresh.body).toMatchObject({
      outcome: 'added',
      account: { label: 'mine', quota: expect.any(Object) as object },
    })
    expect(byRefresh.text).not.toContain(refreshToken)
  })

  test('what cannot be is told, and never repeated', async () => {
    expect(await ask('POST', 'accounts', {})).toMatchObject({ status: 400, body: { pointer: '/token' } })
    const nonsense = await ask('POST', 'token', { token: 'hunter2-is-no-token' })
    expect(nonsense.status).toBe(400)
    expect(nonsense.text).not.toContain('hunter2')
    const refused = await ask('POST', 'accounts', { refreshToken: 'rt_hunter2_unknown' })
    expect(refused).toMatchObject({ status: 502, body: { code: 'refresh_failed' } })
    expect(refused.text).not.toContain('hunter2')
    expect((await ask('POST', 'accounts/import', { content: 7 })).body).toMatchObject({ pointer: '/content' })
    expect(ids()).toHaveLength(2)
  })
})

test('all are removed only when that is said', async () => {
  expect(await ask('POST', 'logout', {})).toMatchObject({ status: 400, body: { pointer: '/confirm' } })
  expect(ids()).toHaveLength(2)
  expect((await ask('POST', 'logout', { confirm: true })).body).toEqual({ success: true, deleted: 2 })
  expect(ids()).toEqual([])
})
