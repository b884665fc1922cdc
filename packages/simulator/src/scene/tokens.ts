/** A guess at how many tokens a text has: four characters each. A model of a tokenizer, not one. */
export function estimateTokens(text: string): number {
  return estimateTokensOf(text.length)
}

/** The same guess from a count of characters. */
export function estimateTokensOf(characters: number): number {
  return Math.ceil(characters / 4)
}
