/**
 * Name of the event that stands for a chunk with usage and without choices. Every streamed call asks its upstream
 * for it; only a client that asked for it too may see it, because others read `choices[0]` without looking.
 */
export const USAGE_FRAME = 'chat.completion.chunk.usage'
