/** AI wire protocols, translated without loss: one pivot (Open Responses), one codec a dialect. Pure; no I/O, no clock. */
export * from './dialect.js'
export * from './failure.js'
export * from './pivot/index.js'
export { openaiResponses } from './dialects/openai-responses/index.js'
export { ndjsonDecoder, sseDecoder, sseFrame, SSE_HEARTBEAT } from './framing/index.js'
export type { NdjsonDecoder, NdjsonOptions, SseDecoder, SseFrame, SseOptions } from './framing/index.js'
export { openaiChat, restoreCalls } from './dialects/openai-chat/index.js'
