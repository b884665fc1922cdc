export { sseDecoder } from './sse-decoder.js'
export type { SseDecoder, SseFrame, SseOptions } from './sse-decoder.js'
