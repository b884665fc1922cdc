import { describe, expect, test } from 'vitest'
import { configSchema } from '../config/index.js'
import { welcome } from './welcome.js'

type Gateway = Parameters<typeof welcome>[1]

function gatewayWith(passwordSet: boolean): Gateway {
  const nothing = { list: () => [] }
  return {
    url: 'http://127.0.0.1:8080',
    demoKey: 'dgm-demo',
    passwordSet,
    sessions: { makeLink: () => ({ token: 'abc', expiresAt: 0 }) },
    accounts: nothing,
    store: { apiKeys: nothing },
  } as unknown as Gateway
}
const deps = { env: { HOME: '/nowhere' }, version: '1.0.0', dashboard: '/somewhere' }
const config = configSchema.parse({})

describe('the first words', () => {
  test('show a link into the dashboard while there is no password', () => {
    expect(welcome(deps, gatewayWith(false), config)).toContain('\n  http://127.0.0.1:8080/#token=abc\n')
  })

  test('show it where others find the gateway', () => {
    const text = welcome(deps, gatewayWith(false), config, 'https://gateway.example')
    expect(text).toContain('\n  https://gateway.example/#token=abc\n')
  })

  test('show no link where a password opens it, or where there is no dashboard', () => {
    const withPassword = welcome(deps, gatewayWith(true), config)
    expect(withPassword).not.toContain('#token=')
    expect(withPassword).toContain('Dashboard: http://127.0.0.1:8080/')
    const { dashboard: _, ...without } = deps
    expect(welcome(without, gatewayWith(false), config)).not.toMatch(/dashboard/i)
  })
})
