/** How accounts are given proxies. */
export const ASSIGN_RULES = ['round-robin', 'even'] as const
export type AssignRule = (typeof ASSIGN_RULES)[number]

/**
 * Gives each owner one of the proxies: `round-robin` in turn, whoever goes through them already; `even` the one that then has the fewest
 * owners, so that few who are where they should be are moved.
 * @param before owner → proxy, of everybody
 */
export function assignByRule(
  rule: AssignRule,
  owners: readonly string[],
  proxies: readonly string[],
  before: ReadonlyMap<string, string>,
): Map<string, string> {
  const chosen = new Set(owners)
  const targets = [...new Set(proxies)]
  if (rule === 'round-robin' || targets.length === 0) {
    return new Map([...chosen].flatMap((owner, at) => pair(owner, targets[at % targets.length])))
  }
  const counts = new Map(targets.map((proxy) => [proxy, 0]))
  const count = (proxy: string): number => counts.get(proxy) ?? 0
  for (const [owner, proxy] of before) {
    if (!chosen.has(owner) && counts.has(proxy)) counts.set(proxy, count(proxy) + 1)
  }
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0) + chosen.size
  const most = Math.ceil(all / targets.length)
  const out = new Map<string, string>()
  for (const owner of chosen) {
    const proxy = before.get(owner)
    if (proxy === undefined || !counts.has(proxy) || count(proxy) >= most) continue
    out.set(owner, proxy)
    counts.set(proxy, count(proxy) + 1)
  }
  for (const owner of chosen) {
    if (out.has(owner)) continue
    const [fewest] = targets.toSorted((a, b) => count(a) - count(b))
    if (fewest === undefined) continue
    out.set(owner, fewest)
    counts.set(fewest, count(fewest) + 1)
  }
  return out
}

function pair(owner: string, proxy: string | undefined): [string, string][] {
  return proxy === undefined ? [] : [[owner, proxy]]
}
