import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { FALLBACK_CASES, type Config } from '../../config/index.js'
import {
  createRouting,
  DEFAULT_CASES,
  rulesOf,
  targetName,
  type Catalog,
  type KeyModels,
  type Routing,
} from '../../routing/index.js'
import type { Admin } from '../../sessions/index.js'
import { json, jsonBody, PROBLEMS, READS, type AdminApi } from './api.js'
import type { SavedSettings } from './settings.js'

export interface ModelRoutingHouse {
  config(): Config
  catalog: Catalog
  keys: KeyModels
  /** Writes settings by their names and puts them in force. */
  save(changes: Readonly<Record<string, unknown>>, admin: Admin): Promise<SavedSettings>
  writable: boolean
}

const word = z.string().trim().min(1).max(200)
const When = z.array(z.enum(FALLBACK_CASES)).min(1)
const Step = z.object({ to: word, when: When.optional() })
const CustomModel = z
  .object({
    id: word,
    displayName: word.optional(),
    efforts: z.array(word).max(20).optional(),
    defaultEffort: word.optional(),
    contextWindow: z.int().positive().optional(),
    maxOutputTokens: z.int().positive().optional(),
  })
  .openapi('CustomModel')
type CustomModel = z.infer<typeof CustomModel>

const names = (description: string) =>
  z.record(z.string().trim().min(1).max(200), word).nullable().optional().openapi({ description })

const RoutingChange = z
  .object({
    defaultModel: word.nullable().optional(),
    aliases: names('Names of your own; a target may carry suffixes such as `-high`.'),
    routes: names('Where single names go: a provider, `provider:model` or a model.'),
    patterns: names('Providers of names that nothing else knows, by pattern with *; the first that fits wins.'),
    claudeModels: names('Models that answer for families of Claude models that nobody serves.'),
    fallbacks: z.record(z.string().trim().min(1).max(200), z.array(Step).min(1).max(10)).nullable().optional(),
    customModels: z.array(CustomModel).max(1_000).nullable().optional(),
  })
  .openapi('ModelRoutingChange')
type RoutingChange = z.infer<typeof RoutingChange>

const Leads = z
  .object({
    target: z.string().nullable().openapi({ description: '`codex:gpt-5.5`; null: nowhere.' }),
    effort: z.string().nullable(),
    serviceTier: z.string().nullable(),
    problem: z.enum(['circle', 'unknown']).nullable(),
    message: z.string().nullable().openapi({ description: 'What is wrong, in one line.' }),
  })
  .openapi('NameLeads')
type Leads = z.infer<typeof Leads>

const entry = z.object({ name: z.string(), to: z.string(), leads: Leads })
const RoutingView = z
  .object({
    writable: z.boolean(),
    defaultModel: z.object({ name: z.string(), leads: Leads }),
    effort: z.string(),
    serviceTier: z.string(),
    aliases: z.array(entry),
    routes: z.array(entry),
    patterns: z.array(
      z.object({
        name: z.string(),
        to: z.string(),
        configured: z.boolean().openapi({ description: 'Its provider is.' }),
      }),
    ),
    claudeModels: z.array(entry),
    fallbacks: z.array(
      z.object({
        name: z.string(),
        steps: z.array(z.object({ to: z.string(), when: When, ownCases: z.boolean(), leads: Leads })),
      }),
    ),
    customModels: z.array(CustomModel),
    providers: z.array(z.string()).openapi({ description: 'Those that names can be sent to.' }),
  })
  .openapi('ModelRouting')
type RoutingView = z.infer<typeof RoutingView>

const Problem = z
  .object({
    pointer: z.string().openapi({ description: 'The place in what was sent.' }),
    code: z.enum(['circle', 'unknown']),
    message: z.string(),
    refused: z.boolean().openapi({ description: 'It cannot be saved like that.' }),
  })
  .openapi('ModelRoutingProblem')
type Problem = z.infer<typeof Problem>

const Saved = z.object({
  saved: z.array(z.string()),
  restartRequired: z.array(z.string()),
  overridden: z.array(z.string()),
  warnings: z.array(Problem),
  routing: RoutingView,
})

/** Aliases, custom models, the routing table and fallbacks: what the configuration says, and where it leads. */
export function modelRoutingApi(api: AdminApi, house: ModelRoutingHouse): void {
  const tags = ['models']

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/model-routing',
      tags,
      summary: 'Names, routes, patterns and fallbacks, each with where it leads',
      responses: { 200: json(RoutingView, 'As the configuration says now.'), ...PROBLEMS },
    }),
    (c) => c.json(viewOf(house), 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/model-routing/check',
      tags,
      summary: 'What would be wrong with a change; nothing is saved',
      ...READS,
      request: { body: jsonBody(RoutingChange) },
      responses: { 200: json(z.object({ problems: z.array(Problem) }), 'Empty: nothing.'), ...PROBLEMS },
    }),
    (c) => c.json({ problems: problemsOf(house, c.req.valid('json')) }, 200),
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/admin/model-routing',
      tags,
      summary: 'Change names, routes, patterns, fallbacks or custom models',
      description:
        'Each field takes the place of the whole setting; null goes back to the default. Names that go in a circle are refused; a target that nobody knows yet is saved and told as a warning.',
      request: { body: jsonBody(RoutingChange) },
      responses: { 200: json(Saved, 'Written, and in force.'), ...PROBLEMS },
    }),
    async (c) => {
      const change = c.req.valid('json')
      const problems = problemsOf(house, change)
      const refused = problems.find((one) => one.refused)
      if (refused !== undefined) {
        throw new FailureError(invalidRequest(refused.pointer, refused.message, 'alias_circle'))
      }
      const saved = await house.save(settingsOf(change), c.env.admin)
      return c.json({ ...saved, warnings: problems, routing: viewOf(house) }, 200)
    },
  )
}

/** As `config.yaml` spells it. */
function settingsOf(change: RoutingChange): Record<string, unknown> {
  const { defaultModel, aliases, routes, patterns, claudeModels, fallbacks, customModels } = change
  const said = {
    'model.default': defaultModel,
    'model.aliases': aliases,
    'model.routes': routes,
    'model.patterns': patterns,
    'model.claude_models': claudeModels,
    'model.fallbacks':
      fallbacks == null
        ? fallbacks
        : Object.fromEntries(
            Object.entries(fallbacks).map(([name, steps]) => [
              name,
              steps.map(({ to, when }) => (when === undefined ? to : { to, when })),
            ]),
          ),
    'model.custom_models': customModels == null ? customModels : customModels.map(asConfigured),
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

function asConfigured({
  id,
  displayName,
  efforts,
  defaultEffort,
  contextWindow,
  maxOutputTokens,
}: CustomModel): unknown {
  const known = {
    display_name: displayName,
    efforts: efforts?.length === 0 ? undefined : efforts,
    default_effort: defaultEffort,
    context_window: contextWindow,
    max_output_tokens: maxOutputTokens,
  }
  const told = Object.entries(known).filter(([, value]) => value !== undefined)
  return told.length === 0 ? id : { id, ...Object.fromEntries(told) }
}

function viewOf(house: ModelRoutingHouse): RoutingView {
  const { model } = house.config()
  const routing = routingWith(house, {})
  const providers = providersOf(house)
  const entries = (map: Readonly<Record<string, string>>, asked = (name: string, _to: string) => name) =>
    Object.entries(map).map(([name, to]) => ({ name, to, leads: leadsOf(routing, asked(name, to)) }))
  return {
    writable: house.writable,
    defaultModel: { name: model.default, leads: leadsOf(routing, model.default) },
    effort: model.effort,
    serviceTier: model.service_tier,
    aliases: entries(model.aliases),
    routes: entries(model.routes),
    patterns: Object.entries(model.patterns).map(([name, to]) => ({
      name,
      to,
      configured: providers.includes(to.split(':')[0] ?? to),
    })),
    claudeModels: entries(model.claude_models, (_, to) => to),
    fallbacks: Object.entries(model.fallbacks).map(([name, steps]) => ({
      name,
      steps: steps.map((step) => {
        const { to, when } = typeof step === 'string' ? { to: step, when: undefined } : step
        return { to, when: [...(when ?? DEFAULT_CASES)], ownCases: when !== undefined, leads: leadsOf(routing, to) }
      }),
    })),
    customModels: model.custom_models.map((one) =>
      typeof one === 'string'
        ? { id: one }
        : {
            id: one.id,
            ...(one.display_name === undefined ? {} : { displayName: one.display_name }),
            ...(one.efforts === undefined ? {} : { efforts: [...one.efforts] }),
            ...(one.default_effort === undefined ? {} : { defaultEffort: one.default_effort }),
            ...(one.context_window === undefined ? {} : { contextWindow: one.context_window }),
            ...(one.max_output_tokens === undefined ? {} : { maxOutputTokens: one.max_output_tokens }),
          },
    ),
    providers,
  }
}

function providersOf({ config, keys }: ModelRoutingHouse): string[] {
  const { codex, demo } = config()
  return [...(codex.enabled ? ['codex'] : []), ...keys.providers(), ...(demo.enabled ? ['demo'] : [])]
}

/** Where names would lead after a change. */
function routingWith({ config, catalog, keys }: ModelRoutingHouse, change: RoutingChange): Routing {
  const { defaultModel, aliases, routes, patterns, claudeModels } = change
  const ids = new Set(change.customModels?.map(({ id }) => id) ?? [])
  const known: Catalog =
    ids.size === 0
      ? catalog
      : { ...catalog, find: (slug) => catalog.find(slug) ?? (ids.has(slug) ? unlisted(slug) : undefined) }
  return createRouting(known, keys, () => ({
    ...rulesOf(config()),
    // Their own fallbacks are not followed: what is looked at is where each name itself leads.
    fallbacks: {},
    ...(defaultModel == null ? {} : { defaultModel }),
    ...(aliases === undefined ? {} : { aliases: aliases ?? {} }),
    ...(routes === undefined ? {} : { routes: routes ?? {} }),
    ...(patterns == null ? {} : { patterns }),
    ...(claudeModels == null ? {} : { claudeModels }),
  }))
}

function unlisted(slug: string): ReturnType<Catalog['find']> {
  return { slug, displayName: slug, efforts: [], listed: true, lite: false, source: 'configured' }
}

function leadsOf(routing: Routing, name: string): Leads {
  const found = routing.resolve(name)
  if ('kind' in found) {
    const problem = found.kind === 'invalid_request' ? 'circle' : 'unknown'
    return { target: null, effort: null, serviceTier: null, problem, message: found.message }
  }
  const [first] = found.targets
  return {
    target: targetName(first),
    effort: first.effort ?? null,
    serviceTier: first.serviceTier ?? null,
    problem: null,
    message: null,
  }
}

/** Of what is changed; what was wrong before is shown where it stands. */
function problemsOf(house: ModelRoutingHouse, change: RoutingChange): Problem[] {
  const { model } = house.config()
  const routing = routingWith(house, change)
  const found: Problem[] = []
  const look = (steps: readonly string[], name: string): void => {
    const { problem, message } = leadsOf(routing, name)
    if (problem === null || message === null) return
    const pointer = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    found.push({ pointer, code: problem, message, refused: problem === 'circle' })
  }
  const changed = (
    now: Readonly<Record<string, string>> | null | undefined,
    before: Readonly<Record<string, string>>,
  ) => Object.entries(now ?? {}).filter(([name, to]) => !Object.hasOwn(before, name) || before[name] !== to)

  for (const [name] of changed(change.aliases, model.aliases)) look(['aliases', name], name)
  for (const [name] of changed(change.routes, model.routes)) look(['routes', name], name)
  for (const [name, to] of changed(change.claudeModels, model.claude_models)) look(['claudeModels', name], to)
  for (const [name, steps] of Object.entries(change.fallbacks ?? {})) {
    for (const [place, { to }] of steps.entries()) look(['fallbacks', name, String(place), 'to'], to)
  }
  if (change.defaultModel != null) look(['defaultModel'], change.defaultModel)
  return found
}
