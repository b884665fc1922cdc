import { describe, expect, test } from 'vitest'
import { hostNames, outsideUrl } from './addresses.js'

describe('where the gateway is seen', () => {
  test.each([
    ['', 'http://127.0.0.1:8080'],
    ['https://gateway.example', 'https://gateway.example'],
    ['https://gateway.example/ai/', 'https://gateway.example/ai'],
  ])('with the public address %j: %s', (public_url, expected) => {
    expect(outsideUrl('http://127.0.0.1:8080', { public_url })).toBe(expected)
  })

  test.each([
    ['', ['a.example'], ['a.example']],
    ['https://Gateway.Example:8443/ai', ['a.example'], ['a.example', 'gateway.example']],
  ])('with the public address %j and names %j it may be called by %j', (public_url, allowed_hosts, expected) => {
    expect(hostNames({ public_url, allowed_hosts })).toEqual(expected)
  })
})
