import { json, type PlainReply } from '../faults/status-replies.js'
import type { Exchange } from '../http/recorded-request.js'
import { estimateTokens } from '../scene/index.js'
import { testCard } from '../brain/index.js'
import { pivotRequest, promptTokens } from './answer.js'
import { invalid } from './refusal.js'
import { isJson, objects, type Json, type VendorCall, type Wire } from './vendor.js'

/** The size of a prompt as the vendor's own counter tells it. @throws FailureError for a body that makes no prompt */
export function countReply(exchange: Exchange, call: VendorCall): PlainReply {
  const body = isJson(exchange.record.body) ? exchange.record.body : {}
  const counted = (wire: Wire, changed: Json) =>
    promptTokens(pivotRequest({ ...exchange, record: { ...exchange.record, body: changed } }, call, wire))
  switch (call.vendor) {
    case 'anthropic':
      // A request that is only counted has no limit, which one that is answered must have.
      return json(200, { input_tokens: counted('messages', { ...body, max_tokens: 1 }) })
    case 'gemini': {
      // The whole request may stand inside, so that tools and instructions count too.
      const inner = isJson(body['generateContentRequest']) ? body['generateContentRequest'] : body
      const totalTokens = counted('generate', inner)
      return json(200, { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] })
    }
    default:
      return json(200, { object: 'response.input_tokens', input_tokens: counted('responses', body) })
  }
}

/** Vectors that depend on the text alone, of length one. Sources: OpenAI, create embeddings; Gemini API, embedContent. */
export function embeddingsReply({ record }: Exchange, call: VendorCall): PlainReply {
  const body = isJson(record.body) ? record.body : {}
  if (call.vendor === 'gemini') {
    const asked = call.rest === 'batchEmbedContents' ? objects(body['requests']) : [body]
    const made = asked.map((one) => ({
      values: vector(contentText(one['content']), sizeOf(one['outputDimensionality'], 16)),
    }))
    return json(200, call.rest === 'batchEmbedContents' ? { embeddings: made } : { embedding: made[0] })
  }
  const { input, encoding_format: format } = body
  const inputs = inputsOf(input)
  if (inputs.length === 0) throw invalid("Missing required parameter: 'input'.", { param: 'input' })
  const size = sizeOf(body['dimensions'], 16)
  const data = inputs.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: format === 'base64' ? asBase64(vector(text, size)) : vector(text, size),
  }))
  const tokens = inputs.reduce((sum, text) => sum + estimateTokens(text), 0)
  return json(200, { object: 'list', data, model: call.model, usage: { prompt_tokens: tokens, total_tokens: tokens } })
}

/** A text, texts, tokens, or lists of tokens. */
function inputsOf(input: unknown): string[] {
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input) || input.length === 0) return []
  return typeof input[0] === 'number'
    ? [input.join(' ')]
    : input.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
}

function contentText(content: unknown): string {
  return isJson(content)
    ? objects(content['parts'])
        .map(({ text }) => String(text))
        .join('')
    : ''
}

function sizeOf(asked: unknown, usual: number): number {
  return typeof asked === 'number' && asked > 0 ? asked : usual
}

function vector(text: string, size: number): number[] {
  let state = 2_166_136_261
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 16_777_619)
  const values = Array.from({ length: size }, () => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    return (state | 0) / 2 ** 31
  })
  const norm = Math.hypot(...values) || 1
  return values.map((value) => Math.fround(value / norm))
}

function asBase64(values: readonly number[]): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64')
}

/** What a transcription's form must have. */
export interface TranscriptionForm {
  fileName: string
  fileBytes: number
  fields: Readonly<Record<string, string>>
}

/** Reads the form of a transcription. @throws VendorRefusal */
export async function readTranscription({ body, record }: Exchange): Promise<TranscriptionForm> {
  const type = record.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) throw invalid('Could not parse multipart form')
  let form: FormData
  try {
    form = await new Response(new Uint8Array(body.bytes), { headers: { 'content-type': type } }).formData()
  } catch {
    throw invalid('Could not parse multipart form')
  }
  const file = form.get('file')
  if (file === null || typeof file === 'string') throw invalid("Missing required parameter: 'file'.", { param: 'file' })
  const fields = Object.fromEntries(
    [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  if (fields['model'] === undefined) throw invalid('you must provide a model parameter')
  return { fileName: file.name, fileBytes: file.size, fields }
}

/** What is heard in any recording. */
export function transcriptOf({ fileName, fileBytes }: TranscriptionForm): string {
  return `This is what ${fileName} says in ${fileBytes} bytes.`
}

/** A whole transcription. Source: OpenAI, create transcription. */
export function transcriptionReply(form: TranscriptionForm): PlainReply {
  const text = transcriptOf(form)
  const format = form.fields['response_format'] ?? 'json'
  const plain = (body: string): PlainReply => ({
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body,
  })
  switch (format) {
    case 'json':
      return json(200, { text, usage: { type: 'tokens', ...tokensOf(text) } })
    case 'verbose_json':
      return json(200, {
        task: 'transcribe',
        language: 'english',
        duration: 1.5,
        text,
        segments: [],
        usage: { type: 'duration', seconds: 2 },
      })
    case 'text':
      return plain(`${text}\n`)
    case 'srt':
      return plain(`1\n00:00:00,000 --> 00:00:01,500\n${text}\n\n`)
    case 'vtt':
      return plain(`WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n${text}\n\n`)
    default:
      throw invalid(`Invalid response_format: '${format}'.`, { param: 'response_format', code: 'invalid_value' })
  }
}

function tokensOf(text: string) {
  const output_tokens = estimateTokens(text)
  return {
    input_tokens: 14,
    input_token_details: { text_tokens: 0, audio_tokens: 14 },
    output_tokens,
    total_tokens: 14 + output_tokens,
  }
}

/** The events of a streamed transcription, as JSON. */
export function transcriptionEvents(form: TranscriptionForm): Json[] {
  const text = transcriptOf(form)
  const words = text.match(/\S+\s*/g) ?? []
  return [
    ...words.map((delta) => ({ type: 'transcript.text.delta', delta })),
    { type: 'transcript.text.done', text, usage: { type: 'tokens', ...tokensOf(text) } },
  ]
}

/** Test cards instead of pictures. Source: OpenAI, create image. */
export function imagesReply({ record }: Exchange, call: VendorCall, now: number): PlainReply {
  const body = isJson(record.body) ? record.body : {}
  if (typeof body['prompt'] !== 'string') throw invalid("Missing required parameter: 'prompt'.", { param: 'prompt' })
  const isNew = call.model.startsWith('gpt-image')
  if (isNew && body['response_format'] !== undefined) {
    throw invalid("Unknown parameter: 'response_format'.", { param: 'response_format', code: 'unknown_parameter' })
  }
  const many = typeof body['n'] === 'number' ? body['n'] : 1
  if (many < 1 || many > 10)
    throw invalid(`Invalid 'n': integer out of range.`, { param: 'n', code: 'integer_out_of_range' })
  const url = !isNew && body['response_format'] !== 'b64_json'
  const data = Array.from({ length: many }, () =>
    url ? { url: 'https://images.example.com/simulated.png' } : { b64_json: testCard() },
  )
  const usage = {
    total_tokens: 110,
    input_tokens: 10,
    output_tokens: 100,
    input_tokens_details: { text_tokens: 10, image_tokens: 0 },
  }
  return json(200, { created: Math.floor(now / 1000), data, ...(isNew ? { usage } : {}) })
}
