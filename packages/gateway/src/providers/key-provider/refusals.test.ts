import type { Failure, FailureKind } from '@dragoman/protocol'
import { startSimulator, type Simulator, type StatusFaultName, type Persona, type Vendor } from '@dragoman/simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../telemetry/index.js'
import { createTransport, type Transport } from '../../transport/index.js'
import type { Wire } from '../keys/index.js'
import { apiKey, call, fakeKeys, open, providerOf } from './key-provider.test-kit.js'

let simulator: Simulator
let transport: Transport
beforeAll(async () => {
  simulator = await startSimulator()
  transport = createTransport({
    connectTimeoutMs: 2_000,
    connectionsPerOwner: 8,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
})
beforeEach(() => simulator.reset())
afterAll(async () => {
  await transport.close()
  await simulator.close()
})

/** Who is to blame and what is next, by kind. */
const MEANING: Readonly<Partial<Record<FailureKind, Pick<Failure, 'scope' | 'retry'>>>> = {
  credential_revoked: { scope: 'account', retry: 'other' },
  payment_required: { scope: 'account', retry: 'other' },
  quota_exhausted: { scope: 'account', retry: 'other' },
  rate_limited: { scope: 'account', retry: 'other' },
  forbidden: { scope: 'account', retry: 'other' },
  overloaded: { scope: 'provider', retry: 'other' },
  model_unavailable: { scope: 'model', retry: 'other' },
  context_too_long: { scope: 'request', retry: 'never' },
  payload_too_large: { scope: 'request', retry: 'never' },
  refused: { scope: 'request', retry: 'never' },
}

const USUAL: Readonly<Partial<Record<StatusFaultName, FailureKind>>> = {
  unauthorized: 'credential_revoked',
  payment_required: 'payment_required',
  quota: 'quota_exhausted',
  rate_limited: 'rate_limited',
  forbidden: 'forbidden',
  overloaded: 'overloaded',
  internal: 'overloaded',
  bad_gateway: 'overloaded',
  model_not_found: 'model_unavailable',
  context_too_long: 'context_too_long',
  payload_too_large: 'payload_too_large',
}

interface Upstream {
  vendor: Vendor
  wire: Wire
  plays?: Persona
  /** What it means otherwise than {@link USUAL}. */
  but?: Readonly<Partial<Record<StatusFaultName, FailureKind>>>
}

const UPSTREAMS: readonly Upstream[] = [
  { vendor: 'openai', wire: 'chat' },
  { vendor: 'openai', wire: 'responses' },
  // A balance of nothing, which no time fills.
  { vendor: 'anthropic', wire: 'anthropic', but: { quota: 'payment_required' } },
  {
    vendor: 'gemini',
    wire: 'gemini',
    // A key that leaked; a place where only those who pay are served.
    but: { forbidden: 'credential_revoked', payment_required: 'forbidden' },
  },
  // Its 403 is a moderation's verdict on the input.
  { vendor: 'openrouter', wire: 'chat', but: { forbidden: 'refused' } },
  { vendor: 'compatible', wire: 'chat', plays: 'deepseek', but: { quota: 'payment_required' } },
  {
    vendor: 'compatible',
    wire: 'chat',
    plays: 'groq',
    but: { quota: 'rate_limited', payment_required: 'account_suspended' },
  },
  { vendor: 'compatible', wire: 'chat', plays: 'mistral', but: { quota: 'rate_limited' } },
  { vendor: 'compatible', wire: 'chat', plays: 'xai', but: { quota: 'payment_required' } },
  { vendor: 'compatible', wire: 'chat', plays: 'moonshot', but: { quota: 'payment_required' } },
  { vendor: 'compatible', wire: 'chat', plays: 'qwen' },
  { vendor: 'compatible', wire: 'chat', plays: 'plain' },
]

const MODELS: Readonly<Record<Vendor, string>> = {
  openai: 'gpt-4o',
  anthropic: 'claude-haiku-4-5',
  gemini: 'gemini-2.5-flash',
  openrouter: 'openai/gpt-4o',
  compatible: 'some-model',
}

function ask({ vendor, wire, plays }: Upstream, now: () => number = Date.now) {
  const { key: secret } = simulator.addVendorKey({ vendor, ...(plays === undefined ? {} : { plays }) })
  const key = apiKey({ provider: plays ?? vendor, kind: vendor, wire, baseUrl: simulator.vendors[vendor].baseUrl })
  const { choice, lessons } = fakeKeys([key])
  const provider = providerOf(
    { ...choice, credential: () => ({ apiKey: new Secret(secret), headers: {} }) },
    transport,
    now,
  )
  const model = MODELS[vendor]
  return { lessons, model, secret, attempt: open(provider, call({ model })) }
}

describe.each(UPSTREAMS.map((one) => [`${one.plays ?? one.vendor} over ${one.wire}`, one] as const))(
  'what %s means',
  (_, upstream) => {
    test.each(Object.entries({ ...USUAL, ...upstream.but }) as [StatusFaultName, FailureKind][])(
      'by %s: %s',
      async (name, kind) => {
        simulator.script({ at: 'vendors', times: 1, fault: { type: 'status', name } })
        const { attempt, lessons, model, secret } = ask(upstream)
        const told = await attempt.ended
        expect(told.failure).toMatchObject({ kind, phase: 'sent', ...MEANING[kind] })
        expect(told.failure?.message).not.toBe('')
        expect(JSON.stringify(told.failure)).not.toContain(secret)
        expect(told.calls).toEqual(['notes', 'sent', 'fail'])
        expect(lessons).toEqual([{ id: 'k1', model, failure: told.failure }])
      },
    )
  },
)

describe('when a limit opens again, counted from our own clock', () => {
  const NOW = Date.parse('2030-01-01T00:00:00Z')
  test.each<[Upstream, number | undefined]>([
    [{ vendor: 'openai', wire: 'chat' }, NOW + 7_000],
    [{ vendor: 'anthropic', wire: 'anthropic' }, NOW + 7_000],
    [{ vendor: 'gemini', wire: 'gemini' }, NOW + 7_000],
    [{ vendor: 'compatible', wire: 'chat', plays: 'groq' }, NOW + 7_000],
    [{ vendor: 'compatible', wire: 'chat', plays: 'moonshot' }, NOW + 7_000],
    [{ vendor: 'compatible', wire: 'chat', plays: 'mistral' }, undefined],
  ])('$vendor $plays', async (upstream, at) => {
    simulator.script({ at: 'vendors', times: 1, fault: { type: 'status', name: 'rate_limited', retryAfter: 7 } })
    expect((await ask(upstream, () => NOW).attempt.ended).failure?.retryAt).toBe(at)
  })

  test('or at the time that OpenRouter names', async () => {
    const before = Date.now()
    simulator.script({ at: 'vendors', times: 1, fault: { type: 'status', name: 'rate_limited', retryAfter: 7 } })
    const { failure } = await ask({ vendor: 'openrouter', wire: 'chat' }).attempt.ended
    expect(failure?.retryAt).toBeGreaterThanOrEqual(before + 6_000)
  })
})

describe.each(UPSTREAMS.filter(({ plays }) => plays === undefined))(
  'in the middle of a stream of $vendor, $wire',
  (upstream) => {
    test('an error is a failure of the key as in a status', async () => {
      const scene = [{ type: 'text', text: 'one two three' }] as const
      simulator.script({
        at: 'vendors',
        scene,
        fault: { type: 'fail', at: 'terminal', code: 'overloaded', message: 'Full.' },
      })
      const { attempt, lessons } = ask(upstream)
      await attempt.ended
      expect(lessons).toHaveLength(1)
      expect(lessons[0]?.failure).toMatchObject({
        kind: 'overloaded',
        message: expect.stringContaining('Full.') as string,
      })
    })
  },
)

test('a key that is refused is told by the name of its provider, for the client has a key of its own', async () => {
  simulator.script({ at: 'vendors', times: 1, fault: { type: 'status', name: 'unauthorized' } })
  const { failure } = await ask({ vendor: 'openai', wire: 'chat' }).attempt.ended
  expect(failure).toMatchObject({ code: 'provider_key_refused', upstream: { status: 401, code: 'invalid_api_key' } })
  expect(failure?.message).toMatch(/^openai.* refuses the API key that is kept for it: /)
})

test('a redirect is no answer, and no credential follows it', async () => {
  const to = `${simulator.vendors.compatible.baseUrl}/chat/completions`
  simulator.script({ at: 'vendors', times: 1, fault: { type: 'redirect', to } })
  const { failure } = await ask({ vendor: 'openai', wire: 'chat' }).attempt.ended
  expect(failure?.kind).toBe('unreachable')
  expect(simulator.requests.filter(({ vendor }) => vendor === 'compatible')).toEqual([])
})
