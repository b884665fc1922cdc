import { responseReducer, type PivotItem, type PivotRequest, type PivotTool } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { answerEvents, sceneFor } from './answer.js'

const user = (text: string): PivotItem => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })

function outputOf(request: Partial<PivotRequest>, voice: 'echo' | 'demo' = 'echo'): Record<string, unknown>[] {
  const reducer = responseReducer()
  reducer.push(answerEvents({ model: 'gpt-test', input: [user('Hello')], ...request }, { voice }))
  return reducer.response().output as unknown as Record<string, unknown>[]
}
function textOf(request: Partial<PivotRequest>, voice?: 'echo' | 'demo'): string {
  return outputOf(request, voice)
    .flatMap((item) => (item['type'] === 'message' ? (item['content'] as { text: string }[]) : []))
    .map(({ text }) => text)
    .join('')
}
function tool(name: string): PivotTool {
  const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  return { type: 'function', name, parameters: city }
}

describe('an answer in words', () => {
  test('repeats what the user wrote last, not what an agent wrapped around it', () => {
    const said = [
      user('Good day'),
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: '<context>noise</context>' }] },
    ]
    expect(textOf({ input: [user('before'), ...said] })).toContain('“Good day”')
    expect(textOf({ input: said })).not.toContain('noise')
  })

  test('counts the pictures it was shown', () => {
    const picture = { type: 'input_image' as const, image_url: 'data:image/png;base64,AAAA' }
    const message: PivotItem = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }, picture] }
    expect(textOf({ input: [message] })).toContain('I see 1 image.')
  })

  test('is JSON where JSON is asked for', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 5 } }, required: ['n'] }
    expect(JSON.parse(textOf({ text: { format: { type: 'json_schema', name: 'count', schema } } }))).toEqual({ n: 5 })
    expect(() => JSON.parse(textOf({ text: { format: { type: 'json_object' } } })) as unknown).not.toThrow()
  })

  test.each(['echo', 'demo'] as const)('by the voice %s never pretends to be a model', (voice) => {
    expect(textOf({}, voice)).toMatch(voice === 'demo' ? /demo model.*no real model.*dragoman login/ : /not a model/)
  })
})

describe('calls', () => {
  const tools = [tool('get_weather'), tool('get_time'), { type: 'custom', name: 'patch' }]
  const names = (request: Partial<PivotRequest>) =>
    outputOf({ tools, ...request })
      .filter(({ type }) => String(type).endsWith('_call'))
      .map(({ name }) => name)

  test.each<[string, Partial<PivotRequest>, string[]]>([
    ['none that nobody speaks of', {}, []],
    ['the one the user names', { input: [user('use get_time now')] }, ['get_time']],
    [
      'several, in the order of the words',
      { input: [user('get_time, then get_weather')] },
      ['get_time', 'get_weather'],
    ],
    [
      'one at a time where the client wants that',
      { input: [user('get_time, get_weather')], parallel_tool_calls: false },
      ['get_time'],
    ],
    ['some call where one is required', { tool_choice: 'required' }, ['get_weather']],
    ['the demanded one', { tool_choice: { type: 'function', name: 'get_time' } }, ['get_time']],
    ['a custom one', { tool_choice: { type: 'custom', name: 'patch' } }, ['patch']],
    [
      'only an allowed one',
      { tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'get_time' }] } },
      ['get_time'],
    ],
    ['none where none may be', { tool_choice: 'none', input: [user('get_time')] }, []],
  ])('%s', (_, request, expected) => {
    expect(names(request)).toEqual(expected)
  })

  test('carry arguments that fit the schema, or free text', () => {
    expect(outputOf({ tools, input: [user('get_weather and patch')] })).toMatchObject([
      { type: 'function_call', arguments: '{"city":"Paris"}' },
      { type: 'custom_tool_call', input: 'get_weather and patch' },
    ])
  })

  test('are known inside namespaces and inside the conversation', () => {
    const inner = { type: 'namespace', name: 'functions', tools: [tool('get_weather')] }
    const item: PivotItem = { type: 'additional_tools', role: 'developer', tools: [inner] }
    expect(outputOf({ input: [item, user('get_weather')] })).toMatchObject([
      { type: 'function_call', name: 'get_weather', namespace: 'functions' },
    ])
  })

  test('end when their results are there, even if a call is required', () => {
    const input = [
      user('get_weather'),
      { type: 'function_call', call_id: 'c1', name: 'get_weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: '21 degrees' },
    ]
    expect(names({ input, tool_choice: 'required' })).toEqual([])
    expect(textOf({ input, tools })).toContain('21 degrees')
  })

  test('are not made by the demo for a plain word of a sentence', () => {
    const asked = (text: string) => outputOf({ tools: [tool('read')], input: [user(text)] }, 'demo')[0]?.['type']
    expect(asked('Have you read this?')).toBe('message')
    expect(asked('Please use the read tool')).toBe('function_call')
  })
})

describe('what else is asked for', () => {
  test('reasoning, with a summary only where one is wanted, sealed only where that is wanted', () => {
    expect(outputOf({ reasoning: { effort: 'low' } })[0]).toMatchObject({ type: 'reasoning', summary: [] })
    const [thought] = outputOf({
      reasoning: { summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    })
    expect(thought).toMatchObject({
      summary: [{ type: 'summary_text' }],
      encrypted_content: expect.any(String) as unknown,
    })
    expect(outputOf({ reasoning: { effort: 'none' } })[0]).toMatchObject({ type: 'message' })
  })

  test('a picture', () => {
    const request = { input: [user('Draw a logo')], tools: [{ type: 'image_generation' }] }
    const drawn = outputOf(request).find(({ type }) => type === 'image_generation_call')
    expect(Buffer.from(String(drawn?.['result']), 'base64').subarray(1, 4).toString()).toBe('PNG')
  })

  test('a search, with its citation in the text', () => {
    const output = outputOf({ input: [user('Search the news')], tools: [{ type: 'web_search' }] })
    expect(output[0]).toMatchObject({ type: 'web_search_call', action: { type: 'search', query: 'Search the news' } })
    expect(output[1]).toMatchObject({ content: [{ annotations: [{ type: 'url_citation' }] }] })
  })

  test('a compaction', () => {
    expect(sceneFor({ model: 'm', input: [user('Hello'), { type: 'compaction_trigger' }] })).toEqual([
      { type: 'compaction' },
    ])
  })
})
