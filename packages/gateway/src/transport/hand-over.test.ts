import { expect, test } from 'vitest'
import { Secret } from '../telemetry/index.js'
import { egressEnvironment, handedOver, type Egress } from './hand-over.js'
import { sameWay, type ProxyAddress } from './way.js'

const rest = { allowedPrivateHosts: ['127.0.0.1:1'], connectTimeoutMs: 7, systemCa: true }
const proxy: ProxyAddress = { id: 'p', name: 'Berlin', protocol: 'socks5h', host: 'p.example', port: 1080 }

test.each<Egress>([
  { ...rest, way: 'direct' },
  { ...rest, way: proxy },
  { ...rest, way: { ...proxy, username: 'me', password: new Secret('secret') } },
])('a helper goes the way that it is handed', (egress) => {
  const arrived = handedOver(egressEnvironment(egress))
  expect(arrived).toMatchObject(rest)
  expect(sameWay(arrived!.way, egress.way)).toBe(true)
})

test('without one there is none', () => {
  expect(handedOver({})).toBe(undefined)
})
