import { expect, test } from 'vitest'
import { configSchema } from '../config/index.js'
import { configuredPrivateHosts } from './configured-private-hosts.js'

test.each<[string, object, string[]]>([
  ['nothing, as it comes', {}, []],
  ['what is allowed', { upstream: { allowed_private_hosts: ['nas.lan'] } }, ['nas.lan']],
  ['a test backend', { codex: { base_url: 'http://127.0.0.1:9/backend-api' } }, ['127.0.0.1:9']],
  ['a test login server', { auth: { issuer: 'http://localhost' } }, ['localhost:80']],
  ['an IPv6 one', { proxy: { check_url: 'http://[::1]:9/' } }, ['[::1]:9']],
  ['a receiver of notices', { notices: { webhook_url: 'http://127.0.0.1:9/hook?k=1' } }, ['127.0.0.1:9']],
  ['an encrypted one', { codex: { base_url: 'https://127.0.0.1' } }, ['127.0.0.1:443']],
  ['not what else an upstream may be', { codex: { base_url: 'https://10.0.0.1' } }, []],
])('%s', (_, config, expected) => {
  expect(configuredPrivateHosts(configSchema.parse(config))).toEqual(expected)
})
