export { conversationKey } from './conversation-key.js'
