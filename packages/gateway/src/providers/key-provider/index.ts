export { createKeyCapabilities } from './capabilities.js'
export type { KeyDoor, KeyTask } from './capabilities.js'
export { createKeyProvider } from './key-provider.js'
export type { KeyProviderOptions } from './key-provider.js'
