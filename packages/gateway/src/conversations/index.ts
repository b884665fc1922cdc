export { conversationKey } from './conversation-key.js'
export { createToldItems } from './told-items.js'
export type { ToldItems } from './told-items.js'
export { cannotContinue } from './cannot-continue.js'
