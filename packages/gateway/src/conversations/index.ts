export { conversationKey } from './conversation-key.js'
export { cannotContinue } from './cannot-continue.js'
