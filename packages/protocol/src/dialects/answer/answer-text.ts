/**
 * A text that grows by pieces. The pieces are slices of network reads and would keep these in memory; joining them now and
 * then makes flat copies and lets the reads go.
 */
export class AnswerText {
  private whole = ''
  private pieces: string[] = []

  add(piece: string): void {
    if (this.pieces.push(piece) === JOIN_AT) this.join()
  }

  toString(): string {
    this.join()
    return this.whole
  }

  private join(): void {
    if (this.pieces.length === 0) return
    this.whole += this.pieces.join('')
    this.pieces = []
  }
}

const JOIN_AT = 64
