import type { DialectId } from '@dragoman/protocol'
import type { Vendor } from '@dragoman/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readersAt } from '../conformance/matrix/clients.js'
import { addKey, openHouse, type House } from '../house.js'

/** Every wire that an API key may have. */
const WIRES: readonly { vendor: Vendor; wire: string }[] = [
  { vendor: 'openai', wire: 'chat' },
  { vendor: 'openai', wire: 'responses' },
  { vendor: 'anthropic', wire: 'anthropic' },
  { vendor: 'gemini', wire: 'gemini' },
  { vendor: 'openrouter', wire: 'chat' },
]
const HOWS = ['fin', 'unfinished', 'rst', 'inside-fin', 'inside-rst'] as const
const SCENE = [
  { type: 'text', text: 'one two three' },
  { type: 'toolCalls', calls: [{ name: 'look', arguments: { at: 'this' } }] },
] as const

let house: House
beforeAll(async () => {
  house = await openHouse({ config: { ollama: { enabled: true, port: 0 } } })
  for (const { vendor, wire } of WIRES) {
    await addKey(house, { vendor, wire, provider: `${vendor}-${wire}`, models: [`${vendor}-${wire}`] })
  }
})
afterAll(() => house.close())

describe.each(WIRES.map(({ vendor, wire }) => `${vendor}-${wire}`))('an answer of %s that breaks off', (model) => {
  test.each(HOWS)('by %s anywhere never looks like a whole one to any client', async (how) => {
    const clients = readersAt({
      openai: `${house.url}/v1`,
      anthropic: house.url,
      google: house.url,
      ollama: house.ollamaUrl,
      key: house.key,
      model,
    })
    const silent: string[] = []
    let places = 0
    for (let at = 1; at < 40; at++) {
      const rule = house.simulator.script({
        at: 'vendors',
        scene: SCENE,
        fault: { type: 'cut', at, how },
        unchecked: true,
      })
      let whole = 0
      try {
        for (const [dialect, { stream }] of Object.entries(clients) as [DialectId, (typeof clients)[DialectId]][]) {
          const heard = await stream().then(
            (neutral) => neutral,
            () => undefined,
          )
          if (heard === undefined) continue
          // Behind the frame that ends the answer there is nothing left to lose.
          if (heard.calls.length === 1 && heard.finish === 'calls') whole++
          else silent.push(`${dialect} at ${at}: ${JSON.stringify(heard)}`)
        }
      } finally {
        rule.remove()
      }
      if (whole === Object.keys(clients).length) break
      expect([at, whole]).toEqual([at, 0])
      places++
    }
    expect(silent).toEqual([])
    expect(places).toBeGreaterThan(1)
  })
})
