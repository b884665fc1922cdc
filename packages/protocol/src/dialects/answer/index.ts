/** Writing the pivot's ladder of events from an upstream that tells only deltas. */
export { AnswerEvents } from './answer-events.js'
export type { AnswerHead, Ending, OpenCall, ThoughtKind } from './answer-events.js'
export { AnswerText } from './answer-text.js'
