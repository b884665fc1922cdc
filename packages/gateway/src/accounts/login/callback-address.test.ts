import { describe, expect, test } from 'vitest'
import { callbackAddress } from './callback-address.js'

const settings = (redirect_uri = '', callback_port = 1455, public_url = '') => ({
  auth: { redirect_uri, callback_port },
  server: { public_url },
})

describe('the callback address in force', () => {
  test.each([
    ['our own by default', settings(), 'http://127.0.0.1:1455/auth/callback', '127.0.0.1', [1455, 1457]],
    ['on another port', settings('', 5000), 'http://127.0.0.1:5000/auth/callback', '127.0.0.1', [5000, 1457]],
    [
      'a loopback one as it is named',
      settings('http://localhost:1455/auth/callback', 5000),
      'http://localhost:1455/auth/callback',
      '127.0.0.1',
      [1455],
    ],
    ['one of IPv6', settings('http://[::1]:1457/back'), 'http://[::1]:1457/back', '::1', [1457]],
    ['a loopback one without a port', settings('http://localhost/back'), 'http://localhost/back', '127.0.0.1', [80]],
    [
      'one elsewhere, from which the browser is passed on',
      settings('https://gateway.example/auth/callback', 5000),
      'https://gateway.example/auth/callback',
      '127.0.0.1',
      [5000],
    ],
  ])('is %s', (_, config, uri, host, ports) => {
    expect(callbackAddress(config)).toMatchObject({ uri, listen: { host, ports } })
  })

  test.each([
    [
      settings(),
      'logins come back to http://127.0.0.1:1455/auth/callback (auth.callback_port); from a browser on another machine, paste the address that it ends on',
    ],
    [
      settings('', 1455, 'https://gateway.example'),
      'logins come back to http://127.0.0.1:1455/auth/callback (auth.callback_port); from a browser elsewhere, that comes by https://gateway.example, paste the address that it ends on',
    ],
    [
      settings('https://gateway.example/auth/callback'),
      'logins come back to https://gateway.example/auth/callback (auth.redirect_uri), to be passed on to 127.0.0.1:1455; where it is not, paste the address that the browser ends on',
    ],
  ])('is told with its reason, and what to do where it does not lead back', (config, sentence) => {
    expect(callbackAddress(config).sentence).toBe(sentence)
  })
})
