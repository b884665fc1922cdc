import { readdirSync, readFileSync } from 'node:fs'
import type { DialectId } from '@dragoman/protocol'
import { FIXTURES, hasFixtures } from '../../house.js'

/** A recorded reply of a real provider, as the bytes that its upstream sent. */
export interface RecordedReply {
  /** `anthropic/anthropic-text.chunks.txt`, with `#2` for the second answer in a file. */
  name: string
  dialect: DialectId
  form: 'stream' | 'whole'
  bytes: Uint8Array
}

const DIALECTS: Readonly<Record<string, DialectId>> = {
  anthropic: 'anthropic-messages',
  'deepseek-chat': 'openai-chat',
  google: 'gemini',
  groq: 'openai-chat',
  mistral: 'openai-chat',
  moonshotai: 'openai-chat',
  'open-responses-responses': 'openai-responses',
  'openai-chat': 'openai-chat',
  'openai-compatible-chat': 'openai-chat',
  'openai-responses': 'openai-responses',
  'xai-responses': 'openai-responses',
}

/** Everything that was recorded; a new folder must be given its dialect here. */
export function recordedReplies(): RecordedReply[] {
  if (!hasFixtures) return []
  const folders = readdirSync(new URL('recorded/', FIXTURES))
  return folders.flatMap((folder) => {
    const dialect = DIALECTS[folder]
    if (dialect === undefined) throw new Error(`recorded/${folder}: which dialect is that?`)
    return readdirSync(new URL(`recorded/${folder}/`, FIXTURES)).flatMap((file) => {
      const text = readFileSync(new URL(`recorded/${folder}/${file}`, FIXTURES), 'utf8')
      const name = `${folder}/${file}`
      if (file.endsWith('.json')) return [reply(name, dialect, 'whole', text)]
      if (file.endsWith('.sse')) return [reply(name, dialect, 'stream', text)]
      const turns = answersOf(text, dialect)
      return turns.map((lines, at) =>
        reply(turns.length === 1 ? name : `${name} #${at + 1}`, dialect, 'stream', asStream(lines, dialect)),
      )
    })
  })
}

function reply(name: string, dialect: DialectId, form: RecordedReply['form'], text: string): RecordedReply {
  return { name, dialect, form, bytes: new TextEncoder().encode(text) }
}

/** A file of a Responses conversation may hold several answers. */
function answersOf(text: string, dialect: DialectId): string[][] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (dialect !== 'openai-responses') return [lines]
  const turns: string[][] = []
  for (const line of lines) {
    if (turns.length === 0 || line.includes('"type":"response.created"')) turns.push([])
    turns.at(-1)?.push(line)
  }
  return turns
}

function asStream(lines: readonly string[], dialect: DialectId): string {
  const frames = lines.map((line) => {
    const { type } = JSON.parse(line) as { type?: unknown }
    return dialect === 'anthropic-messages' && typeof type === 'string'
      ? `event: ${type}\ndata: ${line}\n\n`
      : `data: ${line}\n\n`
  })
  return frames.join('') + (dialect === 'openai-chat' ? 'data: [DONE]\n\n' : '')
}
