import { fitsPattern } from './fits-pattern.js'

/**
 * May a client key that is bound to some models use this one?
 * @param allowed names and patterns with `*`; none: every model
 * @param names what the model is called: the client's name, the upstream's, `provider:model`
 */
export function mayUse(allowed: readonly string[] | undefined, ...names: readonly string[]): boolean {
  if (allowed === undefined || allowed.length === 0) return true
  return allowed.some((pattern) => names.some((name) => fitsPattern(pattern, name)))
}
