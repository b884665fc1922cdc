import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import { rateLimitsEvents } from '../codex/account-replies.js'
import { turnState, type CodexBackend } from '../codex/backend.js'
import { LITE_METADATA } from '../codex/check-lite.js'
import { badValue, Refusal } from '../codex/refusal.js'
import { checkRouting } from '../codex/who-may-ask.js'
import { isStreamFault, type ReplyFault } from '../faults/fault.js'
import type { FoundRule, Rules } from '../faults/rules.js'
import { apiError, json } from '../faults/status-replies.js'
import { wait, type Gates } from '../http/gates.js'
import type { RecordedRequest } from '../http/recorded-request.js'
import { sendBeats } from '../http/send-stream.js'
import { faultReply } from '../http/send.js'
import type { Account, Gap } from '../login/accounts.js'
import { play } from '../scene/index.js'
import { listened, wholeRequest, type Remembered } from './continuation.js'
import { errorFrame } from './error-frame.js'
import { FrameOutlet } from './frame-outlet.js'
import { startRecording, type Recording } from './recording.js'

export interface SocketParts {
  backend: CodexBackend
  rules: Rules
  gates: Gates
  /** Is this account not answered now? */
  gapOf(accountId: string | undefined): Gap | undefined
  /** Unix ms. */
  now(): number
  /** Told of every frame. */
  remember(record: RecordedRequest): void
  /** Order of arrival, over all requests. */
  nextIndex(): number
  /** Told when a response begins; the answer must be called when it is over. */
  streamOpens(): () => void
}

/** The connection of one client after its handshake: one response at a time, each may continue the one before. */
export class ResponsesSocket {
  readonly #openedAt: number
  #newest: Remembered | undefined
  #current: Recording | undefined
  #brokenOff = false

  constructor(
    private readonly to: {
      socket: WebSocket
      tcp: Socket
      handshake: IncomingMessage
      connectionId: number
      /** How long it may be used. */
      maxAgeMs: number | undefined
    },
    private readonly parts: SocketParts,
  ) {
    this.#openedAt = parts.now()
    const { socket } = to
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(1003, 'text frames only')
      else this.#take(textOf(data))
    })
    socket.on('close', () => this.#current?.end(this.#brokenOff ? 'broken-off' : 'client-left'))
    // A client that breaks the connection or the protocol is part of the play.
    socket.on('error', () => undefined)
  }

  /** Closes it as the server, also in the middle of a response. */
  close(code: number): void {
    this.#brokenOff = true
    this.to.socket.close(code)
  }

  #take(text: string): void {
    const value = parsed(text)
    const { handshake, connectionId } = this.to
    const { now } = this.parts
    const account = this.parts.backend.accountOf(handshake.headers.authorization)
    const recording = startRecording(handshake, {
      index: this.parts.nextIndex(),
      connectionId,
      now,
      method: 'WS',
      body: value,
      wireBytes: Buffer.byteLength(text),
      accountId: account?.accountId,
    })
    const { record } = recording
    this.parts.remember(record)
    if (this.#current !== undefined) {
      // How the real backend says this is not known; that one connection carries one response at a time is documented.
      this.#refuse(recording, apiError(400, 'response_in_progress', 'A response is in progress on this connection.'))
      return
    }
    if (this.to.maxAgeMs !== undefined && now() - this.#openedAt >= this.to.maxAgeMs) {
      this.sayTooOld()
      recording.end('broken-off')
      return
    }
    this.#current = recording
    const closed = this.parts.streamOpens()
    this.#answer(recording, value)
      .catch((problem: unknown) => {
        // Who fails has nothing to continue from: the backend forgets what a failed turn referred to (OpenAI's WebSocket guide).
        this.#newest = undefined
        if (problem instanceof Refusal) return this.#refuse(recording, problem.reply)
        // A mistake of the simulator or of a test's own scene: say so where the test will see it.
        const message = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
        this.#refuse(recording, json(599, { error: { simulator_error: message } }))
      })
      .finally(() => {
        this.#current = undefined
        closed()
      })
  }

  /** The end of a connection's life. Source: upstream notes 4.3. */
  sayTooOld(): void {
    const message = 'Responses websocket connection limit reached. Create a new websocket connection to continue.'
    this.#send(errorFrame(apiError(400, 'websocket_connection_limit_reached', message)))
    this.close(1000)
  }

  /** Nothing runs on it. */
  get idle(): boolean {
    return this.#current === undefined
  }

  async #answer(recording: Recording, value: unknown): Promise<void> {
    const { record, signal } = recording
    const { backend, rules, gates, gapOf } = this.parts
    const gap = gapOf(record.accountId)
    if (gap !== undefined) return this.#playFault(recording, { type: gap })
    const rule = rules.find('responses', record)
    await wait(rule?.delivery?.headersAfter, gates, signal)
    if (signal.aborted) return
    if (rule?.fault !== undefined && !isStreamFault(rule.fault)) return this.#playFault(recording, rule.fault, rule)
    const account = backend.authenticate(record, rule)
    checkRouting(record, account)
    const frame = frameOf(value)
    const request = wholeRequest(frame, this.#newest)
    const metadata = (frame['client_metadata'] ?? {}) as Record<string, unknown>
    const saysLite = metadata[LITE_METADATA] === 'true'
    const warmsUp = frame['generate'] === false
    const taken = backend.take({ record, value: request, account, rule, saysLite })
    // What is said to a turn is not said to its prewarm.
    if (!warmsUp || rule?.fault !== undefined || rule?.delivery !== undefined) rule?.use()

    const told = metadata['x-codex-turn-state']
    let remembered: Remembered | undefined
    // That a prewarm counts against no limit is a guess.
    const played = warmsUp ? play([{ type: 'usage', outputTokens: 0 }], taken.context) : backend.play(taken)
    const beats = listened(played, (id, output) => (remembered = { id, request, output }))
    record.status = 200
    const whole = await sendBeats(this.#outlet(recording, rule, account, taken.request.model, told), {
      beats,
      delivery: rule?.delivery ?? {},
      gates,
      context: taken.context,
      bareErrors: true,
      ...(rule?.fault !== undefined && isStreamFault(rule.fault) ? { fault: rule.fault } : {}),
    })
    if (!whole) return untilOver(signal)
    this.#newest = remembered
    recording.end('complete')
    if (rule?.delivery?.closeConnection === true) this.close(1000)
  }

  #outlet(recording: Recording, rule: FoundRule | undefined, account: Account, model: string, told: unknown) {
    const { socket, tcp } = this.to
    const state = turnState(typeof told === 'string' ? told : undefined, account)
    const limits = rateLimitsEvents(account, this.parts.now())
    const metadata = { type: 'response.metadata', headers: { 'x-codex-turn-state': state, 'openai-model': model } }
    return new FrameOutlet({
      socket,
      tcp,
      signal: recording.signal,
      around: { before: limits.map((event) => JSON.stringify(event)), after: JSON.stringify(metadata) },
      fragmentBytes: rule?.delivery?.writeBytes,
      breakingOff: () => (this.#brokenOff = true),
    })
  }

  #playFault(recording: Recording, fault: ReplyFault, rule?: FoundRule): Promise<void> | void {
    rule?.use()
    const account = this.parts.backend.accountOf(this.to.handshake.headers.authorization)
    if (fault.type === 'hang') return untilOver(recording.signal)
    if (fault.type === 'reset') {
      this.#brokenOff = true
      this.to.tcp.resetAndDestroy()
      return untilOver(recording.signal)
    }
    this.#newest = undefined
    this.#refuse(recording, faultReply(fault, { now: this.parts.now(), plan: account?.plan ?? 'plus' }))
  }

  #refuse({ record, end }: Recording, reply: Parameters<typeof errorFrame>[0]): void {
    record.status = reply.status
    this.#send(errorFrame(reply))
    end('complete')
  }

  #send(text: string): void {
    if (this.to.socket.readyState === this.to.socket.OPEN) this.to.socket.send(text)
  }
}

function untilOver(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** @throws Refusal for what is no request */
function frameOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badValue('We could not parse the JSON body of your request.', null, null)
  }
  const frame = value as Record<string, unknown>
  const { type } = frame
  if (type !== 'response.create') {
    throw badValue(
      `Invalid value: '${String(type)}'. Supported values are: 'response.create'.`,
      'type',
      'invalid_value',
    )
  }
  return frame
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8')
}
