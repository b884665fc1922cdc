import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { anthropicMessages, gemini, openaiChat, openaiResponses, type Dialect } from '@dragoman/protocol'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, type Asked } from '../ask.js'
import type { Recording } from '../faults/rules.js'
import { startSimulator } from '../simulator.js'
import type { Vendor } from './vendor.js'

const simulator = await startSimulator({ unchecked: true })
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const recorded = new URL('../../../../../shared/fixtures/recorded/', import.meta.url)

interface Folder {
  vendor: Vendor
  path: string
  dialect: Dialect
}
const chat = { path: '/chat/completions', dialect: openaiChat }
const responses = { path: '/responses', dialect: openaiResponses }
const FOLDERS: Readonly<Record<string, Folder>> = {
  anthropic: { vendor: 'anthropic', path: '/messages', dialect: anthropicMessages },
  google: { vendor: 'gemini', path: '/models/gemini-3-pro-preview', dialect: gemini },
  'openai-chat': { vendor: 'openai', ...chat },
  'openai-responses': { vendor: 'openai', ...responses },
  'deepseek-chat': { vendor: 'compatible', ...chat },
  groq: { vendor: 'compatible', ...chat },
  mistral: { vendor: 'compatible', ...chat },
  moonshotai: { vendor: 'compatible', ...chat },
  'openai-compatible-chat': { vendor: 'compatible', ...chat },
  'xai-responses': { vendor: 'compatible', ...responses },
  'open-responses-responses': { vendor: 'compatible', ...responses },
}
const files = existsSync(recorded)
  ? Object.keys(FOLDERS).flatMap((name) =>
      readdirSync(new URL(`${name}/`, recorded)).map((file) => [name, file] as const),
    )
  : []

function askFolder({ vendor, path }: Folder, stream: boolean, query = '?alt=sse'): Promise<Asked> {
  const action = vendor !== 'gemini' ? '' : stream ? `:streamGenerateContent${query}` : ':generateContent'
  return ask(`${simulator.vendors[vendor].baseUrl}${path}${action}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(vendor === 'gemini' ? {} : { model: 'recorded', stream }),
  })
}
function script(recording: Recording): void {
  simulator.script({ at: 'vendors', recording })
}

describe.skipIf(files.length === 0)('a recording', () => {
  const streams = files.filter(([, file]) => file.endsWith('.chunks.txt'))
  test.each(streams)('of the stream %s/%s goes out word by word', async (name, file) => {
    const folder = FOLDERS[name]!
    const text = readFileSync(new URL(`${name}/${file}`, recorded), 'utf8')
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    script({ lines: text })
    const reply = await askFolder(folder, true)
    const sent = [...reply.text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data)
    expect(sent).toEqual(folder.dialect.id === 'openai-chat' ? [...lines, '[DONE]'] : lines)
    const named = [...reply.text.matchAll(/^event: (.*)$/gm)].map(([, event]) => event)
    const hasNames = folder.dialect.id === 'anthropic-messages' || folder.dialect.id === 'openai-responses'
    expect(named).toEqual(hasNames ? lines.map((line) => (JSON.parse(line) as { type: string }).type) : [])
    expect(reply.headers['content-type']).toMatch(/^text\/event-stream/)
  })

  const documents = files.filter(([, file]) => file.endsWith('.json'))
  test.each(documents)('of the document %s/%s goes out byte for byte', async (name, file) => {
    const whole = readFileSync(new URL(`${name}/${file}`, recorded), 'utf8')
    script({ whole })
    const reply = await askFolder(FOLDERS[name]!, false)
    expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([
      200,
      whole,
      expect.stringMatching(/json/),
    ])
  })

  test('of raw events keeps their bytes', async () => {
    const sse = readFileSync(new URL('openai-compatible-chat/anthropic-fallback-tool-call.sse', recorded), 'utf8')
    script({ sse })
    expect((await askFolder(FOLDERS['openai-compatible-chat']!, true)).text).toBe(sse)
  })

  test('of Gemini is a JSON list where the client asks for one', async () => {
    const text = readFileSync(new URL('google/google-tool-call.chunks.txt', recorded), 'utf8')
    script({ lines: text })
    const reply = await askFolder(FOLDERS['google']!, true, '')
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    expect(JSON.parse(reply.text)).toEqual(lines.map((line) => JSON.parse(line) as unknown))
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
  })
})

test('a recording of the other kind is a mistake of the test, and says so', async () => {
  script({ whole: '{}' })
  const stream = await askFolder(FOLDERS['openai-chat']!, true)
  expect([stream.status, stream.text]).toEqual([599, expect.stringContaining('holds a whole reply only')])
  simulator.reset()
  script({ lines: ['{}'] })
  const whole = await askFolder(FOLDERS['openai-chat']!, false)
  expect([whole.status, whole.text]).toEqual([599, expect.stringContaining('holds a stream only')])
})
