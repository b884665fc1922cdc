import { faults } from '@dragoman/simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addKey, openHouse, type House } from '../house.js'
import { scriptEachTest, thrown } from '../scripting.js'

/** A chain over all kinds of upstreams: Codex, a key of OpenAI, one of Anthropic. */
const chain = {
  model: {
    fallbacks: {
      'gpt-5.5': ['openai:gpt-4o', { to: 'anthropic:claude-large', when: ['context_too_long' as const] }],
    },
  },
}

let house: House
const script = scriptEachTest(() => house)
beforeEach(async () => {
  house = await openHouse({ config: chain })
  await addKey(house, { vendor: 'openai', models: ['gpt-4o'] })
  await addKey(house, { vendor: 'anthropic', models: ['claude-large'] })
})
afterEach(() => house.close())

const ask = () =>
  house.openai.chat.completions.create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] })
const vendorsAsked = () => house.simulator.requests.flatMap(({ vendor }) => vendor ?? [])

describe('a chain of fallbacks', () => {
  test('quota gone on Codex: a key answers, and the client sees one clean stream that says so', async () => {
    script({ fault: faults.usageLimit429() })
    script({ at: 'vendor-chat', scene: [{ type: 'text', text: 'The key has answered.' }] })
    const { data, response } = await house.openai.chat.completions
      .create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }], stream: true })
      .withResponse()
    let text = ''
    let finish: string | null = null
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? ''
      finish = chunk.choices[0]?.finish_reason ?? finish
    }
    expect([text, finish]).toEqual(['The key has answered.', 'stop'])
    expect(response.headers.get('x-dragoman-fallback')).toBe('codex:gpt-5.5 -> openai:gpt-4o (quota)')
    expect(vendorsAsked()).toEqual(['openai'])
    expect(house.gateway.records.list(1)[0]).toMatchObject({
      route: 'openai:gpt-4o',
      fallbacks: ['codex:gpt-5.5 -> openai:gpt-4o (quota)'],
      attempts: [{ outcome: 'quota_exhausted' }, { outcome: 'ok' }],
    })
  })

  test('an overloaded backend and one that cannot be reached are followed by the key as well', async () => {
    const rule = script({ fault: faults.overloaded503 })
    expect((await ask()).choices[0]?.message.content).toBeTruthy()
    rule.remove()
    script({ fault: faults.connectionReset })
    expect((await ask()).choices[0]?.message.content).toBeTruthy()
    expect(vendorsAsked()).toEqual(['openai', 'openai'])
  })

  test('a conversation that is too long goes to the model that is there for it, past the one that is not', async () => {
    script({ fault: { type: 'status', name: 'context_length_exceeded' } })
    expect((await ask()).choices[0]?.message.content).toBeTruthy()
    expect(vendorsAsked()).toEqual(['anthropic'])
  })

  test('who asked for something wrong is told so, and nobody else is asked', async () => {
    script({
      fault: {
        type: 'reply',
        status: 400,
        body: { error: { message: 'Invalid value', type: 'invalid_request_error' } },
      },
    })
    const error = await thrown(ask())
    expect(error.status).toBe(400)
    expect(vendorsAsked()).toEqual([])
  })

  test('nothing is asked twice once something has reached the client', async () => {
    script({ scene: [{ type: 'text', text: 'one two three four' }], fault: faults.cut(6) })
    const stream = await house.openai.chat.completions.create({
      model: 'gpt-5.5',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
    let text = ''
    const error = await thrown(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
      })(),
    )
    expect(text).not.toBe('')
    expect(error).toBeInstanceOf(Error)
    expect(vendorsAsked()).toEqual([])
  })

  test('when the whole chain fails, the last failure is told', async () => {
    script({ fault: faults.usageLimit429() })
    script({ at: 'vendor-chat', fault: { type: 'status', name: 'rate_limited', retryAfter: 7 } })
    const error = await thrown(ask())
    expect(error.status).toBe(429)
    expect(error.headers?.get('x-dragoman-fallback')).toContain('openai:gpt-4o')
  })

  test('without any account the chain begins with its keys', async () => {
    const lonely = await openHouse({ accounts: 0, config: chain })
    try {
      await addKey(lonely, { vendor: 'openai', models: ['gpt-4o'] })
      const { response } = await lonely.openai.chat.completions
        .create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] })
        .withResponse()
      expect(response.headers.get('x-dragoman-fallback')).toBe('codex:gpt-5.5 -> openai:gpt-4o (unavailable)')
    } finally {
      await lonely.close()
    }
  })
})

describe('the keys of one model', () => {
  test('one that is out of quota is followed by the other, and rests', async () => {
    const [first, second] = [
      await addKey(house, { vendor: 'compatible', models: ['twin'], label: 'one' }),
      await addKey(house, { vendor: 'compatible', models: ['twin'], label: 'two' }),
    ]
    script({ at: 'vendor-chat', times: 1, fault: { type: 'status', name: 'rate_limited', retryAfter: 60 } })
    const twin = () =>
      house.openai.chat.completions
        .create({ model: 'twin', messages: [{ role: 'user', content: 'Hi' }] })
        .withResponse()
    const { response } = await twin()
    expect(response.headers.get('x-dragoman-attempts')).toBe('2')
    const [asked] = house.gateway.records.list(1)
    expect(asked?.attempts.map(({ outcome }) => outcome)).toEqual(['rate_limited', 'ok'])
    expect((await twin()).response.headers.get('x-dragoman-attempts')).toBeNull()
    const rested = asked?.attempts[0]?.candidate
    expect([first.label, second.label]).toContain(rested)
    expect(house.gateway.records.list(1)[0]?.attempts[0]?.candidate).not.toBe(rested)
  })
})
