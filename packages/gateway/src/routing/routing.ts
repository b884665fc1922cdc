import { safeText, type Failure } from '@dragoman/protocol'
import type { Catalog } from './catalog.js'
import { targetName, type RouteExplanation, type RuleReading } from './explanation.js'
import { circle, noSuchModel } from './failures.js'
import { fallbacksOf } from './fallbacks.js'
import { keyIndex, type KeyIndex } from './key-index.js'
import type { KeyModels } from './key-models.js'
import { withoutTag } from './latest-tag.js'
import { keyModel, listedModel, type ListedModel } from './listed-models.js'
import { nearestNames } from './nearest-names.js'
import type { Route, RouteRules, RouteTarget } from './route.js'
import { ruleBook, wishing, type Look, type Rule } from './rules.js'
import { readings, type Reading } from './suffixes.js'

export interface Routing {
  /** Where a name leads, with its fallbacks, or why nowhere. An empty name means the configured default. Never throws. */
  resolve(name: string): Route | Failure
  /** Every name a client may use, suffixes aside. */
  names(): string[]
  /** What is known of each of the names that lead somewhere. */
  models(): readonly ListedModel[]
  /** What is known of one name, with suffixes too. An empty name means the configured default. */
  model(name: string): ListedModel | Failure
  /** How {@link Routing.resolve} came to what it says. */
  explain(name: string): RouteExplanation
}

/** Names that may lead to one another; nobody means more, and a call has only so much room. */
const LONGEST_CHAIN = 50

/** What is in force at one call. */
type Now = RouteRules & { index: KeyIndex }

/** What was seen on the way, for those who want to know. */
interface Trace {
  rules: RuleReading[]
  suffixes: string[]
}

/**
 * Turns model names into routes. `rules` is read at every call, so a changed configuration is in force at once.
 * @example
 * const routing = createRouting(catalog, keys, () => rulesOf(config()))
 * routing.resolve('gpt-5.5-high') // { targets: [{ provider: 'codex', model: 'gpt-5.5', effort: 'high', why: … }] }
 */
export function createRouting(catalog: Catalog, keys: KeyModels, rules: () => RouteRules): Routing {
  const index = keyIndex(keys)
  const present = (): Now => ({ ...rules(), index: index() })

  return {
    names: () => namesOf(catalog, present()),
    models() {
      const now = present()
      return namesOf(catalog, now).flatMap((name) => {
        const model = about(name, now)
        return 'kind' in model ? [] : [model]
      })
    },
    model: (name) => about(name, present()),

    resolve(asked) {
      const now = present()
      const found = first(asked, now)
      if ('kind' in found) return found
      const { targets } = chain(asked, found, now)
      return { targets }
    },

    explain(asked) {
      const now = present()
      const trace: Trace = { rules: [], suffixes: [] }
      const found = first(asked, now, trace)
      const about = { asked, name: asked === '' ? now.defaultModel : asked, ...trace }
      if ('kind' in found) return { ...about, targets: [], leftOut: [], problem: found.message }
      return { ...about, ...chain(asked, found, now) }
    },
  }

  function about(name: string, now: Now): ListedModel | Failure {
    const target = first(name, now)
    if (!('kind' in target))
      return listedModel(name === '' ? now.defaultModel : name, target, { catalog, index: now.index })
    // A model for something else than conversations leads nowhere, and is there all the same.
    const at = name.indexOf(':')
    const within = at > 0 && keys.providers().includes(name.slice(0, at)) ? name.slice(0, at) : undefined
    const model = within === undefined ? name : name.slice(at + 1)
    const listed = index()
      .get(model)
      ?.some(({ provider }) => within === undefined || provider === within)
    return listed ? keyModel(name, model, within, now.index) : target
  }

  /** What was asked for, without its fallbacks. */
  function first(asked: string, now: Now, trace?: Trace): RouteTarget | Failure {
    const name = asked === '' ? now.defaultModel : asked
    const why = asked === '' ? 'no model was named, so model.default' : ''
    const exact = find(name, now, why, trace)
    const plain = withoutTag(name)
    if (!('kind' in exact) || plain === name) return exact
    const untagged = find(plain, now, why, trace)
    return 'kind' in untagged && untagged.kind === 'not_found' ? exact : untagged
  }

  function chain(asked: string, found: RouteTarget, now: Now) {
    const { steps, leftOut } = fallbacksOf({
      names: [asked === '' ? now.defaultModel : withoutTag(asked)],
      first: found,
      table: now.fallbacks,
      index: now.index,
      find: (name) => first(name, now),
    })
    const [target, ...rest] = [found, ...steps].map((step) => withDefaults(step, now))
    return { targets: [target ?? found, ...rest] as Route['targets'], leftOut }
  }

  function find(name: string, now: Now, why: string, trace?: Trace): RouteTarget | Failure {
    const book = ruleBook(catalog, keys, now.index, now)
    const reasons: string[] = []
    return follow(name, [], why)

    function follow(at: string, path: readonly string[], why: string): RouteTarget | Failure {
      const ways = readings(at)
      for (const read of ways) {
        for (const [place, rule] of book.ofName.entries()) {
          const look = seen(read.name, rule, rule.look(read.name))
          if (look.kind === 'no') continue
          shadows(read.name, [...book.ofName.slice(place + 1), ...book.ofShape])
          return settle(look, read, at, path, why)
        }
      }
      for (const [place, rule] of book.ofShape.entries()) {
        const look = seen(at, rule, rule.look(at))
        if (look.kind === 'no') continue
        shadows(at, book.ofShape.slice(place + 1))
        return settle(look, ways[0], at, path, why)
      }
      return unknown(at, path, why)
    }

    function settle(
      look: Exclude<Look, { kind: 'no' }>,
      read: Reading,
      at: string,
      path: readonly string[],
      why: string,
    ): RouteTarget | Failure {
      const because = (rule: string): string => (why === '' ? rule : `${why} → ${rule}`)
      switch (look.kind) {
        case 'target':
          note(read)
          return wished({ ...look.target, why: because(look.target.why) }, read)
        case 'broken':
          return noSuchModel(name, { reason: because(look.says), nearest: nearest(name) })
        case 'follow': {
          const wishes = look.read ?? read
          if (path.includes(wishes.name)) return circle([...path, at])
          if (path.length === LONGEST_CHAIN) {
            return noSuchModel(name, { reason: `more than ${LONGEST_CHAIN} names stand for one another`, nearest: [] })
          }
          note(wishes)
          const inner = follow(look.to, [...path, wishes.name], because(look.says))
          return 'kind' in inner ? inner : wished(inner, wishes)
        }
        default:
          return look satisfies never
      }
    }

    function unknown(at: string, path: readonly string[], why: string): Failure {
      return noSuchModel(name, {
        ...(path.length === 0 ? {} : { end: { name: at, why } }),
        ...(reasons[0] === undefined ? {} : { reason: reasons[0] }),
        nearest: nearest(path.length === 0 ? name : at),
      })
    }

    function nearest(wanted: string): string[] {
      const known = namesOf(catalog, now)
      const owned = wanted.includes(':') ? ownedNames(catalog, now) : []
      return nearestNames(withoutTag(wanted), [...new Set([...known, ...owned])], 3)
    }

    function seen(at: string, rule: Rule, look: Look): Look {
      if (look.kind === 'no' && look.definite) reasons.push(look.says)
      trace?.rules.push({
        name: at,
        rule: rule.id,
        outcome: look.kind === 'no' ? 'no' : 'decided',
        ...told(look),
      })
      return look
    }

    /** The rules after the one that decided: those that know the name too are worth knowing of. */
    function shadows(at: string, later: readonly Rule[]): void {
      if (trace === undefined) return
      for (const rule of later) {
        const look = rule.look(at)
        if (look.kind === 'no') continue
        trace.rules.push({ name: at, rule: rule.id, outcome: 'shadowed', ...told(look) })
      }
    }

    function note({ suffix }: Reading): void {
      if (suffix !== '') trace?.suffixes.push(suffix)
    }
  }
}

function wished(target: RouteTarget, read: Reading): RouteTarget {
  const look = wishing({ kind: 'target', target }, read)
  return look.kind === 'target' ? look.target : target
}

/** Explicit field > suffix > configuration: what stands in the target already came from a suffix. */
function withDefaults(target: RouteTarget, now: Now): RouteTarget {
  if (target.provider !== 'codex') return target
  return {
    ...target,
    ...(target.effort === undefined && now.effort !== '' ? { effort: now.effort } : {}),
    ...(target.serviceTier === undefined && now.serviceTier !== '' ? { serviceTier: now.serviceTier } : {}),
  }
}

function told(look: Look): Pick<RuleReading, 'says' | 'to'> {
  const to = look.kind === 'target' ? targetName(look.target) : look.kind === 'follow' ? look.to : undefined
  return { says: safeText(sentence(look)), ...(to === undefined ? {} : { to: safeText(to) }) }
}

function sentence(look: Look): string {
  switch (look.kind) {
    case 'target':
      return look.target.why
    case 'follow':
    case 'broken':
    case 'no':
      return look.says
    default:
      return look satisfies never
  }
}

/** The names in lists: plain ones, and `provider:model` where a plain one could mean several providers. */
function namesOf(catalog: Catalog, now: Now): string[] {
  const owned = ownedNames(catalog, now)
  const owners = new Map<string, number>()
  for (const name of owned) {
    const model = name.slice(name.indexOf(':') + 1)
    owners.set(model, (owners.get(model) ?? 0) + 1)
  }
  return [
    ...new Set([
      ...owners.keys(),
      ...owned.filter((name) => (owners.get(name.slice(name.indexOf(':') + 1)) ?? 0) > 1),
      ...Object.keys(now.aliases),
      ...Object.keys(now.routes),
      ...(now.demo ? ['demo'] : []),
    ]),
  ]
}

/** Every model as `provider:model`. */
function ownedNames(catalog: Catalog, now: Now): string[] {
  const codex = now.codex ? catalog.list().filter(({ listed }) => listed) : []
  return [
    ...codex.map(({ slug }) => `codex:${slug}`),
    ...new Set([...now.index.values()].flat().map(({ provider, id }) => `${provider}:${id}`)),
  ]
}
