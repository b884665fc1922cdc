export { createTokenCounter } from './token-counter.js'
export type { TokenCounter } from './token-counter.js'
