import { expect, test } from 'vitest'
import { checkedAddresses } from './egress-policy.js'

const policy = (address: string) => ({
  allowedPrivateHosts: () => [],
  lookup: () => Promise.resolve([{ address }]),
})

test('the stand-in addresses of a program that tunnels the machine are taken for what they are', async () => {
  const tunnelled = checkedAddresses(policy('198.18.0.7'), 'api.example.com', 443, 'provider')
  await expect(tunnelled).resolves.toEqual(['198.18.0.7'])
})

test.each(['198.18.0.7', '198.19.255.255'])('an upstream that is written as %s is not', async (address) => {
  const named = checkedAddresses(policy(address), address, 443, 'provider')
  await expect(named).rejects.toMatchObject({ failure: { code: 'egress_forbidden' } })
})

test('a name that leads into this network is refused', async () => {
  const inside = checkedAddresses(policy('10.0.0.7'), 'api.example.com', 443, 'provider')
  await expect(inside).rejects.toMatchObject({ failure: { code: 'egress_forbidden' } })
})
