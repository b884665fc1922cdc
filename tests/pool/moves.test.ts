import { afterEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
afterEach(() => house.close())

const open = async (accounts = 2, websocket = false): Promise<House> => {
  house = await openHouse({
    accounts,
    config: {
      codex: { websocket },
      accounts: { strategy: 'sticky', affinity_patience_seconds: 0 },
      quota: { probe_minutes: 0.001 },
    },
  })
  return house
}

const SESSION = '019a0000-0000-7000-8000-00000000000a'
/** What the Codex client says of itself. */
const native = {
  'session-id': SESSION,
  'thread-id': SESSION,
  'x-codex-turn-state': 'state of this turn',
  'x-codex-window-id': `${SESSION}:0`,
  'x-codex-turn-metadata': JSON.stringify({ session_id: SESSION, turn_id: '019a0000-0000-7000-8000-00000000000b' }),
}

type Item = Record<string, unknown>
const say = (text: string): Item => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

async function turn(input: Item[], headers: Record<string, string> = {}) {
  const response = await house.post(
    '/v1/responses',
    {
      model: 'gpt-5.5',
      input,
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'medium' },
      prompt_cache_key: SESSION,
      client_metadata: { session_id: SESSION, thread_id: SESSION, app: 'test' },
    },
    headers,
  )
  const body = (await response.json()) as { output?: Item[]; error?: { code: string; message: string } }
  if (body.output !== undefined) input.push(...body.output)
  const asked = house.simulator.requests.findLast(({ path }) => path.endsWith('/codex/responses'))!
  return { response, body, asked, sent: (asked.body as { input: Item[] }).input }
}

const seals = (input: Item[]) =>
  input
    .filter(({ type }) => type === 'reasoning')
    .map((one) => house.simulator.readSeal(String(one['encrypted_content']))?.accountId)

const exhaust = (accountId: string) =>
  house.simulator.setQuota(accountId, {
    limitReached: true,
    primary: { usedPercent: 100, windowMinutes: 300, resetAt: Math.floor(Date.now() / 1000) + 3600 },
  })

describe('a conversation whose account cannot serve any more', () => {
  test('goes on at another, without what only the first can read', async () => {
    await open()
    const input = [say('begin')]
    const first = await turn(input, native)
    const one = first.asked.accountId!
    input.push(say('go on'))
    const second = await turn(input, native)
    expect(second.asked.accountId).toBe(one)
    expect(seals(second.sent)).toEqual([one])
    expect(second.response.headers.get('x-dragoman-translation')).toBe('exact')

    exhaust(one)
    input.push(say('and on'))
    const moved = await turn(input, native)
    const other = moved.asked.accountId!
    expect(moved.response.status).toBe(200)
    expect(other).not.toBe(one)
    expect(seals(moved.sent)).toEqual([])
    expect(moved.response.headers.get('x-dragoman-translation')).toBe('notes=2')
    const record = house.gateway.records.get(moved.response.headers.get('x-request-id')!)!
    expect(record.notes.filter(({ what }) => what === 'dropped').map(({ pointer }) => pointer)).toEqual([
      '/input/1',
      '/input/4',
    ])
    expect(record.move?.why).toContain('usage limit')

    // It stays there, keeps what the other thought, and never sees the first one's.
    input.push(say('still on'))
    const after = await turn(input, native)
    expect(after.asked.accountId).toBe(other)
    expect(seals(after.sent)).toEqual([other])
    house.simulator.setQuota(one, { limitReached: false })
    input.push(say('the end'))
    const end = await turn(input, native)
    expect(end.asked.accountId).toBe(other)
    expect(seals(end.sent)).toEqual([other, other])
    expect(house.gateway.accounts.cache.moves()).toMatchObject([{ after: { cachedTokens: 0 } }])
    expect(house.log.some((line) => line.includes('a conversation moved to another account'))).toBe(true)
  })

  test('goes on over another WebSocket with everything that was said', async () => {
    await open(2, true)
    const input = [say('begin')]
    const one = (await turn(input, native)).asked.accountId
    input.push(say('go on'))
    const second = await turn(input, native)
    expect(second.asked).toMatchObject({ accountId: one, method: 'WS' })
    expect(second.sent).toHaveLength(1)
    exhaust(one!)
    input.push(say('and on'))
    const all = input.filter(({ type }) => type !== 'reasoning').length
    const moved = await turn(input, native)
    expect(moved.response.status).toBe(200)
    expect(moved.asked).toMatchObject({ method: 'WS' })
    expect(moved.asked.accountId).not.toBe(one)
    expect(moved.asked.body).not.toHaveProperty('previous_response_id')
    expect(moved.sent).toHaveLength(all)
    expect(JSON.stringify(moved.asked.body)).not.toContain(SESSION)
    input.push(say('the end'))
    const end = await turn(input, native)
    expect(end.asked.accountId).toBe(moved.asked.accountId)
    expect(end.sent).toHaveLength(1)
  })

  test('shows no account the ids that another has seen', async () => {
    await open()
    const input = [say('begin')]
    const first = await turn(input, native)
    const told = (asked: typeof first.asked) => ({
      session: asked.headers['session-id'],
      window: asked.headers['x-codex-window-id'],
      turn: (JSON.parse(String(asked.headers['x-codex-turn-metadata'])) as { session_id: string }).session_id,
      state: asked.headers['x-codex-turn-state'],
      key: (asked.body as Item)['prompt_cache_key'],
      metadata: (asked.body as Item)['client_metadata'],
    })
    const one = told(first.asked)
    expect(one).toMatchObject({
      key: SESSION,
      window: `${SESSION}:0`,
      turn: SESSION,
      state: native['x-codex-turn-state'],
    })
    exhaust(first.asked.accountId!)
    const two = told((await turn([...input, say('go on')], native)).asked)
    const three = told((await turn([...input, say('go on')], native)).asked)
    expect(JSON.stringify(two)).not.toContain(SESSION)
    expect(two.session).not.toBe(one.session)
    expect(two.metadata).toMatchObject({ app: 'test' })
    // The state of a turn is left with who began it; what the new account says later is relayed.
    expect(two.state).toBeUndefined()
    expect(three).toEqual({ ...two, state: native['x-codex-turn-state'] })
  })

  test('and that was compacted there is refused rather than answered without its memory', async () => {
    await open()
    await turn([say('begin')])
    house.simulator.script({ times: 1, fault: { type: 'status', name: 'usage_limit_reached' } })
    const { response, body } = await turn([
      say('begin'),
      { type: 'compaction', id: 'cmp_1', encrypted_content: 'sealed' },
      say('go on'),
    ])
    expect(response.status).toBe(429)
    expect(body.error).toMatchObject({ code: 'conversation_bound' })
    expect(response.headers.get('x-retry-at')).toBeTruthy()
    const asked = house.simulator.requests.filter(({ path }) => path.endsWith('/codex/responses'))
    expect(new Set(asked.map(({ accountId }) => accountId)).size).toBe(1)
  })
})

describe('a client that leaves in the middle of the first answer', () => {
  test('finds the same account again', async () => {
    await open(4)
    house.configure({ accounts: { strategy: 'round_robin' } })
    house.simulator.script({
      scene: [
        { type: 'text', text: 'one' },
        { type: 'gate', name: 'never' },
        { type: 'text', text: 'two' },
      ],
    })
    const served: (string | undefined)[] = []
    for (let n = 0; n < 3; n += 1) {
      const client = new AbortController()
      const asked = house.simulator.nextRequest(({ path }) => path.endsWith('/codex/responses'))
      const reply = await fetch(`${house.url}/v1/responses`, {
        method: 'POST',
        headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json', 'session-id': SESSION },
        body: JSON.stringify({ model: 'gpt-5.5', input: 'x', stream: true }),
        signal: client.signal,
      })
      served.push((await asked).accountId)
      await reply.body?.getReader().read()
      client.abort()
      await expect.poll(() => house.gateway.accounts.list().every((account) => account.open === 0)).toBe(true)
    }
    expect(new Set(served).size).toBe(1)
  })
})

describe('quota that is back early', () => {
  test('is found by the next request within one interval, without a restart', async () => {
    await open(1)
    const [account] = house.accounts
    exhaust(account!.accountId)
    const refused = await house.post('/v1/responses', { model: 'gpt-5.5', input: 'x' })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('x-retry-at')).toBeTruthy()
    house.simulator.setQuota(account!.accountId, {
      limitReached: false,
      primary: { usedPercent: 1, windowMinutes: 300, resetAt: Math.floor(Date.now() / 1000) + 18_000 },
    })
    await expect
      .poll(async () => (await house.post('/v1/responses', { model: 'gpt-5.5', input: 'x' })).status, {
        timeout: 5_000,
      })
      .toBe(200)
    expect(house.gateway.accounts.list()[0]).toMatchObject({ status: 'active' })
  })
})
