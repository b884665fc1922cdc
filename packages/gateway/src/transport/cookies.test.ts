import { describe, expect, test } from 'vitest'
import { createCookies } from './cookies.js'

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
