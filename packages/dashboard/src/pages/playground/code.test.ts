import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { codeOf, shellWord } from './code.js'
import { PROTOCOLS, type Asking } from './conversation.js'
import { WIRES } from './protocols/index.js'

/** Text that tries to get out of every kind of quotes. */
const HOSTILE = `it's "$HOME" \`id\` \\ \u2028 ${'${x}'} 你好\n`

const ASKING: Asking = {
  model: 'gpt-5.5',
  system: 'Be brief.',
  turns: [{ role: 'user', parts: [{ kind: 'text', text: HOSTILE }] }],
  stream: true,
  effort: 'high',
  tier: 'fast',
  maxTokens: 100,
  temperature: 0.5,
  tools: [
    { name: 'get_weather', description: '', parameters: '{"type":"object","properties":{"city":{"type":"string"}}}' },
  ],
}

test('a shell reads a word as it is meant', () => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(HOSTILE)}`], { encoding: 'utf8' })).toBe(HOSTILE)
})

test.each(PROTOCOLS)(
  '%s: the command of curl sends the very body, and keeps the key in the environment',
  (protocol) => {
    const request = WIRES[protocol].request(ASKING)
    const code = codeOf('curl', protocol, request, 'http://127.0.0.1:8080')
    // `curl` is a function that prints what it is given, a line of JSON each.
    const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\nDRAGOMAN_KEY=dgm-secret\n${code}`
    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0')
    expect(words[1]).toBe(`http://127.0.0.1:8080${request.path}`)
    expect(words.some((word) => word.includes('dgm-secret'))).toBe(true)
    expect(JSON.parse(words[words.indexOf('-d') + 1] ?? '')).toEqual(request.body)
    expect(code).not.toContain('dgm-secret')
  },
)

test.each(PROTOCOLS)('%s: the programs name the address that their SDK wants', (protocol) => {
  const request = WIRES[protocol].request(ASKING)
  const address = protocol === 'chat' || protocol === 'responses' ? 'http://gw:1/v1' : 'http://gw:1'
  for (const language of ['python', 'node'] as const) {
    const code = codeOf(language, protocol, request, 'http://gw:1')
    expect(code).toMatch(new RegExp(`["']${address}["']`))
    expect(code).toContain('gpt-5.5')
    expect(code).not.toContain('null')
  }
})

test('Python is written in its own words', () => {
  const request = WIRES.chat.request({
    ...ASKING,
    tools: [],
    turns: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi' }] }],
  })
  expect(codeOf('python', 'chat', request, 'http://gw:1')).toMatchInlineSnapshot(`
    "import os
    from openai import OpenAI

    client = OpenAI(base_url="http://gw:1/v1", api_key=os.environ["DRAGOMAN_KEY"])
    for chunk in client.chat.completions.create(
        model="gpt-5.5",
        messages=[
            {
                "role": "system",
                "content": "Be brief.",
            },
            {
                "role": "user",
                "content": "Hi",
            },
        ],
        stream=True,
        stream_options={
            "include_usage": True,
        },
        reasoning_effort="high",
        service_tier="priority",
        max_completion_tokens=100,
        temperature=0.5,
    ):
        if chunk.choices and chunk.choices[0].delta.content:
            print(chunk.choices[0].delta.content, end="", flush=True)
    "
  `)
})
