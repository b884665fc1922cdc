import type { CandidateExplanation, TargetExplanation } from '../relay/index.js'
import { explainText } from '../routing/index.js'
import type { Explanation } from '../server/index.js'
import { plainText, type RequestRecord } from '../telemetry/index.js'

/** What `POST /admin/explain` tells of a request. */
export interface ExplainedRequest {
  request: Omit<RequestRecord, 'failure'> & { failure?: { kind: string; scope: string; message: string } }
  now: Explanation
}

/** Where a name leads and who would answer there, for a terminal. */
export function explanationText({ route, targets }: Explanation): string {
  const candidates = targets.map(targetText).join('\n')
  return `${explainText(route)}${candidates === '' ? '' : `\nNow\n${candidates}`}`
}

function targetText({ target, when, candidates, nobody }: TargetExplanation): string {
  const cases = when === undefined ? '' : `, when: ${when.join(', ')}`
  return [
    `  ${plainText(target)}${cases}`,
    ...candidates.map((candidate) => `    ${candidateText(candidate)}`),
    ...(nobody === undefined ? [] : [`    nobody: ${plainText(nobody)}`]),
    '',
  ].join('\n')
}

function candidateText({ label, provider, verdict, reason }: CandidateExplanation): string {
  const owner = provider === undefined ? '' : ` (${provider})`
  return plainText(`${verdict === 'taken' ? '→' : verdict === 'next' ? '·' : '×'} ${label}${owner}: ${reason}`)
}

/** What happened to a request, and what would happen now. */
export function requestText({ request, now }: ExplainedRequest): string {
  const { attempts, fallbacks, notes, failure, usage } = request
  const lines = [
    `${request.id}  ${new Date(request.at).toISOString()}  ${request.dialect} ${request.path}`,
    `  asked for ${request.model}${request.route === undefined ? '' : `, answered by ${request.route}`}`,
    `  status ${request.status ?? '–'}, ${request.durationMs ?? '–'} ms${request.ttftMs === undefined ? '' : `, first output after ${request.ttftMs} ms`}`,
    ...attempts.map(({ candidate, outcome, ms }) => `  attempt: ${candidate}, ${outcome}, ${ms} ms`),
    ...(fallbacks ?? []).map((fallback) => `  fallback: ${fallback}`),
    ...(usage === undefined
      ? []
      : [`  tokens: ${usage.inputTokens} in (${usage.cachedTokens} cached), ${usage.outputTokens} out`]),
    ...notes.map(({ pointer, what, why }) => `  note: ${pointer === '' ? 'the body' : pointer} ${what}: ${why}`),
    ...(failure === undefined ? [] : [`  failed: ${failure.kind}, ${failure.message}`]),
  ]
  return `${lines.map(plainText).join('\n')}\n\n${explanationText(now)}`
}
