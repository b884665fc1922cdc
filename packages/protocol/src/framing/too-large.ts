import { FailureError } from '../failure.js'

/** An upstream that sends one piece without end would fill the memory; beyond its limit the stream counts as cut. */
export function tooLarge(piece: 'an event' | 'a line' | 'an object', characters: number): FailureError {
  return new FailureError({
    kind: 'stream_cut',
    scope: 'provider',
    phase: 'sent',
    retry: 'never',
    message: `the upstream sent ${piece} of more than ${characters} characters`,
  })
}
