import { safeText, type Failure } from '@dragoman/protocol'

const AT_MODEL = { scope: 'request', phase: 'unsent', retry: 'never', pointer: '/model' } as const

/** @param path what was put in the place of what, the asked name first */
export function circle(path: readonly string[]): Failure {
  return {
    ...AT_MODEL,
    kind: 'invalid_request',
    message: safeText(
      `the alias goes in a circle: ${path.join(' → ')}; mend model.aliases, model.routes or model.claude_models in the configuration (a target that begins with its provider, codex:gpt-5.5, is not looked up again)`,
    ),
  }
}

/**
 * @param wanted as the client named it
 * @param end where the name led, if not to itself, with the rules on the way
 * @param reason more than that it is unknown
 */
export function noSuchModel(
  wanted: string,
  about: { end?: { name: string; why: string }; reason?: string; nearest: readonly string[] },
): Failure {
  const { end, reason, nearest } = about
  const what = end === undefined ? '' : `: ${end.why}, and ${JSON.stringify(end.name)} is unknown`
  const near = nearest.length === 0 ? '' : `; the nearest names are ${nearest.join(', ')}`
  return {
    ...AT_MODEL,
    kind: 'not_found',
    code: 'model_not_found',
    message: safeText(
      `there is no model ${JSON.stringify(wanted)}${what}${reason === undefined ? '' : ` (${reason})`}${near}`,
    ),
  }
}
