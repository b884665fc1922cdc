import type { DialectId, Failure, Note, PivotEvent, PivotRequest } from '@dragoman/protocol'

/** Who could answer, and why it stands where it stands. */
export interface Candidate {
  /** Unique within its provider: an account's or a key's id. */
  id: string
  /** Fit to show: an account's label, a key's name. */
  label: string
  why: string
  /** The dialect that its replies are written in, where a provider's candidates differ. Default: the provider's. */
  dialect?: DialectId
  /** Its own name of the model. Default: the route's. */
  model?: string
  /** Who it belongs to, for records and explanations: `deepseek`. Default: the provider's id. */
  provider?: string
}

/** What a provider is asked to serve. */
export interface Wanted {
  model: string
  /** Only candidates of this name: `deepseek` of `deepseek:deepseek-chat`. */
  within?: string
  conversation: string
  tried: ReadonlySet<string>
}

/** One request on its way to one candidate. */
export interface UpstreamCall {
  /** The exchange's id. */
  exchangeId: string
  request: PivotRequest
  /** The upstream's name of the model. */
  model: string
  /** Stable key of the conversation: sticky choices and upstream identities are derived from it. */
  conversation: string
  /** Lower-case headers of the client. A provider relays only those it names itself. */
  clientHeaders: Readonly<Record<string, string | undefined>>
  /** The client speaks the upstream's dialect: keep the frames. */
  keepFrames: boolean
  /**
   * The client's body as it was parsed, when it speaks the candidate's dialect and nothing of it was changed on the way but the model:
   * it may go upstream as it is.
   */
  original?: Readonly<Record<string, unknown>>
  /** The client wants one document. An upstream of the same dialect may be asked for one, and its bytes told by {@link EventSink.whole}. */
  whole: boolean
  /** Reasoning that the upstream could not decrypt stays out (it belonged to another account). */
  withoutReasoning: boolean
}

/** Where an attempt's events go. Exactly one of `end` and `fail` closes it; nothing comes after {@link Stream.cancel}. */
export interface EventSink {
  /** The request has left: from here on the upstream may have acted. */
  sent(): void
  /** Headers came with a good status. Names in lower case; only what may be shown to a client. */
  head(headers: Readonly<Record<string, string>>): void
  /** One network read's worth of events. */
  events(batch: PivotEvent[]): void
  /**
   * What translating the request to the upstream's wire cost; told before {@link sent}, and the stream may be cancelled for it.
   * @param verbatim {@link UpstreamCall.original} goes upstream, so what the client's side had noted is not lost either
   */
  notes(notes: readonly Note[], verbatim?: boolean): void
  /** The whole reply as it came, in the client's dialect; told before the events that it means. */
  whole(body: string): void
  /** The upstream closed its stream in an orderly way, whether or not it told a terminal event. */
  end(): void
  fail(failure: Failure): void
}

/** The handle on an attempt under way. */
export interface Stream {
  pause(): void
  resume(): void
  cancel(): void
}

/** One kind of upstream. Opens cold streams: one attempt, no retry inside. */
export interface Provider {
  readonly id: string
  /** The dialect that its replies are written in. */
  readonly dialect: DialectId
  candidates(want: Wanted): {
    ready: readonly Candidate[]
    skipped: readonly { label: string; reason: string }[]
  }
  /** Why there is no candidate at all. */
  whyNobody(model: string, within?: string): Failure
  open(candidate: Candidate, call: UpstreamCall, sink: EventSink): Stream
  /**
   * Has a conversation made shorter: one terminal event whose output stands for it. A helper call, so its failure benches
   * nobody. Absent where the upstream cannot.
   */
  compact?(candidate: Candidate, call: UpstreamCall, sink: EventSink): Stream
  /**
   * Tries to cure a failure whose `retry` is `same` (a refused credential): true when the same candidate may be asked again.
   */
  mend(candidate: Candidate, failure: Failure): Promise<boolean>
}
