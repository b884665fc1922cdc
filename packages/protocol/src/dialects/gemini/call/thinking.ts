import type { PivotRequest } from '../../../pivot/index.js'
import { isJson, isSet, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { KEPT } from '../wire.js'
import type { ModelRules } from './model-rules.js'

/**
 * `thinkingConfig`: what a Gemini client asked for goes back as it was, as long as nobody chose another effort on the way. An effort is a level
 * from Gemini 3 on, a budget of tokens before.
 * Source: Gemini API, thinking.
 */
export function thinkingConfig(request: PivotRequest, rules: ModelRules, note: Noting): Json | undefined {
  const { effort, summary } = request.reasoning ?? {}
  const kept = request.extra?.[KEPT]
  if (isJson(kept?.['thinkingConfig']) && (kept['effort'] ?? undefined) === (effort ?? undefined)) {
    return kept['thinkingConfig']
  }
  const shown = isSet(summary) && summary !== 'none'
  if (!isSet(effort) && !shown) return undefined
  if (rules.generation < 2.5 || (rules.pictures && rules.generation < 3)) {
    if (isSet(effort) && effort !== 'none') note('/reasoning', 'dropped', 'this model does not think')
    return undefined
  }
  const strength = !isSet(effort)
    ? {}
    : rules.generation >= 3
      ? level(effort, rules, note)
      : budget(effort, rules, note)
  return { ...strength, ...(shown ? { includeThoughts: true } : {}) }
}

/** The Pro models have no `MINIMAL`, and no model can be kept from thinking. */
function level(effort: string, rules: ModelRules, note: Noting): Json {
  const least = rules.pro ? 'LOW' : 'MINIMAL'
  const told = (thinkingLevel: string, exact = false): Json => {
    if (!exact) note('/reasoning/effort', 'approximated', `the effort '${effort}' became the level ${thinkingLevel}`)
    return { thinkingLevel }
  }
  switch (effort) {
    case 'none':
      return told(least)
    case 'minimal':
      return told(least, !rules.pro)
    case 'low':
      return told('LOW', true)
    case 'medium':
      // The first of the Pro models knows two levels only.
      return rules.pro && rules.generation === 3 ? told('HIGH') : told('MEDIUM', true)
    case 'high':
      return told('HIGH', true)
    case 'xhigh':
    case 'max':
    case 'ultra':
      return told('HIGH')
    default:
      note('/reasoning/effort', 'dropped', `Gemini has no effort '${effort}'`)
      return {}
  }
}

/** Gemini 2.5 Pro thinks at least 128 tokens, the others none if they shall; it may think the longest. */
function budget(effort: string, rules: ModelRules, note: Noting): Json {
  const most = rules.pro ? 32_768 : 24_576
  const budgets = new Map([
    ['none', rules.pro ? 128 : 0],
    ['minimal', 512],
    ['low', 1_024],
    ['medium', 8_192],
    ['high', 24_576],
    ['xhigh', most],
    ['max', most],
    ['ultra', most],
  ])
  const thinkingBudget = budgets.get(effort)
  if (thinkingBudget === undefined) {
    note('/reasoning/effort', 'dropped', `Gemini has no effort '${effort}'`)
    return {}
  }
  if (effort === 'none' && thinkingBudget > 0)
    note('/reasoning/effort', 'approximated', 'this model always thinks a little')
  return { thinkingBudget }
}
