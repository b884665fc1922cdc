import { openaiResponses, type Failure, type PivotEvent } from '@dragoman/protocol'
import { faults, startSimulator, type SimulatedAccount, type Simulator } from '@dragoman/simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Account, AccountPool } from '../../accounts/index.js'
import { Secret } from '../../telemetry/index.js'
import { createCookies, createTransport, type Transport } from '../../transport/index.js'
import type { UpstreamCall } from '../types.js'
import { createCodexProvider, type CodexProvider } from './codex-provider.js'
import type { Timing } from './sockets/connection.js'

let simulator: Simulator
let account: SimulatedAccount
let transport: Transport
let provider: CodexProvider | undefined
beforeEach(async () => {
  simulator = await startSimulator()
  account = simulator.addAccount()
  transport = createTransport({
    connectTimeoutMs: 5_000,
    connectionsPerOwner: 10,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
})
afterEach(async () => {
  provider?.close()
  await transport.close()
  await simulator.close()
})

/** The provider over the simulator, with one account that never changes. */
function open(timing: Partial<Timing>, through = transport): { ask(): Promise<PivotEvent[]>; warned: string[] } {
  const { accountId: chatgptAccountId } = account
  const credential = {
    accountId: 'acc_1',
    accessToken: new Secret(account.accessToken),
    chatgptAccountId,
    fedramp: true,
    generation: 1,
  }
  const shown: Account = {
    id: 'acc_1',
    chatgptAccountId,
    fedramp: true,
    status: 'active',
    generation: 1,
    groups: [],
    weight: 1,
    converge: false,
    open: 0,
  }
  const accounts: AccountPool = {
    list: () => [shown],
    candidates: () => ({ ready: [shown], skipped: [] }),
    lease: async () => ({
      account: shown,
      why: '',
      queuedMs: 0,
      foreignItems: 0,
      isOrigin: true,
      release: () => undefined,
    }),
    whyNobody: () => {
      throw new Error('there is somebody')
    },
    credential: async () => credential,
    recover: async () => credential,
    learn: () => undefined,
  }
  const warned: string[] = []
  const codex = createCodexProvider({
    accounts,
    transport: through,
    cookies: createCookies(),
    log: { debug() {}, info() {}, warn: (_, sentence) => void warned.push(sentence), error() {} },
    identitySecret: 'secret',
    settings: () => ({
      baseUrl: simulator.backendUrl,
      profile: { profile: 'dragoman', version: '1', originator: '', user_agent: '', dragomanVersion: '1' },
      compressRequests: false,
      websocket: true,
    }),
    onModelsEtag: () => undefined,
    timing,
  })
  provider = codex
  const { value: request } = openaiResponses.serve.decodeRequest(
    { model: 'gpt-5.5', input: 'hi', tools: [{ type: 'function', name: 'ls', parameters: { type: 'object' } }] },
    { headers: {} },
  )
  const call: UpstreamCall = {
    exchangeId: 'req_1',
    request,
    model: 'gpt-5.5',
    conversation: 'c',
    clientHeaders: {},
    keepFrames: false,
    whole: false,
    withoutReasoning: false,
  }
  return {
    warned,
    ask: () =>
      new Promise((resolve, reject) => {
        const events: PivotEvent[] = []
        codex.open({ id: 'acc_1', label: 'a', why: '' }, call, {
          sent() {},
          head() {},
          notes() {},
          whole() {},
          events: (batch) => void events.push(...batch),
          end: () => resolve(events),
          fail: (failure: Failure) => reject(new Error(failure.message)),
        })
      }),
  }
}
const methods = () => simulator.requests.map(({ method }) => method)

describe('a WebSocket that says nothing', () => {
  test('to the handshake: HTTP takes the request', async () => {
    simulator.script({ at: 'upgrade', fault: faults.noAnswer })
    const { ask } = open({ open: 50 })
    expect((await ask()).at(-1)?.type).toBe('response.completed')
    expect(methods()).toEqual(['GET', 'POST'])
    expect(await simulator.requests[0]?.closed).toBe('client-left')
  })

  test('to pings: it is dropped, and HTTP takes the request', async () => {
    simulator.script({ when: ({ method }) => method === 'WS', fault: faults.noAnswer })
    const deaf: Transport = {
      ...transport,
      openSocket: (out, sink) => transport.openSocket(out, { ...sink, alive: () => undefined }),
    }
    const { ask } = open({ ping: 20, silence: 100 }, deaf)
    const answer = ask()
    expect((await answer).at(-1)?.type).toBe('response.completed')
    expect(methods()).toEqual(['GET', 'WS', 'POST'])
  })
})

test('a FedRAMP account says so in its handshake', async () => {
  const { ask } = open({})
  await ask()
  expect(simulator.requests[0]?.headers['x-openai-fedramp']).toBe('true')
})
