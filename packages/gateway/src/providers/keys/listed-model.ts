import { KEY_CAPABILITIES, type KeyCapability, type KeyModel } from './types.js'

type Fields = Readonly<Record<string, unknown>>

/** Longer names are no names. */
const MAX_NAME = 200

/**
 * One entry of a provider's model list, whatever its shape: OpenAI's, Anthropic's, Gemini's, OpenRouter's, or a bare name.
 * @returns undefined for what names no model
 */
export function modelOf(entry: unknown): KeyModel | undefined {
  const fields: Fields = typeof entry === 'object' && entry !== null ? (entry as Fields) : { id: entry }
  const id = text(fields['id'])?.trim() ?? text(fields['name'])?.replace(/^models\//, '') ?? text(fields['model'])
  if (id === undefined || id === '' || id.length > MAX_NAME || hasControls(id)) return undefined
  const top = object(fields['top_provider'])
  const displayName =
    text(fields['display_name']) ??
    text(fields['displayName']) ??
    (fields['id'] === undefined ? undefined : text(fields['name']))
  const contextWindow =
    count(fields['context_length']) ??
    count(fields['context_window']) ??
    count(fields['max_context_length']) ??
    count(fields['inputTokenLimit']) ??
    count(fields['max_model_len']) ??
    count(fields['max_input_tokens'])
  const maxOutputTokens =
    count(fields['outputTokenLimit']) ??
    count(top['max_completion_tokens']) ??
    count(fields['max_completion_tokens']) ??
    count(fields['max_output_tokens']) ??
    count(fields['max_tokens'])
  return {
    id,
    ...(displayName === undefined || displayName === id || hasControls(displayName)
      ? {}
      : { displayName: displayName.slice(0, MAX_NAME) }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    capabilities: told(fields) ?? guessed(id),
  }
}

/** What the provider itself says that it can be used for. */
function told(fields: Fields): KeyCapability[] | undefined {
  const methods = fields['supportedGenerationMethods']
  if (Array.isArray(methods)) {
    if (methods.includes('generateContent')) return ['chat']
    return methods.includes('embedContent') ? ['embeddings'] : []
  }
  const kinds = object(fields['architecture'])['output_modalities']
  if (Array.isArray(kinds)) {
    if (kinds.includes('text')) return ['chat']
    return kinds.includes('embeddings') ? ['embeddings'] : kinds.includes('image') ? ['images'] : []
  }
  const { type } = fields
  if (type === 'chat' || type === 'language' || type === 'llm') return ['chat']
  if (type === 'embedding' || type === 'embeddings') return ['embeddings']
  if (type === 'image') return ['images']
  return undefined
}

/** OpenAI's form of the list says nothing but names. */
const BY_NAME: readonly (readonly [RegExp, readonly KeyCapability[]])[] = [
  [/embed|(^|[/-])bge-|gte-|e5-/i, ['embeddings']],
  [/whisper|transcri|(^|[/-])asr/i, ['transcription']],
  [/dall-e|gpt-image|imagen|flux|stable-diffusion|sdxl|qwen-image|seedream|cogview/i, ['images']],
  [/(^|[/-])tts|realtime|-audio|moderation|rerank|sora|veo|guard(?!ian)|computer-use|babbage|davinci-002/i, []],
]

function guessed(id: string): readonly KeyCapability[] {
  return BY_NAME.find(([pattern]) => pattern.test(id))?.[1] ?? ['chat']
}

/** The models of a list that a key with these capabilities can serve. */
export function fittingModels(models: readonly KeyModel[], capabilities: readonly KeyCapability[]): KeyModel[] {
  return models.filter(({ capabilities: own = KEY_CAPABILITIES }) => own.some((one) => capabilities.includes(one)))
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

function object(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function hasControls(value: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)
}
