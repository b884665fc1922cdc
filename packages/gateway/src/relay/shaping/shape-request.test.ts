import type { MessageItem, PivotItem, PivotRequest, PivotTool } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { configSchema } from '../../config/index.js'
import { DESKTOP_CONTEXT, NO_DESKTOP_DIRECTIVES } from './desktop-words.js'
import { shapeRequest, type Shaped, type ShapingAbout, type ShapingSettings } from './shape-request.js'

const SETTINGS: ShapingSettings = configSchema.parse({}).model

type Told = Partial<Omit<ShapingAbout, 'settings'>> & { settings?: Partial<ShapingSettings> }

function about({ settings, ...rest }: Told): ShapingAbout {
  return {
    dialect: 'openai-chat',
    headers: {},
    key: {},
    provider: 'codex',
    settings: { ...SETTINGS, ...settings },
    ...rest,
  }
}

function shape(request: Partial<PivotRequest>, told: Told = {}): Shaped {
  const shaped = shapeRequest({ model: 'gpt-5.5', input: [user('hi')], ...request }, about(told))
  if ('kind' in shaped) throw new Error(shaped.message)
  return shaped
}

const message = (role: MessageItem['role'], ...texts: string[]): MessageItem => ({
  type: 'message',
  role,
  content: texts.map((text) => ({ type: 'input_text', text })),
})
const user = (text: string) => message('user', text)
const developer = (...texts: string[]) => message('developer', ...texts)
const fn = (name: string): PivotTool => ({ type: 'function', name, parameters: { type: 'object', properties: {} } })

test('nothing configured, nothing changed: the very same request', () => {
  const request: PivotRequest = { model: 'm', instructions: 'be brief', input: [user('hi')], tools: [fn('f')] }
  const shaped = shapeRequest(request, about({}))
  expect(shaped).toEqual({ request, notes: [], shift: 0 })
  expect((shaped as Shaped).request).toBe(request)
})

test('only the Codex backend gets anything', () => {
  const request = { instructions: 'be brief', input: [developer('sys'), user('hi')] }
  const told: Told = {
    settings: {
      default_tools: ['web_search'],
      system_prompt_strategy: 'developer_inline',
      inject_desktop_context: true,
    },
    provider: 'demo',
  }
  expect(shape(request, told).request).toEqual({ model: 'gpt-5.5', ...request })
})

test.each<[string, Told]>([
  ['a picture', { dialect: 'openai-images' }],
  ['a compaction', { dialect: 'openai-responses', task: 'compact' }],
])('%s is not shaped', (_, told) => {
  const request: PivotRequest = { model: 'm', instructions: 'be brief', input: [user('hi')] }
  const settings = { default_tools: ['web_search' as const], inject_desktop_context: true }
  expect((shapeRequest(request, about({ ...told, settings })) as Shaped).request).toBe(request)
})

describe('hosted tools', () => {
  const WEB: Told = { settings: { default_tools: ['web_search'] } }
  const BOTH: Told = { settings: { default_tools: ['web_search', 'image_generation'] } }
  const added = (request: Partial<PivotRequest>, told: Told) =>
    (shape(request, told).request.tools ?? []).map(({ type, name }) =>
      name === undefined ? type : `${type} ${String(name)}`,
    )

  test.each<[string, Told, string[]]>([
    ['none are configured', {}, []],
    ['the configuration names some', BOTH, ['web_search', 'image_generation']],
    ['the key names its own', { ...BOTH, key: { defaultTools: ['image_generation'] } }, ['image_generation']],
    ['the key names none', { ...BOTH, key: { defaultTools: [] } }, []],
    ['a list names one twice', { key: { defaultTools: ['web_search', 'web_search'] } }, ['web_search']],
    ['the request says off', { ...BOTH, headers: { 'x-dragoman-default-tools': 'off' } }, []],
    [
      'the request says off against its key',
      { key: { defaultTools: ['web_search'] }, headers: { 'x-dragoman-default-tools': ' OFF ' } },
      [],
    ],
    ['as one said off before', { ...BOTH, headers: { 'x-codex-default-tools': 'off' } }, []],
    ['as one said no before', { ...BOTH, headers: { 'x-codex-no-default-tools': '1' } }, []],
    ['the header says something else', { ...WEB, headers: { 'x-dragoman-default-tools': 'on' } }, ['web_search']],
    ['the other header says 0', { ...WEB, headers: { 'x-codex-no-default-tools': '0' } }, ['web_search']],
  ])('%s', (_, told, expected) => {
    expect(added({}, told)).toEqual(expected)
  })

  test.each<[string, Partial<PivotRequest>, string[]]>([
    ['stand behind the client’s own', { tools: [fn('f')] }, ['function f', 'web_search', 'image_generation']],
    ['are not added twice', { tools: [{ type: 'web_search' }] }, ['web_search', 'image_generation']],
    [
      'know their former names',
      { tools: [{ type: 'web_search_preview' }] },
      ['web_search_preview', 'image_generation'],
    ],
    [
      'know their dated names',
      { tools: [{ type: 'web_search_preview_2025_03_11' }] },
      ['web_search_preview_2025_03_11', 'image_generation'],
    ],
    [
      'leave a name to the client’s own function',
      { tools: [fn('web_search')] },
      ['function web_search', 'image_generation'],
    ],
    [
      'leave pictures to the Codex client’s own tool',
      { tools: [{ type: 'namespace', name: 'image_gen', tools: [] }] },
      ['namespace image_gen', 'web_search'],
    ],
    ['are not for who wants no tool', { tools: [fn('f')], tool_choice: 'none' }, ['function f']],
    ['are no answer to "required"', { tools: [fn('f')], tool_choice: 'required' }, ['function f']],
    [
      'do no harm to a named choice',
      { tools: [fn('f')], tool_choice: { type: 'function', name: 'f' } },
      ['function f', 'web_search', 'image_generation'],
    ],
    [
      'make a choice of a hosted tool right',
      { tool_choice: { type: 'web_search' } },
      ['web_search', 'image_generation'],
    ],
    ['are not searched with in JSON mode', { text: { format: { type: 'json_object' } } }, ['image_generation']],
    ['do not go with the effort minimal', { reasoning: { effort: 'minimal' } }, []],
    [
      'stay out of a request that has its tools in its input',
      { input: [{ type: 'additional_tools', tools: [] }, user('hi')] },
      [],
    ],
  ])('%s', (_, request, expected) => {
    expect(added(request, { key: { defaultTools: ['web_search', 'image_generation'] } })).toEqual(expected)
  })

  test('the choice stays as it was', () => {
    const tool_choice = { type: 'function', name: 'f' }
    expect(shape({ tools: [fn('f')], tool_choice }, WEB).request.tool_choice).toBe(tool_choice)
  })
})

describe('the system prompt', () => {
  const place = (request: Partial<PivotRequest>, told: Told = {}) => {
    const { request: placed, shift, notes } = shape(request, told)
    return { instructions: placed.instructions, input: placed.input, shift, notes }
  }
  const strategy = (system_prompt_strategy: ShapingSettings['system_prompt_strategy'], told: Told = {}): Told => ({
    ...told,
    settings: { system_prompt_strategy },
  })

  test('system messages at the front become instructions', () => {
    expect(place({ input: [developer('one', 'two'), message('system', 'three'), user('hi')] })).toEqual({
      instructions: 'one\ntwo\n\nthree',
      input: [user('hi')],
      shift: -2,
      notes: [],
    })
  })

  test('behind what instructions say already', () => {
    expect(place({ instructions: 'first', input: [developer('second'), user('hi')] }).instructions).toBe(
      'first\n\nsecond',
    )
    expect(place({ instructions: '', input: [developer('second'), user('hi')] }).instructions).toBe('second')
    expect(place({ instructions: null, input: [developer('second'), user('hi')] }).instructions).toBe('second')
  })

  test('one in the middle keeps its place', () => {
    const input = [developer('one'), user('hi'), developer('from now on in French'), user('go on')]
    expect(place({ input })).toMatchObject({ instructions: 'one', input: input.slice(1) })
  })

  test.each<[string, PivotItem[]]>([
    ['alone it stays the input', [developer('one')]],
    [
      'a picture cannot move',
      [{ ...developer('one'), content: [{ type: 'input_image', image_url: 'data:,' }] }, user('hi')],
    ],
    [
      'nor what its dialect says beside',
      [{ ...developer('one'), extra: { 'openai-chat': { name: 'alice' } } }, user('hi')],
    ],
    ['nor an empty one', [{ ...developer(), content: [] }, user('hi')]],
  ])('%s', (_, input) => {
    expect(place({ input })).toEqual({ instructions: undefined, input, shift: 0, notes: [] })
  })

  test('a cache mark that wanders decides nothing', () => {
    const extra = { 'anthropic-messages': { cache_control: { type: 'ephemeral' } } }
    const marked = { ...developer(), content: [{ type: 'input_text' as const, text: 'one', extra }], extra }
    expect(place({ input: [marked, user('hi')] }).instructions).toBe(
      place({ input: [developer('one'), user('hi')] }).instructions,
    )
  })

  test('a client of the Responses API has chosen its place', () => {
    const request = { instructions: 'one', input: [developer('two'), user('hi')] }
    expect(place(request, { dialect: 'openai-responses' })).toMatchObject({ ...request, shift: 0 })
  })

  test('developer_inline: instructions become the first message', () => {
    expect(place({ instructions: 'one', input: [developer('two'), user('hi')] }, strategy('developer_inline'))).toEqual(
      {
        instructions: undefined,
        input: [developer('one'), developer('two'), user('hi')],
        shift: 1,
        notes: [],
      },
    )
    expect(place({}, strategy('developer_inline'))).toMatchObject({ input: [user('hi')], shift: 0 })
  })

  test('system_inline: the same on this backend, and the record says so', () => {
    const placed = place({ instructions: 'one' }, strategy('system_inline'))
    expect(placed).toMatchObject({ instructions: undefined, input: [developer('one'), user('hi')], shift: 1 })
    expect(placed.notes).toMatchObject([{ pointer: '/instructions', what: 'emulated' }])
    expect(place({}, strategy('system_inline')).notes).toEqual([])
  })

  describe('a request may choose', () => {
    const allowed = { allow_client_system_prompt_strategy: true }
    const says = (word: string): Told => ({ headers: { 'x-dragoman-system-prompt-strategy': word } })
    const request = { instructions: 'one' }

    test('when it is allowed', () => {
      expect(place(request, { ...says('developer_inline'), settings: allowed }).input[0]).toEqual(developer('one'))
    })
    test('and over the configuration', () => {
      const settings = { ...allowed, system_prompt_strategy: 'developer_inline' } as const
      expect(place(request, { ...says('instructions'), settings }).instructions).toBe('one')
    })
    test('and is not heard when it is not', () => {
      expect(place(request, says('developer_inline')).instructions).toBe('one')
      expect(place(request, says('nonsense')).instructions).toBe('one')
    })
    test.each(['codex', 'demo'])('and a wrong word is refused with the right ones (%s)', (provider) => {
      const told = about({ ...says('inline"'), settings: allowed, provider })
      expect(shapeRequest({ model: 'm', input: [] }, told)).toMatchObject({
        kind: 'invalid_request',
        message: expect.stringMatching(
          /x-dragoman-system-prompt-strategy takes instructions, developer_inline, system_inline/,
        ) as unknown,
      })
    })
  })
})

describe('words about the desktop application', () => {
  const inject = { inject_desktop_context: true }
  const suppress = { suppress_desktop_directives: true }

  test.each<[string, Partial<ShapingSettings>, string[]]>([
    ['its surroundings', inject, [DESKTOP_CONTEXT]],
    ['no directives', suppress, [NO_DESKTOP_DIRECTIVES]],
    ['both, in one message', { ...inject, ...suppress }, [DESKTOP_CONTEXT, NO_DESKTOP_DIRECTIVES]],
  ])('%s stand at the very front', (_, settings, texts) => {
    const shaped = shape({ instructions: 'be brief' }, { settings })
    expect(shaped.request.input).toEqual([developer(...texts), user('hi')])
    expect(shaped.shift).toBe(1)
  })

  test('before the system prompt, wherever that stands', () => {
    const request = { instructions: 'be brief', input: [developer('sys'), user('hi')] }
    const inline = shape(request, { settings: { ...inject, system_prompt_strategy: 'developer_inline' } })
    expect(inline.request.input).toEqual([
      developer(DESKTOP_CONTEXT),
      developer('be brief'),
      developer('sys'),
      user('hi'),
    ])
    expect(inline.shift).toBe(2)
    const moved = shape(request, { settings: inject })
    expect(moved.request.input).toEqual([developer(DESKTOP_CONTEXT), user('hi')])
    expect(moved.request.instructions).toBe('be brief\n\nsys')
    expect(moved.shift).toBe(0)
  })

  test('are not said again by a second gateway', () => {
    const once = shape({}, { dialect: 'openai-responses', settings: inject }).request
    const twice = shape(once, { dialect: 'openai-responses', settings: { ...inject, ...suppress } }).request
    expect(twice.input).toEqual([developer(NO_DESKTOP_DIRECTIVES), developer(DESKTOP_CONTEXT), user('hi')])
  })
})

describe('the Codex client itself', () => {
  const everything: Partial<ShapingSettings> = {
    default_tools: ['web_search'],
    system_prompt_strategy: 'developer_inline',
    allow_client_system_prompt_strategy: true,
    inject_desktop_context: true,
    suppress_desktop_directives: true,
  }
  const request: PivotRequest = { model: 'm', instructions: 'base', input: [developer('sys'), user('hi')] }

  test.each<[string, Partial<PivotRequest>, Told['headers']]>([
    ['by its originator', {}, { originator: 'codex_cli_rs' }],
    ['by another originator', {}, { originator: 'Codex Desktop' }],
    ['by its turn headers', {}, { 'x-codex-window-id': 'w:0' }],
    ['by its metadata', { client_metadata: { 'x-codex-installation-id': 'i' } }, {}],
    ['by the tools in its input', { input: [{ type: 'additional_tools', tools: [] }, user('hi')] }, {}],
  ])('is known %s and left as it is', (_, fields, headers = {}) => {
    const own = { ...request, ...fields }
    const shaped = shapeRequest(own, about({ dialect: 'openai-responses', headers, settings: everything }))
    expect((shaped as Shaped).request).toBe(own)
  })

  test('is not every client of the Responses API, nor who only opts out as one did before', () => {
    const headers = { originator: 'opencode', 'x-codex-default-tools': 'off' }
    const shaped = shape(request, { dialect: 'openai-responses', headers, settings: everything })
    expect(shaped.shift).toBe(2)
  })

  test('gets the tools of its key', () => {
    const told: Told = { dialect: 'openai-responses', headers: { originator: 'codex_exec' }, settings: everything }
    const shaped = shape(request, { ...told, key: { defaultTools: ['image_generation'] } })
    expect(shaped.request).toEqual({ ...request, tools: [{ type: 'image_generation' }] })
  })

  test('may choose a strategy by header', () => {
    const headers = { originator: 'codex_exec', 'x-dragoman-system-prompt-strategy': 'developer_inline' }
    const shaped = shape(request, { dialect: 'openai-responses', headers, settings: everything })
    expect(shaped.request.input).toEqual([developer('base'), developer('sys'), user('hi')])
  })
})

test('a conversation that grows keeps the beginning of its prompt, byte by byte', () => {
  const settings: Partial<ShapingSettings> = {
    default_tools: ['web_search', 'image_generation'],
    inject_desktop_context: true,
    suppress_desktop_directives: true,
  }
  for (const system_prompt_strategy of ['instructions', 'developer_inline', 'system_inline'] as const) {
    const turn = (...input: PivotItem[]) =>
      shape(
        { instructions: 'base', input: [developer('sys'), ...input], tools: [fn('f')] },
        { settings: { ...settings, system_prompt_strategy } },
      ).request
    const first = turn(user('one'))
    const second = turn(user('one'), message('assistant', 'two'), developer('later'), user('three'))
    const { input: before, ...head } = first
    const { input: after, ...sameHead } = second
    expect(JSON.stringify(sameHead)).toBe(JSON.stringify(head))
    expect(JSON.stringify(after).startsWith(JSON.stringify(before).slice(0, -1))).toBe(true)
  }
})
