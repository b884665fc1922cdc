import type { UpstreamModel } from '../../../dialect.js'
import { samplingOf, type PivotRequest } from '../../../pivot/index.js'
import { given, isJson, isSet, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { noteSampling, type SamplingField } from '../../sampling-losses.js'
import { geminiFields, KEPT } from '../wire.js'
import { cleanSchema } from './clean-schema.js'
import type { ModelRules } from './model-rules.js'
import { thinkingConfig } from './thinking.js'

export interface Config {
  generationConfig: Json
  /** What can only be asked for in words. */
  instruction: string | undefined
}

const CAN: ReadonlySet<SamplingField> = new Set(['stop', 'seed', 'top_k', 'presence_penalty', 'frequency_penalty'])

/** @param offers functions are offered, pictures are wanted */
export function encodeConfig(
  request: PivotRequest,
  to: UpstreamModel,
  rules: ModelRules,
  offers: { functions: boolean; pictures: boolean },
  note: Noting,
): Config {
  const sampling = samplingOf(request)
  noteSampling(
    request,
    CAN,
    (field) => (field === 'n' ? 'one request gives one answer' : 'Gemini has no such sampling parameter'),
    note,
  )
  const { format, instruction } = formatOf(request, rules, offers.functions, note)
  const own = geminiFields(request)['generationConfig']
  return {
    generationConfig: {
      ...given({
        maxOutputTokens: limit(request, to, note),
        temperature: request.temperature,
        topP: request.top_p,
        topK: sampling.top_k,
        stopSequences: sampling.stop,
        seed: sampling.seed,
        presencePenalty: sampling.presence_penalty,
        frequencyPenalty: sampling.frequency_penalty,
        thinkingConfig: thinkingConfig(request, rules, note),
      }),
      ...format,
      ...(offers.pictures ? { responseModalities: ['TEXT', 'IMAGE'] } : {}),
      ...(isJson(own) ? own : {}),
    },
    instruction,
  }
}

/** Gemini refuses a limit beyond the model's own. */
function limit(request: PivotRequest, to: UpstreamModel, note: Noting): number | undefined {
  const asked = request.max_output_tokens
  const most = to.maxOutputTokens
  if (!isSet(asked) || most === undefined || asked <= most) return asked ?? undefined
  note('/max_output_tokens', 'approximated', `the model gives at most ${most} tokens`)
  return most
}

/** Before Gemini 3 a model refuses JSON output beside functions; it is asked for JSON in words then. */
function formatOf(
  request: PivotRequest,
  rules: ModelRules,
  functions: boolean,
  note: Noting,
): { format: Json; instruction?: string } {
  const kept = request.extra?.[KEPT]?.['form']
  if (isJson(kept)) return { format: kept }
  const format = request.text?.format
  if (format === undefined || format === null || format.type === 'text') return { format: {} }
  const inWords = functions && rules.generation < 3 && !rules.native
  if (format.type === 'json_object') {
    if (!inWords) return { format: { responseMimeType: 'application/json' } }
    note('/text/format', 'approximated', 'this model is asked in words for JSON, because of its functions')
    return { format: {}, instruction: 'Answer in JSON.' }
  }
  if (inWords) {
    note('/text/format', 'approximated', 'this model is asked in words for JSON, because of its functions')
    return {
      format: {},
      instruction: `Answer in JSON that is valid by this JSON Schema, without anything around it:\n${JSON.stringify(format.schema)}`,
    }
  }
  const { schema, lost } = cleanSchema(format.schema)
  if (lost.size > 0) {
    note('/text/format/schema', 'approximated', `Gemini's schemas do not know ${[...lost].join(', ')}`)
  }
  return { format: { responseMimeType: 'application/json', responseJsonSchema: schema } }
}
