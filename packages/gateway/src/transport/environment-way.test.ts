import { describe, expect, test } from 'vitest'
import { environmentWay } from './environment-way.js'
import type { Way } from './way.js'

const SECURE = 'https://api.example.com/v1'

function way(env: Record<string, string>, url: string): Way {
  return environmentWay(env)(new URL(url))
}

/** A way as a URL with its password. */
function told(way: Way): string {
  if (way === 'direct') return way
  const login = way.username === undefined ? '' : `${way.username}:${way.password?.reveal() ?? ''}@`
  return `${way.protocol}://${login}${way.host}:${way.port}`
}

describe('the way out that the environment names', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['none', {}, SECURE, 'direct'],
    ['an empty one', { HTTPS_PROXY: ' ' }, SECURE, 'direct'],
    ['for https', { HTTPS_PROXY: 'http://p.example:3128' }, SECURE, 'http://p.example:3128'],
    ['for wss', { HTTPS_PROXY: 'http://p.example:3128' }, 'wss://api.example.com', 'http://p.example:3128'],
    ['not for http', { HTTPS_PROXY: 'http://p.example:3128' }, 'http://api.example.com', 'direct'],
    ['for http', { HTTP_PROXY: 'http://p.example:3128' }, 'http://api.example.com', 'http://p.example:3128'],
    ['for all', { ALL_PROXY: 'socks5h://p.example' }, 'http://api.example.com', 'socks5h://p.example:1080'],
    ['the closer one', { ALL_PROXY: 'socks5://a', HTTPS_PROXY: 'http://b:1' }, SECURE, 'http://b:1'],
    ['small letters', { https_proxy: 'http://small:1', HTTPS_PROXY: 'http://large:1' }, SECURE, 'http://small:1'],
    ['without a scheme', { HTTPS_PROXY: 'p.example:3128' }, SECURE, 'http://p.example:3128'],
    ['without a port', { HTTPS_PROXY: 'https://p.example/' }, SECURE, 'https://p.example:443'],
    ['port 80 of another protocol', { HTTPS_PROXY: 'https://p.example:80' }, SECURE, 'https://p.example:80'],
    ['as desktops write it', { ALL_PROXY: 'socks://p.example:1081' }, SECURE, 'socks5://p.example:1081'],
    ['with a login', { HTTPS_PROXY: 'http://me:p%40ss%3A@p.example:1' }, SECURE, 'http://me:p@ss:@p.example:1'],
    ['an IPv6 one', { HTTPS_PROXY: 'http://[::1]:3128' }, SECURE, 'http://::1:3128'],
  ])('%s', (_, env, url, expected) => {
    expect(told(way(env, url))).toBe(expected)
  })

  test.each([
    ['*', SECURE],
    ['api.example.com', SECURE],
    ['example.com', SECURE],
    ['.example.com', SECURE],
    ['*.example.com', SECURE],
    ['EXAMPLE.COM', SECURE],
    ['example.com:443', SECURE],
    ['other.example, example.com', SECURE],
    ['other.example example.com', SECURE],
    ['10.0.0.0/8', 'https://10.1.2.3/'],
    ['10.1.2.3', 'https://10.1.2.3/'],
    ['fd00::/8', 'https://[fd12::1]:8443/'],
    ['[fd12::1]:8443', 'https://[fd12::1]:8443/'],
    ['fd12::1', 'https://[fd12::1]:8443/'],
    ['', 'https://localhost:1/'],
    ['', 'https://127.0.0.1:1/'],
    ['', 'https://[::1]/'],
  ])('NO_PROXY %j lets %s go direct', (list, url) => {
    expect(way({ HTTPS_PROXY: 'http://p:1', NO_PROXY: list }, url)).toBe('direct')
  })

  test.each([
    ['other.example', SECURE],
    ['ple.com', SECURE],
    ['example.com:8443', SECURE],
    ['10.0.0.0/8', 'https://11.1.2.3/'],
    ['10.0.0.0/8', 'https://10.example/'],
    ['10.0.0.0/99', 'https://10.1.2.3/'],
    ['://?', SECURE],
  ])('NO_PROXY %j does not let %s', (list, url) => {
    expect(told(way({ HTTPS_PROXY: 'http://p:1', NO_PROXY: list }, url))).toBe('http://p:1')
  })

  test.each([
    ['HTTPS_PROXY', 'ftp://me:canary@p:1'],
    ['https_proxy', 'http://me:canary@'],
    ['ALL_PROXY', 'socks4://me:canary@p:1'],
    ['HTTP_PROXY', 'http://me:canary@p:99999'],
    ['HTTPS_PROXY', 'http://me:canary%@p:1'],
    ['HTTPS_PROXY', 'http://me:canary@p:1/path'],
  ])('%s=%s is told by its name alone', (variable, value) => {
    expect(() => environmentWay({ [variable]: value })).toThrow(new RegExp(`^${variable} is no proxy: `))
    expect(() => environmentWay({ [variable]: value })).not.toThrow(/canary/)
  })
})
