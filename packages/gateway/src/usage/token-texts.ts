/** A run without a border for the tokenizer costs the square of its length, so longer ones are cut; the count moves by a token a cut. */
const LONGEST_RUN = 400
const CUT = 100
const LONG_RUNS = /\S{400,}|\s{400,}/g

/** Text in pieces that a tokenizer counts in linear time, whatever somebody sent. */
export function* countablePieces(text: string): Generator<string> {
  if (text.length < LONGEST_RUN) {
    yield text
    return
  }
  let from = 0
  for (const run of text.matchAll(LONG_RUNS)) {
    if (run.index > from) yield text.slice(from, run.index)
    const end = run.index + run[0].length
    for (let at = run.index; at < end; at += CUT) yield text.slice(at, Math.min(at + CUT, end))
    from = end
  }
  if (from < text.length) yield from === 0 ? text : text.slice(from)
}
