import { randomBytes } from 'node:crypto'
import { FailureError } from '@dragoman/protocol'
import { Refusal } from '../codex/refusal.js'
import type { Seals } from '../codex/seal.js'
import { isStreamFault, type ReplyFault } from '../faults/fault.js'
import type { FoundRule, Rules } from '../faults/rules.js'
import { json, type PlainReply } from '../faults/status-replies.js'
import { wait, type Gates } from '../http/gates.js'
import type { Exchange, RecordedRequest } from '../http/recorded-request.js'
import { sendFault, sendPlain } from '../http/send.js'
import { sendStream } from '../http/send-stream.js'
import { playContext } from '../scene/index.js'
import { answerCall } from './answer.js'
import { Catalog, type ListStyle, type VendorModel } from './catalog.js'
import { checkCall } from './checks/index.js'
import { anthropicLimits, COMPLAINTS, errorReply, rateLimits, type Told } from './errors/index.js'
import { keyHint, keyIn, VendorKeys } from './keys.js'
import { modelsReply } from './list-models.js'
import {
  countReply,
  embeddingsReply,
  imagesReply,
  readTranscription,
  transcriptionEvents,
  transcriptionReply,
} from './other-apis.js'
import { BASES, readCall } from './read-call.js'
import { invalid, VendorRefusal } from './refusal.js'
import { VENDORS, type Vendor, type VendorCall } from './vendor.js'
import { cutIn } from './wire/wire-beats.js'
import { frameBeat } from './wire/wire-frame.js'

export interface VendorServerParts {
  /** Take every key and every body. */
  unchecked: boolean
  seals: Seals
  gates: Gates
  rules: Rules
  /** Unix ms. */
  now(): number
  /** The simulator's own origin. */
  origin(): string
  /** Told when an answer begins; the result must be called when it is over. */
  streamOpens(): () => void
}

/** One third party as a test sees it. */
export interface PlayedVendor {
  /** Where its API begins, as its clients are told: `http://127.0.0.1:<port>/vendors/openai/v1`. */
  readonly baseUrl: string
  /** It has these models and no others from now on. */
  setModels(models: readonly (VendorModel | string)[], style?: ListStyle): void
}

/** All third parties: what stands behind `/vendors`. */
export class VendorServer {
  readonly keys = new VendorKeys()
  readonly #catalog = new Catalog()

  constructor(private readonly parts: VendorServerParts) {}

  /** The third parties by name. */
  get vendors(): Readonly<Record<Vendor, PlayedVendor>> {
    const played = VENDORS.map((vendor): [Vendor, PlayedVendor] => {
      const { origin } = this.parts
      const setModels: PlayedVendor['setModels'] = (models, style) => this.#catalog.set(vendor, models, style)
      return [
        vendor,
        {
          get baseUrl() {
            return `${origin()}${BASES[vendor]}`
          },
          setModels,
        },
      ]
    })
    return Object.fromEntries(played) as Record<Vendor, PlayedVendor>
  }

  clear(): void {
    this.keys.clear()
    this.#catalog.clear()
  }

  /** Notes on a record whom it asks, with which key and for which model. */
  identify(record: RecordedRequest): void {
    const call = this.#call(record)
    if (call === undefined) return
    record.vendor = call.vendor
    record.apiKeyHint = keyHint(keyIn(call.vendor, record))
    if (call.model !== '') record.model = call.model
  }

  /** Answers a request under `/vendors/`. */
  async answer(exchange: Exchange): Promise<void> {
    const { record } = exchange
    const call = this.#call(record)
    if (call === undefined) return sendPlain(exchange, json(404, { error: `no vendor is played at ${record.path}` }))
    const { rules, gates, now } = this.parts
    const told = toldOf(call, now())
    const rule = rules.find(`vendor-${call.api}`, record)
    const fault = rule?.fault
    if (rule !== undefined && fault !== undefined && !isStreamFault(fault)) {
      rule.use()
      const headers = vendorHeaders(told)
      return sendFault(exchange, ownWords(fault, told), {
        now: now(),
        plan: '',
        gates,
        delivery: rule.delivery ?? {},
        headers,
      })
    }
    try {
      await this.#serve(exchange, call, rule, told)
    } catch (problem) {
      const reply = refusalReply(problem, told)
      if (reply === undefined) throw problem
      sendPlain(exchange, reply, vendorHeaders(told))
    }
  }

  async #serve(exchange: Exchange, call: VendorCall, rule: FoundRule | undefined, told: Told): Promise<void> {
    const { record } = exchange
    const { seals } = this.parts
    if (call.api === 'other') throw new VendorRefusal('not_found', `Invalid URL (${record.method} ${record.path})`)
    if (!this.parts.unchecked && rule?.unchecked !== true) {
      this.keys.check(call.vendor, record, call.model)
      if (call.model !== '' && call.rest !== call.model && !this.#catalog.has(call.vendor, call.model)) {
        throw new VendorRefusal('model_not_found', '')
      }
      checkCall({ call, exchange, seals })
    }
    rule?.use()
    const headers = vendorHeaders(told)
    switch (call.api) {
      case 'chat':
      case 'responses':
      case 'messages':
      case 'generate':
        exchange.response.once('close', this.parts.streamOpens())
        return answerCall({ exchange, call, wire: call.api, rule, headers, told }, this.parts)
      case 'transcriptions':
        return this.#transcribe(exchange, rule, headers)
      default: {
        await wait(rule?.delivery?.headersAfter, this.parts.gates, exchange.signal)
        return sendPlain(exchange, this.#plainReply(exchange, call), headers)
      }
    }
  }

  #plainReply(exchange: Exchange, call: VendorCall): PlainReply {
    switch (call.api) {
      case 'models':
        return modelsReply(call, exchange.record, this.#catalog)
      case 'embeddings':
        return embeddingsReply(exchange, call)
      case 'images':
        return imagesReply(exchange, call, this.parts.now())
      default:
        return countReply(exchange, call)
    }
  }

  async #transcribe(exchange: Exchange, rule: FoundRule | undefined, headers: Record<string, string>): Promise<void> {
    const form = await readTranscription(exchange)
    exchange.record.model = form.fields['model'] ?? ''
    if (form.fields['stream'] !== 'true') {
      await wait(rule?.delivery?.headersAfter, this.parts.gates, exchange.signal)
      return sendPlain(exchange, transcriptionReply(form), headers)
    }
    const events = transcriptionEvents(form)
    const beats = events.map((event, at) =>
      frameBeat({ text: `data: ${JSON.stringify(event)}\n\n`, ends: at === events.length - 1 }),
    )
    const fault = rule?.fault !== undefined && isStreamFault(rule.fault) ? rule.fault : undefined
    await sendStream(exchange, {
      beats,
      headers,
      delivery: { doneLine: true, ...rule?.delivery },
      gates: this.parts.gates,
      context: playContext({ model: '', input: [] }),
      ...cutIn(fault),
    })
  }

  #call(record: RecordedRequest): VendorCall | undefined {
    const call = readCall(record)
    if (call?.vendor !== 'compatible') return call
    const plays = this.keys.find('compatible', keyIn('compatible', record))?.plays
    return plays === undefined ? call : readCall(record, plays)
  }
}

function toldOf(call: VendorCall, now: number): Told {
  const id = randomBytes(12).toString('hex')
  return { call, message: '', retryAfter: 2, now, requestId: call.vendor === 'anthropic' ? `req_${id}` : id }
}

/** A scripted status in the vendor's own form; other faults are what they are. */
function ownWords(fault: ReplyFault, told: Told): ReplyFault {
  if (fault.type !== 'status') return fault
  const retryAfter =
    fault.retryAfter ?? (fault.resetsAt === undefined ? 2 : Math.max(0, fault.resetsAt - Math.floor(told.now / 1000)))
  const reply = errorReply(COMPLAINTS[fault.name], { ...told, retryAfter, message: fault.message ?? '' })
  return { type: 'reply', status: reply.status, headers: reply.headers, body: reply.body }
}

/** The reply to a request that was found wanting; undefined for a mistake of the simulator or of a test. */
function refusalReply(problem: unknown, told: Told): PlainReply | undefined {
  if (problem instanceof Refusal) return problem.reply
  if (problem instanceof FailureError) return refusalReply(invalid(problem.message), told)
  if (!(problem instanceof VendorRefusal)) return undefined
  return errorReply(problem.complaint, { ...told, ...problem.about, message: problem.message })
}

/** What every reply of a vendor says beside its content. */
function vendorHeaders({ call, now, requestId }: Told): Record<string, string> {
  switch (call.persona) {
    case 'openai':
      return {
        'x-request-id': requestId,
        'openai-version': '2020-10-01',
        'openai-processing-ms': '42',
        ...rateLimits(499, 0.12),
      }
    case 'anthropic':
      return { 'request-id': requestId, ...anthropicLimits(49, now + 60_000) }
    case 'groq':
      return { 'x-request-id': requestId, ...rateLimits(999, 2) }
    case 'gemini':
      return { 'server-timing': 'gfet4t7; dur=42' }
    default:
      return { 'x-request-id': requestId }
  }
}
