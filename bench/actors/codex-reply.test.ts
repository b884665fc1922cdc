import { describe, expect, test } from 'vitest'
import { codexReply, DELTA_CHARS, MARK, STAMP_DIGITS, stamped } from './codex-reply.js'

describe('the reply of the mock upstream', () => {
  const reply = codexReply(3)
  const events = framesOf(Buffer.concat([reply.opening, ...reply.deltas, reply.closing]))

  test('says the same text in its deltas and in its last event', () => {
    const said = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta)
    expect(said).toHaveLength(3)
    for (const delta of said) expect(delta).toHaveLength(DELTA_CHARS)
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { output: [{ content: [{ text: said.join('') }] }] },
    })
  })

  test('numbers its events without a gap', () => {
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at))
  })

  test('carries as many marks as it claims', () => {
    const whole = Buffer.concat([reply.opening, ...reply.deltas, reply.closing]).toString()
    expect(whole.split(MARK).length - 1).toBe(reply.marks)
  })

  test('keeps its length when the clock is written into a delta', () => {
    const [delta] = reply.deltas
    const [event] = framesOf(stamped(delta!, 1_234_567n))
    expect(event!['delta']).toHaveLength(DELTA_CHARS)
    expect(String(event!['delta']).slice(1, 1 + STAMP_DIGITS)).toBe('1234567'.padStart(STAMP_DIGITS, '0'))
    expect(delta).toEqual(codexReply(3).deltas[0])
  })
})

/** Undoes HTTP chunks and SSE frames. */
function framesOf(body: Buffer): Record<string, unknown>[] {
  const frames: Record<string, unknown>[] = []
  for (let at = 0; at < body.length;) {
    const line = body.indexOf('\r\n', at)
    const length = Number.parseInt(body.toString('latin1', at, line), 16)
    const frame = body.toString('utf8', line + 2, line + 2 + length)
    expect(frame.endsWith('\n\n')).toBe(true)
    frames.push(JSON.parse(frame.slice(frame.indexOf('data: ') + 6)))
    at = line + 2 + length + 2
  }
  return frames
}
