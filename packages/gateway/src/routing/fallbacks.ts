import type { Failure } from '@dragoman/protocol'
import type { FallbackCase } from '../config/index.js'
import { fitsPattern } from './fits-pattern.js'
import { ownersOf, type KeyIndex } from './key-index.js'
import type { FallbackStep, RouteTarget } from './route.js'

/** What a fallback is for when the configuration does not say: whatever another upstream may do better. */
export const DEFAULT_CASES: readonly FallbackCase[] = ['quota', 'overloaded', 'unavailable']

export interface LeftOut {
  step: string
  when?: readonly FallbackCase[]
  reason: string
}

interface Asked {
  /** As the client named it. */
  names: readonly string[]
  first: RouteTarget
  table: Readonly<Record<string, readonly FallbackStep[]>>
  index: KeyIndex
  /** Where a step's name leads, by the same rules; its own fallbacks are not followed. */
  find(name: string): RouteTarget | Failure
}

/** The fallbacks of a target, in the order of the configuration; and the steps that take no part. */
export function fallbacksOf({ names, first, table, index, find }: Asked): {
  steps: RouteTarget[]
  leftOut: LeftOut[]
} {
  const steps: RouteTarget[] = []
  const leftOut: LeftOut[] = []
  const entry = entryOf(table, [...names, ...ownNames(first, index)])
  if (entry === undefined) return { steps, leftOut }
  for (const step of entry.steps) {
    const to = typeof step === 'string' ? step : step.to
    const when = (typeof step === 'string' ? undefined : step.when) ?? DEFAULT_CASES
    const found = find(to)
    if ('kind' in found) {
      leftOut.push({ step: to, when, reason: found.message })
      continue
    }
    const why = `model.fallbacks ${entry.name} → ${to} (${found.why})`
    const target = inheriting({ ...found, why, when }, first)
    if (same(target, first)) {
      leftOut.push({ step: to, when, reason: 'it is what was asked first' })
      continue
    }
    const before = steps.findIndex((other) => same(other, target))
    const twin = steps[before]
    if (twin === undefined) steps.push(target)
    else {
      steps[before] = { ...twin, when: [...new Set([...(twin.when ?? DEFAULT_CASES), ...when])] }
      leftOut.push({ step: to, when, reason: 'a step before it leads to the same target, which takes its cases over' })
    }
  }
  return { steps, leftOut }
}

/** The entry for exactly one of the names, else the first whose pattern fits one. */
function entryOf(
  table: Asked['table'],
  names: readonly string[],
): { name: string; steps: readonly FallbackStep[] } | undefined {
  const exact = names.find((name) => Object.hasOwn(table, name))
  const key = exact ?? Object.keys(table).find((pattern) => names.some((name) => fitsPattern(pattern, name)))
  const steps = key === undefined ? undefined : table[key]
  return key === undefined || steps === undefined ? undefined : { name: key, steps }
}

/** `provider:model` and the bare model; a model that several providers list has several. */
function ownNames({ provider, within, model }: RouteTarget, index: KeyIndex): string[] {
  const owners = provider !== 'keys' ? [provider] : within === undefined ? ownersOf(index, model) : [within]
  return [...owners.map((owner) => `${owner}:${model}`), model]
}

/** What the asked name's suffixes wished for is wished for of its fallbacks too, unless their own say otherwise. */
function inheriting(step: RouteTarget, first: RouteTarget): RouteTarget {
  const tier = step.provider === 'codex' ? first.serviceTier : undefined
  return {
    ...step,
    ...(step.effort === undefined && first.effort !== undefined ? { effort: first.effort } : {}),
    ...(step.serviceTier === undefined && tier !== undefined ? { serviceTier: tier } : {}),
  }
}

function same(a: RouteTarget, b: RouteTarget): boolean {
  return (
    a.provider === b.provider &&
    a.model === b.model &&
    a.within === b.within &&
    a.effort === b.effort &&
    a.serviceTier === b.serviceTier
  )
}
