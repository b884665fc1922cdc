import type { CatalogModel } from './catalog.js'

/**
 * A model in the shape that a Codex client adopts. The backend's own entry passes as it came; another one gets the eleven
 * required keys. Source: upstream-codex 5.3, found by removing them one at a time.
 */
export function codexModelInfo(
  model: Omit<CatalogModel, 'lite' | 'source'>,
  priority: number,
): Record<string, unknown> {
  return {
    slug: model.slug,
    display_name: model.displayName,
    description: model.displayName,
    supported_reasoning_levels: model.efforts.map((effort) => ({ effort, description: effort })),
    ...(model.defaultEffort === undefined ? {} : { default_reasoning_level: model.defaultEffort }),
    shell_type: 'default',
    visibility: model.listed ? 'list' : 'hide',
    supported_in_api: true,
    priority,
    support_verbosity: true,
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    experimental_supported_tools: [],
    base_instructions: '',
    ...(model.contextWindow === undefined ? {} : { context_window: model.contextWindow }),
    ...(model.maxContextWindow === undefined ? {} : { max_context_window: model.maxContextWindow }),
    ...model.raw,
  }
}
