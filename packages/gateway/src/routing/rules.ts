import type { Catalog } from './catalog.js'
import type { RuleId } from './explanation.js'
import { fitsPattern } from './fits-pattern.js'
import { ownersOf, type KeyIndex } from './key-index.js'
import type { KeyModels } from './key-models.js'
import { withoutTag } from './latest-tag.js'
import type { RouteRules, RouteTarget } from './route.js'
import { readings, type Reading } from './suffixes.js'

/** What one rule says of one name. */
export type Look =
  | { kind: 'target'; target: RouteTarget }
  /** Another name stands in its place. @property read what the rule itself read off the name */
  | { kind: 'follow'; to: string; says: string; read?: Reading }
  /** It is this rule's business, and cannot be done. */
  | { kind: 'broken'; says: string }
  /** @property definite the name was meant for this rule, so this is why nobody knows it */
  | { kind: 'no'; says: string; definite?: boolean }

export interface Rule {
  id: RuleId
  look(name: string): Look
}

/**
 * The rules in their order. Those `of a name` are asked for the whole name, then for the name without its suffixes; those
 * `of a shape` when none of them knows it, and read the suffixes themselves. Source of the order: product, section 5.
 */
export function ruleBook(
  catalog: Catalog,
  keys: KeyModels,
  index: KeyIndex,
  now: RouteRules,
): { ofName: readonly Rule[]; ofShape: readonly Rule[] } {
  return {
    ofName: [
      { id: 'api_key_model', look: keyModel },
      { id: 'provider_prefix', look: prefixed },
      { id: 'demo', look: demo },
      { id: 'alias', look: alias },
      { id: 'routes', look: routed },
      { id: 'codex_catalog', look: inCatalog },
    ],
    ofShape: [
      { id: 'patterns', look: patterned },
      { id: 'claude_models', look: standIn },
    ],
  }

  function keyModel(name: string): Look {
    if (name === '' || !keys.serves(name)) return no('no API key lists it')
    const owners = ownersOf(index, name)
    const [only] = owners
    const one = owners.length === 1 && only !== undefined
    return target({
      provider: 'keys',
      model: name,
      ...(one ? { within: only } : {}),
      why: owners.length === 0 ? 'an API key lists it' : `listed by the API keys of ${owners.join(' and ')}`,
    })
  }

  function prefixed(name: string): Look {
    const at = name.indexOf(':')
    if (at <= 0) return no('no provider stands before it')
    const provider = name.slice(0, at)
    // A model's own name may have a colon: llama3:8b, openai/gpt-4o:free.
    if (!isProvider(provider)) return no(`${JSON.stringify(provider)} is no provider that is configured here`)
    return within(provider, name.slice(at + 1), `the prefix ${provider}:`)
  }

  function demo(name: string): Look {
    if (name !== 'demo') return no('it is not the demo')
    return now.demo ? target({ provider: 'demo', model: 'demo', why: 'the demo' }) : no('demo.enabled is off')
  }

  function alias(name: string): Look {
    const to = ownValue(now.aliases, name)
    return to === undefined ? no('no alias') : { kind: 'follow', to, says: `alias ${name} = ${to}` }
  }

  function routed(name: string): Look {
    const to = ownValue(now.routes, name)
    if (to === undefined) return no('no entry')
    const says = `model.routes ${name} = ${to}`
    if (!isProvider(to)) return { kind: 'follow', to, says }
    const there = within(to, name, says)
    return there.kind === 'no' ? { kind: 'broken', says: `${says}, but ${there.says}` } : there
  }

  function inCatalog(name: string): Look {
    if (!now.codex) return no('codex.enabled is off')
    if (catalog.find(name) === undefined) return no('Codex lists no such model')
    return target({ provider: 'codex', model: name, why: 'the Codex catalog' })
  }

  function patterned(name: string): Look {
    let skipped = ''
    for (const [pattern, to] of Object.entries(now.patterns)) {
      if (!fitsPattern(pattern, name)) continue
      const says = `model.patterns ${pattern} = ${to}`
      const there = patternTarget(pattern, to, name, says)
      if (there.kind === 'target') return there
      skipped += `${skipped === '' ? '' : '; '}${says} fits, but ${there.kind === 'no' ? there.says : 'it leads nowhere'}`
    }
    return no(skipped === '' ? 'none fits' : skipped)
  }

  function patternTarget(pattern: string, to: string, name: string, says: string): Look {
    const at = to.indexOf(':')
    if (isProvider(to)) {
      if (to === 'demo') return target({ provider: 'demo', model: 'demo', why: says })
      // Whatever fits without its suffixes is the name; a vendor's own -fast is not ours to take away.
      const fitting = readings(name).findLast(
        (read) => fitsPattern(pattern, read.name) && (to === 'codex' || read.serviceTier === undefined),
      )
      return fitting === undefined ? within(to, name, says) : wishing(within(to, fitting.name, says), fitting)
    }
    if (at > 0 && isProvider(to.slice(0, at))) {
      const wishes = readings(name).findLast((read) => fitsPattern(pattern, read.name))
      return wishing(within(to.slice(0, at), to.slice(at + 1), says), wishes)
    }
    return no(`no key of ${at > 0 ? to.slice(0, at) : to} is configured`)
  }

  /** Names of Claude models that nobody here serves: the model that the settings put in their place. */
  function standIn(name: string): Look {
    const read = readings(name).at(-1)
    const family = read === undefined ? undefined : claudeFamily(read.name, now.claudeModels)
    const to = family === undefined ? undefined : ownValue(now.claudeModels, family)
    if (read === undefined || to === undefined) return no('not the name of a Claude model of a known family')
    return { kind: 'follow', to, says: `${read.name} is of the family ${family}, model.claude_models`, read }
  }

  function isProvider(name: string): boolean {
    return name === 'codex' || name === 'demo' || keys.providers().includes(name)
  }

  /** A name at one provider; its suffixes are read here, for only the provider's own list tells a name from its suffix. */
  function within(provider: string, tagged: string, why: string): Look {
    const named = withoutTag(tagged)
    if (provider === 'demo') {
      if (!now.demo) return no('demo.enabled is off', true)
      return named === 'demo' ? target({ provider: 'demo', model: 'demo', why }) : no('the demo has one model', true)
    }
    const ways = readings(named)
    if (provider === 'codex') {
      if (!now.codex) return no('codex.enabled is off', true)
      // What the catalog does not know may be new: the backend is asked.
      const way = ways.find(({ name }) => catalog.find(name) !== undefined) ?? ways.at(-1) ?? ways[0]
      if (way.name === '') return no('no model stands behind the prefix', true)
      return wishing(target({ provider, model: way.name, why }), way)
    }
    if (named === '') return no('no model stands behind the prefix', true)
    const exact = ownersOf(index, tagged).includes(provider) ? { name: tagged, suffix: '' } : undefined
    const way =
      exact ??
      ways.find(({ name }) => ownersOf(index, name).includes(provider)) ??
      ways.find(({ name }) => keys.serves(name, provider))
    if (way === undefined) return no(`no key of ${provider} serves ${JSON.stringify(named)}`, true)
    return wishing(target({ provider: 'keys', model: way.name, within: provider, why }), way)
  }
}

/** A target with what suffixes asked for; they are more explicit than what the target has. */
export function wishing(look: Look, read: Reading | undefined): Look {
  if (look.kind !== 'target' || read === undefined || read.suffix === '') return look
  const { target: base } = look
  const tierless = base.provider === 'keys' && read.serviceTier !== undefined
  return target({
    ...base,
    ...(read.effort === undefined ? {} : { effort: read.effort }),
    ...(read.serviceTier === undefined || tierless ? {} : { serviceTier: read.serviceTier }),
    why: `${base.why}, with ${read.suffix}${tierless ? ' (a tier is for Codex models and left out)' : ''}`,
  })
}

function target(target: RouteTarget): Look {
  return { kind: 'target', target }
}

function no(says: string, definite?: boolean): Look {
  return { kind: 'no', says, ...(definite === undefined ? {} : { definite }) }
}

/** `claude-opus-4-7`, `claude-3-5-haiku-20241022`: the family is a word of the name. Shape of the names: Anthropic, models overview. */
function claudeFamily(name: string, families: Readonly<Record<string, string>>): string | undefined {
  if (!name.startsWith('claude-')) return undefined
  const words = new Set(name.split(/[-@[]/))
  return Object.keys(families).find((family) => words.has(family))
}

function ownValue(map: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined
}
