import type { Seals } from '../../codex/seal.js'
import { invalid } from '../refusal.js'
import { isJson, objects, type Json } from '../vendor.js'
import { isOwnThought } from '../wire/seal-thoughts.js'
import { extraInput, fields, onlyFields } from './known-fields.js'

/** What each block may say. Types that are not listed are the business of Anthropic's own tools. */
const BLOCKS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: fields('type text cache_control citations'),
  image: fields('type source cache_control'),
  document: fields('type source title context citations cache_control'),
  thinking: fields('type thinking signature'),
  redacted_thinking: fields('type data'),
  tool_use: fields('type id name input cache_control caller toolset_name'),
  tool_result: fields('type tool_use_id content is_error cache_control toolset_name'),
}
const USER_BLOCKS = ['text', 'image', 'document', 'tool_result', 'search_result', 'container_upload']
const CALL_ID = /^[a-zA-Z0-9_-]+$/

interface Turn {
  role: string
  content: Json[]
  at: string
}

/** Models that take system messages between the turns. */
const SYSTEM_BETWEEN = /claude-[a-z]+-(4[.-][89](?!\d)|[5-9](?!\d))/
/** Models that do not go on where an assistant's message stopped. Source: Anthropic, errors, prefill not supported. */
const NO_PREFILL = /claude-[a-z]+-(4[.-][6-9](?!\d)|[5-9](?!\d))/

/**
 * The conversation: turns by turns, each call answered at once, each thought signed by us.
 * Today's API joins turns of one role; that they alternate is demanded here because older ones, and most servers that copy it, do.
 * @throws VendorRefusal
 */
export function checkTurns(body: Json, about: { seals: Seals; model: string; budgeted: boolean }): void {
  const { messages } = body
  if (messages === undefined) throw invalid('messages: Field required')
  if (!Array.isArray(messages)) throw invalid('messages: Input should be a valid list')
  if (messages.length === 0) throw invalid('messages: at least one message is required')
  const spoken = SYSTEM_BETWEEN.test(about.model)
    ? messages.filter((one) => !isJson(one) || one['role'] !== 'system')
    : messages
  const turns = spoken.map((message, index) => turnOf(message, index, index === spoken.length - 1))
  if (turns[0]?.role !== 'user') throw invalid('messages: first message must use the "user" role')
  for (const [index, turn] of turns.entries()) {
    if (turns[index - 1]?.role === turn.role) {
      throw invalid(
        `messages: roles must alternate between "user" and "assistant", but found multiple "${turn.role}" roles in a row`,
      )
    }
    for (const [at, block] of turn.content.entries())
      checkBlock(block, `${turn.at}.content.${at}`, turn.role, about.seals)
  }
  checkPairs(turns)
  checkLast(turns, about)
}

function turnOf(message: unknown, index: number, last: boolean): Turn {
  const at = `messages.${index}`
  if (!isJson(message)) throw invalid(`${at}: Input should be a valid dictionary`)
  onlyFields(message, fields('role content'), (field) => extraInput(`${at}.${field}`))
  const { role, content } = message
  if (role === 'system') {
    throw invalid(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    )
  }
  if (role !== 'user' && role !== 'assistant') throw invalid(`${at}.role: Input should be 'user' or 'assistant'`)
  const empty = content === '' || (Array.isArray(content) && content.length === 0)
  if (empty && !(last && role === 'assistant')) {
    throw invalid(`${at}: all messages must have non-empty content except for the optional final assistant message`)
  }
  if (typeof content === 'string') return { role, content: content === '' ? [] : [{ type: 'text', text: content }], at }
  if (!Array.isArray(content)) throw invalid(`${at}.content: Input should be a valid list`)
  return { role, content: objects(content), at }
}

function checkBlock(block: Json, at: string, role: string, seals: Seals): void {
  const type = String(block['type'])
  const known = BLOCKS[type]
  if (known !== undefined) onlyFields(block, known, (field) => extraInput(`${at}.${type}.${field}`))
  if (role === 'user' && !USER_BLOCKS.includes(type)) {
    throw invalid(
      `${at}: Input tag '${type}' found using 'type' does not match any of the expected tags in a user message`,
    )
  }
  if (role === 'assistant' && (type === 'tool_result' || type === 'image')) {
    throw invalid(`${at}: \`${type}\` blocks can only be in \`user\` messages`)
  }
  switch (type) {
    case 'text':
      if (typeof block['text'] !== 'string') throw invalid(`${at}.text.text: Field required`)
      if (block['text'] === '') throw invalid('messages: text content blocks must be non-empty')
      if (block['text'].trim() === '') throw invalid('messages: text content blocks must contain non-whitespace text')
      break
    case 'thinking':
      if (typeof block['signature'] !== 'string') throw invalid(`${at}.thinking.signature: Field required`)
      if (typeof block['thinking'] !== 'string') throw invalid(`${at}.thinking.thinking: Field required`)
      if (!isOwnThought(seals, block['signature'], block['thinking'])) {
        throw invalid(`${at}: Invalid \`signature\` in \`thinking\` block`)
      }
      break
    case 'redacted_thinking':
      if (typeof block['data'] !== 'string' || !isOwnThought(seals, block['data'], '')) {
        throw invalid(`${at}: Invalid \`data\` in \`redacted_thinking\` block`)
      }
      break
    case 'tool_use':
      if (typeof block['id'] !== 'string') throw invalid(`${at}.tool_use.id: Field required`)
      if (!CALL_ID.test(block['id'])) throw invalid(`${at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`)
      if (typeof block['name'] !== 'string') throw invalid(`${at}.tool_use.name: Field required`)
      if (!isJson(block['input'])) throw invalid(`${at}.tool_use.input: Input should be a valid dictionary`)
      break
    case 'tool_result':
      if (typeof block['tool_use_id'] !== 'string') throw invalid(`${at}.tool_result.tool_use_id: Field required`)
      for (const [index, part] of objects(block['content']).entries()) {
        const place = `${at}.tool_result.content.${index}`
        if (!['text', 'image', 'document', 'search_result', 'tool_reference'].includes(String(part['type']))) {
          throw invalid(
            `${place}: Input tag '${String(part['type'])}' found using 'type' does not match any of the expected tags`,
          )
        }
        checkBlock(part, place, 'user', seals)
      }
      break
  }
}

/** Calls of one turn are answered at the beginning of the next, and nothing else is. */
function checkPairs(turns: readonly Turn[]): void {
  const seen = new Set<string>()
  for (const [index, turn] of turns.entries()) {
    const called = idsIn(turns[index - 1], 'assistant', 'tool_use', 'id')
    const first = turn.content.findIndex(({ type }) => type !== 'tool_result')
    const leading = first === -1 ? turn.content : turn.content.slice(0, first)
    for (const [at, block] of turn.content.entries()) {
      if (block['type'] === 'tool_use') {
        if (seen.has(String(block['id']))) throw invalid('messages: `tool_use` ids must be unique')
        seen.add(String(block['id']))
      }
      if (block['type'] !== 'tool_result' || called.includes(String(block['tool_use_id']))) continue
      throw invalid(
        `${turn.at}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(block['tool_use_id'])}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      )
    }
    if (turn.role !== 'user') continue
    const answered = leading.map((block) => String(block['tool_use_id']))
    const open = called.filter((id) => !answered.includes(id))
    if (open.length > 0) throw unanswered(`messages.${index - 1}`, open)
    if (new Set(answered).size < answered.length) {
      throw invalid(
        `${turn.at}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with the same id`,
      )
    }
  }
  const last = turns.at(-1)
  const open = idsIn(last, 'assistant', 'tool_use', 'id')
  if (last !== undefined && open.length > 0) throw unanswered(last.at, open)
}

function unanswered(at: string, ids: readonly string[]): Error {
  return invalid(
    `${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  )
}

function idsIn(turn: Turn | undefined, role: string, type: string, field: string): string[] {
  if (turn?.role !== role) return []
  return turn.content.filter((block) => block['type'] === type).map((block) => String(block[field]))
}

function checkLast(turns: readonly Turn[], { model, budgeted }: { model: string; budgeted: boolean }): void {
  const last = turns.at(-1)
  const end = last?.content.at(-1)
  if (last?.role === 'assistant' && NO_PREFILL.test(model)) {
    throw invalid(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    )
  }
  if (last?.role === 'assistant' && typeof end?.['text'] === 'string' && /\s$/.test(end['text'])) {
    throw invalid('messages: final assistant content cannot end with trailing whitespace')
  }
  if (!budgeted) return
  const spoke = turns.findLast(({ role }) => role === 'assistant')
  const first = spoke?.content[0]
  const calls = spoke?.content.some(({ type }) => type === 'tool_use') === true
  if (spoke === undefined || !calls || last?.content.some(({ type }) => type === 'tool_result') !== true) return
  if (first?.['type'] === 'thinking' || first?.['type'] === 'redacted_thinking') return
  throw invalid(
    `${spoke.at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first?.['type'])}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking`,
  )
}
