import { KEPT, REPLY } from '../wire.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { isJson } from '../../json.js'

/** What a Gemini model can do, as far as its name tells; Google's list of models does not say it. */
export interface ModelRules {
  /** 2.5, 3, …; 0 for what is no Gemini (Gemma). */
  generation: number
  pro: boolean
  /** It draws. */
  pictures: boolean
  /** The client speaks Gemini: what it asks for is what Gemini shall hear, and Google's to judge. */
  native: boolean
}

export function modelRules(request: PivotRequest, model: string): ModelRules {
  const name = model.toLowerCase()
  const version = /gemini-(\d+(?:\.\d+)?)/.exec(name)?.[1]
  // `gemini-flash-latest` names the newest one.
  const generation = version === undefined ? (/gemini-.*latest/.test(name) ? 3 : 0) : Number(version)
  return {
    generation,
    pro: /-pro\b/.test(name),
    pictures: name.includes('image'),
    native: isJson(request.extra?.[REPLY]) || isJson(request.extra?.[KEPT]),
  }
}
