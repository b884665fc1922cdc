import { describe, expect, test } from 'vitest'
import { createCookies, loadHandSet, type HandSetRows } from './cookies.js'

const url = 'https://chatgpt.com/backend-api/codex/responses'

describe('cookies', () => {
  test("keeps Cloudflare's, for the account and host that got them", async () => {
    const cookies = createCookies()
    await cookies.learn('a', url, ['__cf_bm=one; Path=/; Secure; HttpOnly', 'cf_clearance=two; Path=/; Secure'])
    expect(cookies.header('a', url)).toBe('__cf_bm=one; cf_clearance=two')
    expect(cookies.header('b', url)).toBe(undefined)
    expect(cookies.header('a', 'https://other.example/')).toBe(undefined)
  })

  test('keeps nothing else', async () => {
    const cookies = createCookies()
    await cookies.learn('a', url, ['session=secret; Path=/', 'xcf_clearance=no; Path=/', 'garbage', '=; ='])
    expect(cookies.header('a', url)).toBe(undefined)
  })

  test('forgets with the account', async () => {
    const cookies = createCookies()
    await cookies.learn('a', url, '__cf_bm=one; Path=/')
    cookies.forget('a')
    expect(cookies.header('a', url)).toBe(undefined)
  })
})

describe('cookies set by hand', () => {
  test('go beside those that were learnt, and stand above them', async () => {
    const cookies = createCookies()
    await cookies.learn('a', url, ['__cf_bm=learnt; Path=/', '_cfuvid=kept; Path=/'])
    cookies.setByHand('a', { __cf_bm: 'mine', anything: 'else' })
    expect(cookies.header('a', url)).toBe('__cf_bm=mine; anything=else; _cfuvid=kept')
    await cookies.learn('a', url, '__cf_bm=newer; Path=/')
    expect(cookies.header('a', url)).toBe('__cf_bm=mine; anything=else; _cfuvid=kept')
    expect(cookies.header('b', url)).toBe(undefined)
  })

  test('go without any that was learnt; taking them away leaves the learnt ones', async () => {
    const cookies = createCookies()
    cookies.setByHand('a', { one: '1' })
    expect(cookies.header('a', url)).toBe('one=1')
    cookies.setByHand('a', { two: '2' })
    expect(cookies.header('a', url)).toBe('two=2')
    await cookies.learn('a', url, '__cf_bm=learnt; Path=/')
    cookies.setByHand('a', {})
    expect(cookies.header('a', url)).toBe('__cf_bm=learnt')
  })

  test('are forgotten with the account', () => {
    const cookies = createCookies()
    cookies.setByHand('a', { one: '1' })
    cookies.forget('a')
    expect(cookies.header('a', url)).toBe(undefined)
  })
})

describe('cookies kept with accounts', () => {
  const kept = new Map<string, Record<string, string>>()
  const rows: HandSetRows = {
    list: () => Promise.resolve([...kept].map(([id, set]) => ({ id, hasCookies: Object.keys(set).length > 0 }))),
    cookies: (id) => (id === 'bad' ? Promise.reject(new Error('sealed')) : Promise.resolve(kept.get(id) ?? {})),
  }

  test('are sent once they are loaded, changed and taken away with what is kept', async () => {
    const cookies = createCookies()
    const load = loadHandSet(rows, cookies)
    kept.set('a', { one: '1' }).set('b', {}).set('c', { three: '3' })
    expect(await load()).toEqual([])
    expect(['a', 'b', 'c'].map((id) => cookies.header(id, url))).toEqual(['one=1', undefined, 'three=3'])
    kept.set('a', {}).delete('c')
    kept.set('b', { two: '2' })
    await load()
    expect(['a', 'b', 'c'].map((id) => cookies.header(id, url))).toEqual([undefined, 'two=2', undefined])
  })

  test('of one account that cannot be read stop no other, and it keeps what it had', async () => {
    const cookies = createCookies()
    cookies.setByHand('bad', { old: 'one' })
    kept.clear()
    kept.set('bad', { x: '1' }).set('good', { y: '2' })
    expect(await loadHandSet(rows, cookies)()).toEqual(['bad'])
    expect(cookies.header('bad', url)).toBe('old=one')
    expect(cookies.header('good', url)).toBe('y=2')
  })

  test('are loaded one after the other, so that the last reading holds; one that fails stops none', async () => {
    const cookies = createCookies()
    let reads = 0
    const load = loadHandSet(
      {
        list: () => Promise.resolve([{ id: 'a', hasCookies: true }]),
        cookies: async () => {
          const nth = ++reads
          if (nth === 1) await new Promise((resolve) => setImmediate(resolve))
          return { nth: String(nth) }
        },
      },
      cookies,
    )
    await Promise.all([load(), load()])
    expect(cookies.header('a', url)).toBe('nth=2')
    let fails = true
    const other = loadHandSet(
      { ...rows, list: () => (fails ? Promise.reject(new Error('locked')) : rows.list()) },
      cookies,
    )
    await expect(other()).rejects.toThrow('locked')
    fails = false
    expect(await other()).toEqual(['bad'])
  })
})
