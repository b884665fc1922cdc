export { createKeyProvider } from './key-provider.js'
export type { KeyProviderOptions } from './key-provider.js'
