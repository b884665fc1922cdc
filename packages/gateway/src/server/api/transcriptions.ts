import { FailureError, invalidRequest, refusing } from '@dragoman/protocol'
import type { Asked } from '../route-table.js'
import { askCapability, type CapabilityHouse } from './capability.js'
import { isMultipart, readForm } from './multipart.js'

// Written out, for the compiler believes `never` only of a name with a type.
const refuse: typeof refusing.refuse = refusing.refuse

/** `POST /v1/audio/transcriptions`. The form is checked here; unknown fields pass to whoever listens. */
export function transcriptions(house: CapabilityHouse): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    if (!isMultipart(asked.req)) {
      throw new FailureError(
        invalidRequest('', 'send the audio as multipart/form-data, with the fields file and model'),
      )
    }
    const form = await readForm(asked.req, house.limits(), house.budget)
    const { model, stream } = checkTranscription(form)
    await askCapability(house, asked, { kind: 'transcription', dialect: 'openai-audio', model, body: form, stream, at })
  }
}

const FORMATS = ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json']
const GRANULARITIES = ['word', 'segment']

/** Source: OpenAI API reference, create transcription. @throws FailureError `invalid_request` with the place */
function checkTranscription(form: FormData): { model: string; stream: boolean } {
  const file = form.get('file')
  if (file === null || typeof file === 'string') refuse('/file', 'expected a file of audio')
  if (file.size === 0) refuse('/file', 'expected a file that is not empty')
  const model = refusing.name(form.get('model'), '/model')
  oneOf(form, 'response_format', FORMATS)
  oneOf(form, 'stream', ['true', 'false'])
  for (const name of ['timestamp_granularities', 'timestamp_granularities[]']) {
    for (const value of form.getAll(name)) {
      if (typeof value !== 'string' || !GRANULARITIES.includes(value)) {
        refuse('/timestamp_granularities', `expected one of ${GRANULARITIES.join(', ')}`)
      }
    }
  }
  const temperature = form.get('temperature')
  if (temperature !== null) {
    const number = typeof temperature === 'string' && temperature.trim() !== '' ? Number(temperature) : NaN
    if (!(number >= 0 && number <= 1)) refuse('/temperature', 'expected a number from 0 to 1')
  }
  for (const name of ['language', 'prompt']) {
    const value = form.get(name)
    if (value !== null && typeof value !== 'string') refuse(`/${name}`, 'expected a text, not a file')
  }
  return { model, stream: form.get('stream') === 'true' }
}

function oneOf(form: FormData, name: string, words: readonly string[]): void {
  const value = form.get(name)
  if (value === null || (typeof value === 'string' && words.includes(value))) return
  refuse(`/${name}`, `expected one of ${words.join(', ')}`)
}
