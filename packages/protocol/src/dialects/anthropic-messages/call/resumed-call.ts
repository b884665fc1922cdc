import type { OpenCall } from '../../answer/index.js'

/**
 * A call that was cut because the upstream began its answer anew. The client has seen its begin, so the second telling goes on where
 * the first one stopped; when the two differ, nothing that was told can be taken back.
 */
export class ResumedCall {
  private again = ''

  /** @param told of the input, before the answer began anew */
  constructor(
    readonly call: OpenCall,
    readonly name: string,
    private readonly told: string,
  ) {}

  /**
   * What is new in this piece of the second telling.
   * @throws CallDiffers when it does not say what the first one said
   */
  more(piece: string): string {
    const before = this.again.length
    this.again += piece
    const { told, again } = this
    if (!(again.length < told.length ? told.startsWith(again) : again.startsWith(told))) throw new CallDiffers()
    return again.slice(Math.max(before, told.length))
  }

  /** @throws CallDiffers when the second telling is shorter than the first */
  end(): void {
    if (this.again.length < this.told.length) throw new CallDiffers()
  }
}

export class CallDiffers extends Error {}
