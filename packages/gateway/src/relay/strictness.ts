import { safeText, type Failure, type Note } from '@dragoman/protocol'
import type { EventSink, Provider, Stream } from '../providers/index.js'

/** Anything else that is said counts as a yes: who writes the header wants it, and the safe mistake is to be too strict. */
const NO: ReadonlySet<string> = new Set(['', 'false', '0', 'off', 'no'])

/**
 * Must a translation that loses something be refused? By `x-dragoman-strict: true`, or for every request of a strict key.
 * A request cannot switch a key's strictness off: whoever made the key so wants to rely on it.
 */
export function wantsStrict(headers: Readonly<Record<string, string | undefined>>, key: { strict?: boolean }): boolean {
  if (key.strict === true) return true
  const said = headers['x-dragoman-strict']?.trim().toLowerCase()
  return said !== undefined && !NO.has(said)
}

/**
 * The refusal of a translation that loses something; undefined when it loses nothing. Same effect by other means is no loss.
 * @param notes pointers into the client's body
 */
export function strictFailure(notes: readonly Note[]): Failure | undefined {
  const losses = notes.filter(({ what }) => what !== 'emulated')
  const [first] = losses
  if (first === undefined) return undefined
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'translation_loss',
    pointer: first.pointer,
    message: safeText(
      `strict: this request cannot be translated without loss: ${sentences(losses)}. Leave it out, or do without strictness`,
    ),
  }
}

/** Fields that are lost for the same reason are named together: `/temperature, /top_p dropped (the … takes no …)`. */
function sentences(losses: readonly Note[]): string {
  const fields = new Map<string, Set<string>>()
  for (const { pointer, what, why } of losses) {
    const reason = `${what} (${why})`
    const named = fields.get(reason) ?? new Set()
    fields.set(reason, named.add(pointer === '' ? 'the body' : pointer))
  }
  return [...fields].map(([reason, pointers]) => `${[...pointers].join(', ')} ${reason}`).join('; ')
}

/**
 * An upstream that is not asked when that would lose something: the attempt fails instead, before anything is sent.
 * @param all what the whole translation costs, given what the call encoder noted; nothing that came before counts when the client's own
 * body is what goes upstream
 */
export function strictly(
  open: Provider['open'],
  all: (made: readonly Note[], verbatim: boolean) => readonly Note[],
): Provider['open'] {
  return (candidate, call, sink) => {
    let judged = false
    let refused = false
    // Empty as long as the upstream speaks before it has handed over its stream.
    const opened: { stream?: Stream } = {}

    function judge(made: readonly Note[], verbatim = false): void {
      judged = true
      const failure = strictFailure(all(made, verbatim))
      if (failure === undefined || refused) return
      refused = true
      opened.stream?.cancel()
      sink.fail(failure)
    }
    const unlessRefused =
      <Args extends unknown[]>(tell: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!refused) tell(...args)
      }
    const { body } = sink
    const watched: EventSink = {
      ...(body === undefined ? {} : { body: unlessRefused(body) }),
      notes(made, verbatim) {
        sink.notes(made, verbatim)
        judge(made, verbatim)
      },
      sent() {
        // Who had nothing to note may have said nothing; the client's own side may have.
        if (!judged) judge([])
        if (!refused) sink.sent()
      },
      head: unlessRefused((headers) => sink.head(headers)),
      events: unlessRefused((batch) => sink.events(batch)),
      whole: unlessRefused((body) => sink.whole(body)),
      end: unlessRefused(() => sink.end()),
      fail: unlessRefused((failure) => sink.fail(failure)),
    }
    opened.stream = open(candidate, call, watched)
    if (refused) opened.stream.cancel()
    return opened.stream
  }
}

/**
 * Notes of a call encoder, which point into the pivot, as notes that point into the client's body.
 *
 * A field that the client's dialect names otherwise is named so, as a whole: what lies below is shaped otherwise too. A key of
 * `fieldNames` may go deeper than one step (`text/verbosity`); the longest that fits wins.
 * @param shift items that the gateway has put before (or, below zero, taken from the front of) the client's own, see `shapeRequest`
 */
export function clientNotes(
  notes: readonly Note[],
  fieldNames: Readonly<Record<string, string>> = {},
  shift = 0,
): Note[] {
  return notes.map((note) => ({ ...note, pointer: clientPointer(note.pointer, fieldNames, shift) }))
}

function clientPointer(pointer: string, fieldNames: Readonly<Record<string, string>>, shift: number): string {
  const steps = pointer.split('/').slice(1)
  for (let length = steps.length; length > 0; length--) {
    const key = steps.slice(0, length).join('/')
    if (Object.hasOwn(fieldNames, key)) return fieldNames[key] ?? pointer
  }
  const [field, place, ...rest] = steps
  if (shift === 0 || field !== 'input' || place === undefined || !/^\d+$/.test(place)) return pointer
  const at = Number(place) - shift
  // One of the gateway's own items: nothing in the client's body has that place.
  return at < 0 ? '/instructions' : ['', field, at, ...rest].join('/')
}
