import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import { samplingOf, type PivotRequest } from '../../../pivot/index.js'
import { noteForeignFields } from '../../foreign-fields.js'
import { isJson, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { noteSampling, type SamplingField } from '../../sampling-losses.js'
import { codexRequest } from './codex-rules.js'
import { encodeItems, noteMeaning, withoutExtra } from './encode-items.js'

/**
 * The pivot request as a Responses body. What a Responses client said passes, known or not; `extra`, which is ours, stays here. What
 * clients of other dialects asked for and this wire cannot say is noted, and so is what the Codex backend is known to refuse.
 */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Json> {
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const { extra: _, ...passing } = request
  const placed = encodeItems(request.input, to.rules, note)
  const body: Json = {
    ...passing,
    ...sampling(request, to.rules, note),
    ...logprobs(request, to.rules),
    model: to.model,
    input: placed.map(({ item }) => item),
  }
  if (Array.isArray(body['tools'])) {
    const tools = body['tools'] as unknown[]
    tools.forEach((tool, at) => {
      if (isJson(tool)) noteMeaning(tool, `/tools/${at}`, note)
    })
    body['tools'] = tools.map(withoutExtra)
  }
  noteForeignFields(request, 'openai-responses', note, to.rules === 'codex' ? undefined : LOGPROBS)
  return { value: to.rules === 'codex' ? codexRequest(body, placed, receipt) : body, receipt }
}

/** Open Responses has the two penalties; OpenAI's own Responses API has neither (2026-11). */
const COMPATIBLE_SAMPLING: ReadonlySet<SamplingField> = new Set(['presence_penalty', 'frequency_penalty'])
const NO_SAMPLING: ReadonlySet<SamplingField> = new Set()

function sampling(request: PivotRequest, rules: UpstreamModel['rules'], note: Noting): Json {
  const can = rules === 'compatible' ? COMPATIBLE_SAMPLING : NO_SAMPLING
  const upstream = rules === 'codex' ? 'the Codex backend' : 'the Responses API'
  noteSampling(
    request,
    can,
    (field) => (field === 'n' ? 'one request gives one answer' : `${upstream} has no such sampling parameter`),
    note,
  )
  return Object.fromEntries(Object.entries(samplingOf(request)).filter(([field]) => can.has(field as SamplingField)))
}

const LOGPROBS: ReadonlySet<string> = new Set(['logprobs', 'top_logprobs'])
const WITH_LOGPROBS = 'message.output_text.logprobs'

/** Chat asks for log probabilities by a field, the Responses API by `include`. */
function logprobs(request: PivotRequest, rules: UpstreamModel['rules']): Json {
  const asked = request.extra?.['openai-chat']
  if (rules === 'codex' || asked?.['logprobs'] !== true) return {}
  const top = asked['top_logprobs']
  return {
    include: [...(request.include ?? []), WITH_LOGPROBS],
    ...(typeof top === 'number' ? { top_logprobs: top } : {}),
  }
}
