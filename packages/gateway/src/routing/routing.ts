import { safeText, type Failure } from '@dragoman/protocol'
import type { Catalog } from './catalog.js'
import { withoutTag } from './latest-tag.js'
import { nearestNames } from './nearest-names.js'
import { readSuffixes } from './suffixes.js'

/** Where a name leads: which provider, under which name there, with what the name's suffixes asked for. */
export interface RouteTarget {
  provider: 'codex' | 'demo'
  model: string
  effort?: string
  serviceTier?: string
  /** One line: the rule that decided. */
  why: string
}

export interface RouteRules {
  defaultModel: string
  /** From the configuration; a target may carry a provider prefix and suffixes. */
  aliases: Readonly<Record<string, string>>
  /** Which model stands in for each family of Claude models: `opus` → `gpt-5.5`. */
  claudeModels: Readonly<Record<string, string>>
  /** Used when neither the request nor a suffix names one. Empty: leave it to the model. */
  effort: string
  serviceTier: string
  demo: boolean
  codex: boolean
}

export interface Routing {
  /** An empty name means the configured default. */
  resolve(name: string): RouteTarget | Failure
  /** Every name a client may use, suffixes aside. */
  names(): string[]
}

/** Turns model names into routes. `rules` is read at every call, so a changed configuration is in force at once. */
export function createRouting(catalog: Catalog, rules: () => RouteRules): Routing {
  function names(): string[] {
    const { aliases, demo, codex } = rules()
    return [
      ...(codex
        ? catalog
            .list()
            .filter(({ listed }) => listed)
            .map(({ slug }) => slug)
        : []),
      ...Object.keys(aliases),
      ...(demo ? ['demo'] : []),
    ]
  }

  return {
    names,
    resolve(asked) {
      const now = rules()
      const name = asked === '' ? now.defaultModel : asked
      const exact = follow(name, [], asked === '' ? 'no model was named, so model.default' : '')
      const found = 'kind' in exact ? (untagged(name) ?? exact) : exact
      if ('kind' in found) return found
      if (found.provider !== 'codex') return found
      return {
        ...found,
        ...(found.effort === undefined && now.effort !== '' ? { effort: now.effort } : {}),
        ...(found.serviceTier === undefined && now.serviceTier !== '' ? { serviceTier: now.serviceTier } : {}),
      }

      function untagged(tagged: string): RouteTarget | undefined {
        const plain = withoutTag(tagged)
        if (plain === tagged) return undefined
        const target = follow(plain, [], '')
        return 'kind' in target ? undefined : target
      }

      function follow(at: string, path: readonly string[], why: string): RouteTarget | Failure {
        const because = (rule: string): string => (why === '' ? rule : `${why} → ${rule}`)
        if (path.includes(at)) return cycle([...path, at])
        const exact = direct(at)
        if (exact !== undefined) return { ...exact, why: because(exact.why) }
        const alias = ownValue(now.aliases, at)
        if (alias !== undefined) return follow(alias, [...path, at], because(`alias ${at} = ${alias}`))

        const suffixed = readSuffixes(at)
        if (suffixed.name === at) return standIn(at, path, because) ?? unknown(asked === '' ? name : asked)
        const base = direct(suffixed.name)
        const inner =
          base ??
          (ownValue(now.aliases, suffixed.name) === undefined
            ? (standIn(suffixed.name, [...path, at], because) ?? unknown(asked === '' ? name : asked))
            : follow(suffixed.name, [...path, at], why))
        if ('kind' in inner) return inner
        return {
          ...inner,
          // The outer suffix is the more explicit wish.
          ...(suffixed.effort === undefined ? {} : { effort: suffixed.effort }),
          ...(suffixed.serviceTier === undefined ? {} : { serviceTier: suffixed.serviceTier }),
          why: `${base === undefined ? inner.why : because(inner.why)}, with ${at.slice(suffixed.name.length)}`,
        }
      }

      /** Names of Claude models that nobody here serves: the model that the settings put in their place. */
      function standIn(
        at: string,
        path: readonly string[],
        because: (rule: string) => string,
      ): RouteTarget | Failure | undefined {
        const family = claudeFamily(at, now.claudeModels)
        const target = family === undefined ? undefined : ownValue(now.claudeModels, family)
        if (target === undefined || path.includes(at)) return undefined
        return follow(target, [...path, at], because(`${at} is of the family ${family}, model.claude_models`))
      }

      function direct(at: string): RouteTarget | undefined {
        if (now.demo && (at === 'demo' || at === 'demo:demo'))
          return { provider: 'demo', model: 'demo', why: 'the demo' }
        if (!now.codex) return undefined
        if (at.startsWith('codex:')) {
          const named = withoutTag(at.slice(6))
          const { name: slug, ...wishes } = catalog.find(named) ? { name: named } : readSuffixes(named)
          return slug === '' ? undefined : { provider: 'codex', model: slug, ...wishes, why: 'the prefix codex:' }
        }
        return catalog.find(at) === undefined ? undefined : { provider: 'codex', model: at, why: 'the Codex catalog' }
      }

      function unknown(wanted: string): Failure {
        const near = nearestNames(withoutTag(wanted), names(), 3)
        return {
          kind: 'not_found',
          scope: 'request',
          phase: 'unsent',
          retry: 'never',
          code: 'model_not_found',
          pointer: '/model',
          message: safeText(
            `there is no model ${JSON.stringify(wanted)}${near.length === 0 ? '' : `; the nearest names are ${near.join(', ')}`}`,
          ),
        }
      }
    },
  }
}

function cycle(path: readonly string[]): Failure {
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    pointer: '/model',
    message: safeText(`the alias goes in a circle: ${path.join(' → ')}; mend model.aliases in the configuration`),
  }
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
