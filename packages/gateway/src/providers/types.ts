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
  /** Its turns that share a prompt's beginning. Default: the conversation. */
  chain?: string
  /** Ids of accounts and names of groups that alone may serve. Default: all. */
  among?: readonly string[]
  /** Its input holds what only one account can read and what cannot be left out. */
  bound?: boolean
  /** It goes on with what was said before. */
  goesOn?: boolean
}

/** A candidate with a place taken at it, for one attempt after the other until it is given back. */
export interface Lease {
  candidate: Candidate
  /** How long it waited in line, ms. */
  queuedMs: number
  /** Its conversation was at home elsewhere until now. */
  movedFrom?: { id: string; label: string; why: string }
  /** So many items at the front of the input were made with another candidate, which alone can read what is sealed in them. */
  foreignItems: number
  /** The candidate has served the conversation from its beginning. */
  isOrigin: boolean
  /**
   * Gives the place back; the second call does nothing.
   * @param served it answered well
   * @param unreadable it could not read what is sealed in the input: later turns leave that out
   */
  release(served?: boolean, unreadable?: boolean): void
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
  /** From {@link Lease}; 0 where nothing is sealed for one candidate. */
  foreignItems?: number
  /** From {@link Lease}; default true. */
  isOrigin?: boolean
  /** It comes to this candidate with this request. */
  moved?: boolean
}

/** Where an attempt's events go. Exactly one of `end` and `fail` closes it; nothing comes after {@link Stream.cancel}. */
export interface EventSink {
  /** What goes upstream, told before it is sent to who wants to keep it. It is never changed after. */
  body?(body: unknown): void
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
  /**
   * Takes a place at the best candidate, waiting in line where all are busy. Absent where candidates have no places.
   * @throws FailureError when nobody can serve, or none came free in time
   */
  lease?(want: Wanted, options: { inputItems: number; signal: AbortSignal }): Promise<Lease>
  /** Why there is no candidate at all. */
  whyNobody(model: string, within?: string, among?: readonly string[]): Failure
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
