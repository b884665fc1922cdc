/** The third parties that are played, each under `/vendors/<name>`. */
export const VENDORS = ['openai', 'anthropic', 'gemini', 'openrouter', 'compatible'] as const
export type Vendor = (typeof VENDORS)[number]

/** Whose manners `compatible` has: they differ in errors, in where usage and reasoning are told, and in what is refused. */
export const PERSONAS = ['deepseek', 'groq', 'mistral', 'xai', 'moonshot', 'qwen', 'plain'] as const
export type Persona = (typeof PERSONAS)[number]

/** The four wires on which answers are given. */
export type Wire = 'chat' | 'responses' | 'messages' | 'generate'

/** The doors of a vendor that a rule can stand at, each as `vendor-…`. `other` is every path that no vendor has. */
export type VendorApi = Wire | 'count' | 'models' | 'embeddings' | 'transcriptions' | 'images' | 'other'
export type VendorEndpoint = `vendor-${VendorApi}`
