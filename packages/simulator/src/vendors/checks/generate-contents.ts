import type { Seals } from '../../codex/seal.js'
import { invalid } from '../refusal.js'
import { isJson, objects, type Json } from '../vendor.js'
import { isOwnThoughtSignature } from '../wire/seal-thoughts.js'
import { camel, onlyNames } from './proto-json.js'

const CONTENT = new Set(['role', 'parts'])
const PART = new Set(
  'text inlineData fileData functionCall functionResponse executableCode codeExecutionResult thought thoughtSignature videoMetadata partMetadata mediaResolution toolCall toolResponse'.split(
    ' ',
  ),
)
const CALL = new Set(['id', 'name', 'args', 'partialArgs', 'willContinue'])
const RESPONSE = new Set(['id', 'name', 'response', 'willContinue', 'scheduling', 'parts'])

/** What may stand in the place of a signature that nobody has. Source: Gemini API, thought signatures. */
const FILLERS = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']

interface Turn {
  user: boolean
  calls: Json[]
  responses: Json[]
  texts: boolean
}

/** The conversation: who speaks, calls and their responses turn by turn, and the signatures of this turn's calls. @throws VendorRefusal */
export function checkContents(contents: unknown, about: { seals: Seals; signed: boolean }): void {
  const list =
    typeof contents === 'string' || contents === undefined ? [] : Array.isArray(contents) ? contents : [contents]
  if (list.length === 0) throw invalid('* GenerateContentRequest.contents: contents is not specified\n')
  const turns = list.map((content, index) => turnOf(content, index, about.seals))
  for (const [index, turn] of turns.entries()) checkPair(turn, turns[index - 1], turns[index + 1])
  if (about.signed) checkSigned(turns)
}

function turnOf(content: unknown, index: number, seals: Seals): Turn {
  const at = `contents[${index}]`
  if (!isJson(content))
    throw invalid(`Invalid value at '${at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content)`)
  onlyNames(content, CONTENT, at)
  const { role = 'user' } = content
  if (role !== 'user' && role !== 'model' && role !== 'function') throw invalid('Please use a valid role: user, model.')
  const parts = objects(content['parts'])
  if (parts.length === 0) throw invalid(`* GenerateContentRequest.${at}.parts: contents.parts must not be empty.\n`)
  const turn: Turn = { user: role !== 'model', calls: [], responses: [], texts: false }
  for (const [place, raw] of parts.entries()) {
    onlyNames(raw, PART, `${at}.parts[${place}]`)
    const part = camel(raw)
    checkPart(part, `${at}.parts[${place}]`, seals)
    if (isJson(part['functionCall'])) turn.calls.push({ ...part['functionCall'], signature: part['thoughtSignature'] })
    else if (isJson(part['functionResponse'])) turn.responses.push(part['functionResponse'])
    else turn.texts = true
  }
  return turn
}

function checkPart(part: Json, at: string, seals: Seals): void {
  const { functionCall, functionResponse, thoughtSignature: signature } = part
  const kinds = [
    'text',
    'inlineData',
    'fileData',
    'functionCall',
    'functionResponse',
    'executableCode',
    'codeExecutionResult',
  ]
  if (kinds.every((kind) => part[kind] === undefined) && signature === undefined) {
    throw invalid(`* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field\n`)
  }
  if (isJson(functionCall)) {
    onlyNames(functionCall, CALL, `${at}.function_call`)
    if (typeof functionCall['name'] !== 'string' || functionCall['name'] === '') throw emptyName(`${at}.function_call`)
    checkStruct(functionCall['args'], `${at}.function_call.args`)
  }
  if (isJson(functionResponse)) {
    onlyNames(functionResponse, RESPONSE, `${at}.function_response`)
    const { name, response } = functionResponse
    if (typeof name !== 'string' || name === '') throw emptyName(`${at}.function_response`)
    checkStruct(response, `${at}.function_response.response`)
  }
  if (signature === undefined) return
  if (typeof signature !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(signature)) {
    throw invalid(
      `Invalid value at '${at}.thought_signature' (TYPE_BYTES), Base64 decoding failed for "${String(signature).slice(0, 40)}"`,
    )
  }
  if (!isFiller(signature) && !isOwnThoughtSignature(seals, signature)) throw invalid('Corrupted thought signature.')
}

function isFiller(signature: string): boolean {
  return FILLERS.includes(signature) || FILLERS.includes(Buffer.from(signature, 'base64').toString())
}

function emptyName(at: string): Error {
  return invalid(`* GenerateContentRequest.${at}.name: Name cannot be empty.\n`)
}

function checkStruct(value: unknown, at: string): void {
  if (value !== undefined && !isJson(value)) {
    throw invalid(`Invalid value at '${at}' (type.googleapis.com/google.protobuf.Struct), ${JSON.stringify(value)}`)
  }
}

function checkPair(turn: Turn, before: Turn | undefined, after: Turn | undefined): void {
  if (turn.calls.length > 0) {
    if (turn.user) throw invalid('Please ensure that function call turn has the role: model.')
    if (before === undefined || !before.user) {
      throw invalid(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      )
    }
    if (after !== undefined && after.responses.length !== turn.calls.length) {
      throw invalid(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      )
    }
  }
  if (turn.responses.length === 0) return
  if (before === undefined || before.calls.length === 0) {
    throw invalid('Please ensure that function response turn comes immediately after a function call turn.')
  }
  const called = before.calls.map(({ name }) => String(name))
  for (const { name } of turn.responses) {
    const at = called.indexOf(String(name))
    if (at === -1) {
      throw invalid(
        `Please ensure that the function response parts answer the function calls by name: ${String(name)} was not called.`,
      )
    }
    called.splice(at, 1)
  }
}

/** The first call of each step since the user last spoke carries the thoughts before it. */
function checkSigned(turns: readonly Turn[]): void {
  const since = turns.findLastIndex((turn) => turn.user && turn.texts)
  for (const [index, turn] of turns.entries()) {
    const [first] = turn.calls
    if (index < since || first === undefined || first['signature'] !== undefined) continue
    throw invalid(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${String(first['name'])}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
    )
  }
}
