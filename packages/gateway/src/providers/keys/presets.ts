import { PROVIDER_KINDS, type KeyCapability, type KeyModel, type ProviderKind, type Wire } from './types.js'

/** A provider that is known beforehand. */
export interface Preset {
  /** The name of its keys' provider, unless the owner says another. */
  id: string
  title: string
  kind: ProviderKind
  wire: Wire
  /** Undefined: everybody has an address of their own. */
  baseUrl?: string
  capabilities: readonly KeyCapability[]
  /** Where one gets a key. Undefined: it needs none. */
  keysAt?: string
  /** Well-known models; the provider's own list says more. */
  models: readonly KeyModel[]
  /** It runs on this machine or in its network. */
  local?: true
  /** What else its owner should know. */
  note?: string
}

const CHAT: readonly KeyCapability[] = ['chat']
const CHAT_AND_EMBEDDINGS: readonly KeyCapability[] = ['chat', 'embeddings']

/** @param tokens context window and longest answer, where they are certain */
function chat(id: string, ...[contextWindow, maxOutputTokens]: number[]): KeyModel {
  return {
    id,
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    capabilities: CHAT,
  }
}

const only = (capability: KeyCapability, ...ids: string[]): KeyModel[] =>
  ids.map((id) => ({ id, capabilities: [capability] }))

function compatible(id: string, title: string, baseUrl: string, rest: Partial<Preset> = {}): Preset {
  return { id, title, kind: 'compatible', wire: 'chat', baseUrl, capabilities: CHAT, models: [], ...rest }
}

function local(id: string, title: string, port: number, rest: Partial<Preset> = {}): Preset {
  return compatible(id, title, `http://127.0.0.1:${port}/v1`, {
    capabilities: CHAT_AND_EMBEDDINGS,
    local: true,
    note: 'Runs on this machine: add it with --allow-private.',
    ...rest,
  })
}

const KIMI = [chat('kimi-k2-0905-preview', 262_144), chat('kimi-k2-turbo-preview', 262_144)]
const QWEN = [chat('qwen-max'), chat('qwen-plus'), chat('qwen-flash'), ...only('embeddings', 'text-embedding-v4')]
const GLM = [chat('glm-4.6', 200_000, 128_000), chat('glm-4.5', 128_000, 96_000), chat('glm-4.5-air', 128_000, 96_000)]
const MINIMAX = [chat('MiniMax-M2', 204_800)]

/**
 * Providers and where they are. Sources: each provider's API reference, read in autumn 2025 to 2026; context windows stand where the provider
 * itself tells them.
 */
export const PRESETS: readonly Preset[] = [
  {
    id: 'openai',
    title: 'OpenAI',
    kind: 'openai',
    wire: 'responses',
    baseUrl: 'https://api.openai.com/v1',
    capabilities: ['chat', 'embeddings', 'images', 'transcription'],
    keysAt: 'https://platform.openai.com/api-keys',
    models: [
      chat('gpt-5', 400_000, 128_000),
      chat('gpt-5-mini', 400_000, 128_000),
      chat('gpt-5-nano', 400_000, 128_000),
      chat('gpt-4.1', 1_047_576, 32_768),
      chat('gpt-4.1-mini', 1_047_576, 32_768),
      chat('gpt-4o', 128_000, 16_384),
      chat('gpt-4o-mini', 128_000, 16_384),
      ...only('embeddings', 'text-embedding-3-small', 'text-embedding-3-large'),
      ...only('images', 'gpt-image-1'),
      ...only('transcription', 'gpt-4o-transcribe', 'whisper-1'),
    ],
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    kind: 'anthropic',
    wire: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    capabilities: CHAT,
    keysAt: 'https://console.anthropic.com/settings/keys',
    models: [
      chat('claude-opus-4-5', 200_000, 64_000),
      chat('claude-sonnet-4-5', 200_000, 64_000),
      chat('claude-haiku-4-5', 200_000, 64_000),
    ],
  },
  {
    id: 'gemini',
    title: 'Google Gemini',
    kind: 'gemini',
    wire: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    capabilities: CHAT,
    keysAt: 'https://aistudio.google.com/apikey',
    models: [
      chat('gemini-2.5-pro', 1_048_576, 65_536),
      chat('gemini-2.5-flash', 1_048_576, 65_536),
      chat('gemini-2.5-flash-lite', 1_048_576, 65_536),
    ],
  },
  {
    id: 'openrouter',
    title: 'OpenRouter',
    kind: 'openrouter',
    wire: 'chat',
    baseUrl: 'https://openrouter.ai/api/v1',
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://openrouter.ai/settings/keys',
    models: [],
  },
  compatible('deepseek', 'DeepSeek', 'https://api.deepseek.com/v1', {
    keysAt: 'https://platform.deepseek.com/api_keys',
    models: [chat('deepseek-chat', 131_072, 8_192), chat('deepseek-reasoner', 131_072, 65_536)],
  }),
  compatible('groq', 'Groq', 'https://api.groq.com/openai/v1', {
    capabilities: ['chat', 'transcription'],
    keysAt: 'https://console.groq.com/keys',
    models: [
      chat('llama-3.3-70b-versatile', 131_072, 32_768),
      chat('openai/gpt-oss-120b', 131_072, 65_536),
      chat('openai/gpt-oss-20b', 131_072, 65_536),
      ...only('transcription', 'whisper-large-v3', 'whisper-large-v3-turbo'),
    ],
  }),
  compatible('mistral', 'Mistral', 'https://api.mistral.ai/v1', {
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://console.mistral.ai/api-keys',
    models: [
      chat('mistral-large-latest'),
      chat('mistral-medium-latest', 131_072),
      chat('mistral-small-latest', 131_072),
      chat('codestral-latest'),
      ...only('embeddings', 'mistral-embed'),
    ],
  }),
  compatible('xai', 'xAI', 'https://api.x.ai/v1', {
    keysAt: 'https://console.x.ai',
    models: [chat('grok-4', 256_000), chat('grok-code-fast-1', 256_000)],
  }),
  compatible('moonshot', 'Moonshot AI (international)', 'https://api.moonshot.ai/v1', {
    keysAt: 'https://platform.moonshot.ai/console/api-keys',
    models: KIMI,
  }),
  compatible('moonshot-cn', 'Moonshot AI (China)', 'https://api.moonshot.cn/v1', {
    keysAt: 'https://platform.moonshot.cn/console/api-keys',
    models: KIMI,
  }),
  compatible(
    'qwen',
    'Alibaba Model Studio, Qwen (international)',
    'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    {
      capabilities: CHAT_AND_EMBEDDINGS,
      keysAt: 'https://modelstudio.console.alibabacloud.com/?tab=globalset#/efm/api_key',
      models: QWEN,
    },
  ),
  compatible('qwen-cn', 'Alibaba Model Studio, Qwen (China)', 'https://dashscope.aliyuncs.com/compatible-mode/v1', {
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://bailian.console.aliyun.com/?tab=model#/api-key',
    models: QWEN,
  }),
  compatible('zai', 'Z.ai (Zhipu, international)', 'https://api.z.ai/api/paas/v4', {
    keysAt: 'https://z.ai/manage-apikey/apikey-list',
    models: GLM,
  }),
  compatible('zhipu', 'Zhipu (China)', 'https://open.bigmodel.cn/api/paas/v4', {
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://open.bigmodel.cn/usercenter/apikeys',
    models: GLM,
  }),
  compatible('together', 'Together AI', 'https://api.together.xyz/v1', {
    capabilities: ['chat', 'embeddings', 'images'],
    keysAt: 'https://api.together.ai/settings/api-keys',
  }),
  compatible('fireworks', 'Fireworks AI', 'https://api.fireworks.ai/inference/v1', {
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://app.fireworks.ai/settings/users/api-keys',
  }),
  compatible('cerebras', 'Cerebras', 'https://api.cerebras.ai/v1', {
    keysAt: 'https://cloud.cerebras.ai',
    models: [chat('gpt-oss-120b', 131_072)],
  }),
  compatible('perplexity', 'Perplexity', 'https://api.perplexity.ai', {
    keysAt: 'https://www.perplexity.ai/account/api/keys',
    models: [chat('sonar', 128_000), chat('sonar-pro', 200_000), chat('sonar-reasoning-pro', 128_000)],
    note: 'Has no model list that can be asked for.',
  }),
  compatible('siliconflow', 'SiliconFlow (international)', 'https://api.siliconflow.com/v1', {
    capabilities: ['chat', 'embeddings', 'images'],
    keysAt: 'https://cloud.siliconflow.com/account/ak',
  }),
  compatible('siliconflow-cn', 'SiliconFlow (China)', 'https://api.siliconflow.cn/v1', {
    capabilities: ['chat', 'embeddings', 'images'],
    keysAt: 'https://cloud.siliconflow.cn/account/ak',
  }),
  compatible('volcengine', 'Volcengine Ark', 'https://ark.cn-beijing.volces.com/api/v3', {
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey',
    note: 'Models may also be named by the id of an endpoint of yours, ep-…',
  }),
  compatible('minimax', 'MiniMax (international)', 'https://api.minimax.io/v1', {
    keysAt: 'https://platform.minimax.io/user-center/basic-information/interface-key',
    models: MINIMAX,
  }),
  compatible('minimax-cn', 'MiniMax (China)', 'https://api.minimaxi.com/v1', {
    keysAt: 'https://platform.minimaxi.com/user-center/basic-information/interface-key',
    models: MINIMAX,
  }),
  compatible('nvidia', 'NVIDIA', 'https://integrate.api.nvidia.com/v1', {
    capabilities: CHAT_AND_EMBEDDINGS,
    keysAt: 'https://build.nvidia.com/settings/api-keys',
  }),
  compatible('github', 'GitHub Models', 'https://models.github.ai/inference', {
    keysAt: 'https://github.com/settings/personal-access-tokens',
    models: [chat('openai/gpt-4.1'), chat('openai/gpt-4o-mini')],
    note: 'The key is a personal access token with the permission models: read. Its model list is elsewhere and is not asked for.',
  }),
  {
    id: 'azure',
    title: 'Azure OpenAI',
    kind: 'openai',
    wire: 'responses',
    capabilities: ['chat', 'embeddings', 'images'],
    keysAt: 'https://ai.azure.com',
    models: [],
    note: 'Say --base-url https://YOUR-RESOURCE.openai.azure.com/openai/v1, and --models with the names of your deployments.',
  },
  local('ollama', 'Ollama', 11_434),
  local('lmstudio', 'LM Studio', 1_234),
  local('vllm', 'vLLM', 8_000),
  local('llamacpp', 'llama.cpp', 8_080, {
    note: 'Runs on this machine: add it with --allow-private. Its usual port is ours too; start it with --port 8081 and say --base-url.',
  }),
]

export function presetOf(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id)
}

/** What is known of a provider before its owner says more; without `id` its name comes from its address. */
export type ProviderForm = Omit<Preset, 'id' | 'title'> & { id?: string }

/** A known provider, or the usual form of a kind. `custom` is what codex-proxy calls any other. */
export function formOf(named: string): ProviderForm | undefined {
  const kind = PROVIDER_KINDS.find((one) => one === (named === 'custom' ? 'compatible' : named))
  return presetOf(named) ?? (kind === undefined ? undefined : presetOfKind(kind))
}

/** The usual form of a kind of provider, for one that is not known beforehand. */
export function presetOfKind(kind: ProviderKind): Omit<Preset, 'id' | 'title'> {
  const known = PRESETS.find((preset) => preset.kind === kind && kind !== 'compatible')
  return known ?? { kind, wire: 'chat', capabilities: CHAT, models: [] }
}
