import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { hasFixtures, lastAsked, openHouse, recordedRequest, type House, type HouseOptions } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
afterEach(() => house.configure({}))

type Item = { type: string; role?: string; content?: { type: string; text?: string }[] }
interface Asked {
  instructions?: string
  input: Item[]
  tools?: { type: string; name?: string }[]
  tool_choice?: unknown
}

type ModelSettings = NonNullable<NonNullable<HouseOptions['config']>['model']>

const configure = (model: ModelSettings): void => house.configure({ model })
const asked = (): Asked => lastAsked(house)?.body as Asked
/** Roles, or types, and the first text of each item. */
const told = () => asked().input.map(({ type, role, content }) => [role ?? type, content?.[0]?.text ?? ''])

const system: ChatCompletionMessageParam = { role: 'system', content: 'Be brief.' }
const user: ChatCompletionMessageParam = { role: 'user', content: 'hi' }
const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }

async function chat(body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const reply = await house.post(
    '/v1/chat/completions',
    { model: 'gpt-5.5', messages: [system, user], ...body },
    headers,
  )
  await reply.clone().text()
  return reply
}

const keyHeader = async (wanted: Parameters<House['gateway']['store']['clientKeys']['create']>[0]) => {
  const { plaintext } = await house.gateway.store.clientKeys.create(wanted)
  return { authorization: `Bearer ${plaintext}` }
}

describe('hosted tools without asking', () => {
  const types = () => (asked().tools ?? []).map(({ type }) => type)

  test('none, as long as nobody wants them', async () => {
    await chat()
    expect(asked()).not.toHaveProperty('tools')
  })

  test('for every request by configuration, behind the client’s own, and no loss is told', async () => {
    configure({ default_tools: ['web_search', 'image_generation'] })
    const reply = await chat({ tools: [weather], tool_choice: { type: 'function', function: { name: 'weather' } } })
    expect(types()).toEqual(['function', 'web_search', 'image_generation'])
    expect(asked().tool_choice).toEqual({ type: 'function', name: 'weather' })
    expect(reply.headers.get('x-dragoman-translation')).toBe('exact')
  })

  test('for the requests of a key, whatever the configuration says', async () => {
    configure({ default_tools: ['web_search'] })
    const pictures = await keyHeader({ name: 'pictures', defaultTools: ['image_generation'] })
    const plain = await keyHeader({ name: 'plain', defaultTools: [] })
    await chat({}, pictures)
    expect(types()).toEqual(['image_generation'])
    await chat({}, plain)
    expect(types()).toEqual([])
    await chat()
    expect(types()).toEqual(['web_search'])
  })

  test.each([
    ['x-dragoman-default-tools', 'off'],
    ['x-codex-default-tools', 'off'],
    ['x-codex-no-default-tools', '1'],
  ])('%s: %s switches them off', async (header, value) => {
    configure({ default_tools: ['web_search'] })
    await chat({}, { [header]: value })
    expect(types()).toEqual([])
    await chat({}, { ...(await keyHeader({ name: 'search', defaultTools: ['web_search'] })), [header]: value })
    expect(types()).toEqual([])
  })

  test('and an answer that used one reaches the client', async () => {
    configure({ default_tools: ['web_search'] })
    const rule = house.simulator.script({ scene: [{ type: 'text', text: 'found' }], times: 1 })
    const answer = await house.openai.responses.create({ model: 'gpt-5.5', input: 'look it up' })
    rule.remove()
    expect(answer.output_text).toBe('found')
    expect(types()).toEqual(['web_search'])
  })
})

describe('where the system prompt goes', () => {
  test.each([
    ['instructions', 'Be brief.', [['user', 'hi']]],
    [
      'developer_inline',
      undefined,
      [
        ['developer', 'Be brief.'],
        ['user', 'hi'],
      ],
    ],
    [
      'system_inline',
      undefined,
      [
        ['developer', 'Be brief.'],
        ['user', 'hi'],
      ],
    ],
  ] as const)('of a chat client: %s', async (system_prompt_strategy, instructions, input) => {
    configure({ system_prompt_strategy })
    const reply = await chat()
    expect(reply.status).toBe(200)
    expect(asked().instructions).toBe(instructions)
    expect(told()).toEqual(input)
  })

  test.each([
    ['instructions', 'Be brief.', [['user', 'hi']], 'exact'],
    [
      'developer_inline',
      undefined,
      [
        ['developer', 'Be brief.'],
        ['user', 'hi'],
      ],
      'exact',
    ],
    [
      'system_inline',
      undefined,
      [
        ['developer', 'Be brief.'],
        ['user', 'hi'],
      ],
      'notes=1',
    ],
  ] as const)('of a client with instructions: %s', async (system_prompt_strategy, instructions, input, receipt) => {
    configure({ system_prompt_strategy })
    const reply = await house.post('/v1/responses', { model: 'gpt-5.5', instructions: 'Be brief.', input: 'hi' })
    expect(reply.status).toBe(200)
    await reply.text()
    expect(asked().instructions).toBe(instructions)
    expect(told()).toEqual(input)
    expect(reply.headers.get('x-dragoman-translation')).toBe(receipt)
  })

  test('a request chooses by header, where that is allowed', async () => {
    const headers = { 'x-dragoman-system-prompt-strategy': 'developer_inline' }
    const body = { model: 'gpt-5.5', instructions: 'Be brief.', input: 'hi' }
    await (await house.post('/v1/responses', body, headers)).text()
    expect(asked().instructions).toBe('Be brief.')
    configure({ allow_client_system_prompt_strategy: true })
    await (await house.post('/v1/responses', body, headers)).text()
    expect(asked().instructions).toBeUndefined()
    expect(told()).toEqual([
      ['developer', 'Be brief.'],
      ['user', 'hi'],
    ])
  })

  test('a word that is none is refused, with the words that are', async () => {
    configure({ allow_client_system_prompt_strategy: true })
    const before = house.simulator.requests.length
    const reply = await chat({}, { 'x-dragoman-system-prompt-strategy': 'inline' })
    expect(reply.status).toBe(400)
    expect(await reply.text()).toMatch(
      /x-dragoman-system-prompt-strategy takes instructions, developer_inline, system_inline/,
    )
    expect(house.simulator.requests.slice(before).filter(({ path }) => path.endsWith('/responses'))).toEqual([])
  })
})

describe('words about the desktop application', () => {
  test('stand at the very front, once, in one message', async () => {
    configure({ inject_desktop_context: true, suppress_desktop_directives: true })
    await chat({ messages: [system, user, { role: 'assistant', content: 'hello' }, user] })
    expect(told().map(([role]) => role)).toEqual(['developer', 'user', 'assistant', 'user'])
    const texts = asked().input[0]?.content?.map(({ text }) => text ?? '') ?? []
    expect(texts).toHaveLength(2)
    expect(texts[0]).toMatch(/desktop application/)
    expect(texts[1]).toMatch(/::git-commit/)
    expect(asked().instructions).toBe('Be brief.')
  })
})

describe('a conversation that grows', () => {
  test.each(['instructions', 'developer_inline', 'system_inline'] as const)(
    'keeps the beginning of its prompt, byte by byte (%s)',
    async (system_prompt_strategy) => {
      configure({
        system_prompt_strategy,
        default_tools: ['web_search', 'image_generation'],
        inject_desktop_context: true,
        suppress_desktop_directives: true,
      })
      const turns = async (...messages: ChatCompletionMessageParam[]) => {
        await chat({ messages: [system, ...messages], tools: [weather] })
        const { input, ...head } = asked()
        return { input: JSON.stringify(input), head: JSON.stringify(head) }
      }
      const first = await turns(user)
      const second = await turns(user, { role: 'assistant', content: 'hello' }, { role: 'user', content: 'and then?' })
      expect(second.head).toBe(first.head)
      expect(second.input.startsWith(first.input.slice(0, -1))).toBe(true)
      expect(second.input.length).toBeGreaterThan(first.input.length)
    },
  )
})

const EVERYTHING: ModelSettings = {
  default_tools: ['web_search', 'image_generation'],
  system_prompt_strategy: 'developer_inline',
  inject_desktop_context: true,
  suppress_desktop_directives: true,
}

describe('the Codex client', () => {
  const body = {
    model: 'gpt-5.5',
    instructions: 'You are Codex.',
    input: [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'sandboxed' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
    ],
    tools: [{ type: 'function', name: 'exec_command', strict: false, parameters: { type: 'object', properties: {} } }],
    tool_choice: 'auto',
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'thread',
  }

  test('is left alone by the configuration, and gets what its own key brings', async () => {
    configure(EVERYTHING)
    const native = { originator: 'codex_cli_rs' }
    await (await house.post('/v1/responses', body, native)).text()
    expect(asked()).toEqual(body)
    const search = await keyHeader({ name: 'codex', defaultTools: ['web_search'] })
    await (await house.post('/v1/responses', body, { ...native, ...search })).text()
    expect(asked()).toEqual({ ...body, tools: [...body.tools, { type: 'web_search' }] })
  })

  test
    .skipIf(!hasFixtures)
    .each([
      'codex-01-http-responses-custom-provider.json',
      'codex-03-http-responses-lite-gpt6.json',
      'codex-05-http-compaction-trigger.json',
      'codex-chatgpt-http.json',
    ])('as recorded, %s', async (name) => {
    configure(EVERYTHING)
    const file = (await recordedRequest(name)) as { body: Record<string, unknown> }
    house.simulator.script({ times: 1, unchecked: true })
    // Without any header: the body alone tells who speaks.
    const reply = await house.post('/v1/responses', file.body)
    expect(reply.status).toBe(200)
    await reply.text()
    expect(lastAsked(house)?.body).toEqual(file.body)
  })
})

describe('strictness', () => {
  const lossy = { temperature: 0.2, max_tokens: 5, stop: ['x'] }
  const answers = () => house.simulator.requests.filter(({ path }) => path.endsWith('/codex/responses')).length

  async function expectRefusal(reply: Response): Promise<void> {
    expect(reply.status).toBe(400)
    const { error } = (await reply.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('translation_loss')
    for (const field of ['/temperature', '/max_tokens', '/stop']) expect(error.message).toContain(field)
    expect(error.message).not.toContain('/max_output_tokens')
  }

  test('without it a loss is told and the answer comes', async () => {
    const reply = await chat(lossy)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-dragoman-translation')).toBe('notes=3')
  })

  test.each([false, true])('a request asks for it, and nothing is sent (stream: %s)', async (stream) => {
    const before = answers()
    await expectRefusal(await chat({ ...lossy, stream }, { 'x-dragoman-strict': 'true' }))
    expect(answers()).toBe(before)
  })

  test('a key asks for it, and no request can switch that off', async () => {
    const strict = await keyHeader({ name: 'careful', strict: true })
    const before = answers()
    await expectRefusal(await chat(lossy, strict))
    await expectRefusal(await chat(lossy, { ...strict, 'x-dragoman-strict': 'false' }))
    expect(answers()).toBe(before)
    expect((await chat({}, strict)).status).toBe(200)
  })

  test('what the gateway does by other means, or by its owner’s wish, is no loss', async () => {
    configure({ ...EVERYTHING, system_prompt_strategy: 'system_inline' })
    const reply = await chat({ tools: [weather] }, { 'x-dragoman-strict': '1' })
    expect(reply.status).toBe(200)
  })

  test('`false` is no wish', async () => {
    expect((await chat(lossy, { 'x-dragoman-strict': 'false' })).status).toBe(200)
  })
})

describe('what a key may know of itself', () => {
  test.each(['/v1/key/info', '/v1/sub-key/info'])('%s', async (path) => {
    const at = Date.now() + 86_400_000
    const headers = await keyHeader({
      name: 'laptop',
      expiresAt: at,
      allowedModels: ['gpt-5.5'],
      defaultTools: [],
      strict: true,
    })
    await chat({}, headers)
    const reply = await house.fetch(path, { headers })
    expect(reply.status).toBe(200)
    const text = await reply.text()
    expect(text).not.toContain('dgm-')
    expect(JSON.parse(text)).toMatchObject({
      name: 'laptop',
      status: 'active',
      expires_at: new Date(at).toISOString(),
      allowed_models: ['gpt-5.5'],
      default_tools: [],
      strict: true,
      max_budget_usd: null,
      remaining_tokens: null,
      request_count: 1,
      since: expect.any(String) as unknown,
    })
  })

  test('is for keys alone', async () => {
    const reply = await fetch(`${house.url}/v1/key/info`)
    expect(reply.status).toBe(401)
    await reply.text()
  })
})
