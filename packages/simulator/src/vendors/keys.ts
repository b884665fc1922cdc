import { randomBytes } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.js'
import type { Persona, Vendor } from './vendor.js'
import { VendorRefusal } from './refusal.js'

export interface VendorKeyOptions {
  vendor: Vendor
  /** Default: a fresh one that looks like the vendor's. */
  key?: string
  /** The models that this key may use; default all. */
  models?: readonly string[]
  /** The vendor took it back. */
  revoked?: boolean
  /** Whom `compatible` plays for requests with this key, whatever the model's name says. */
  plays?: Persona
}

/** A key as its owner holds it. */
export interface VendorKey {
  readonly vendor: Vendor
  readonly key: string
  /** As records of requests show it. */
  readonly hint: string
  readonly models: readonly string[] | undefined
  readonly plays: Persona | undefined
  /** May be changed while the simulator runs. */
  revoked: boolean
}

const LOOKS: Readonly<Record<Vendor, string>> = {
  openai: 'sk-proj-',
  anthropic: 'sk-ant-api03-',
  gemini: 'AIzaSy',
  openrouter: 'sk-or-v1-',
  compatible: 'sk-',
}

/** The end of a key, enough to tell keys apart in a test's output. */
export function keyHint(key: string): string {
  return key === '' ? '' : `…${key.slice(-6)}`
}

/** Every key that a vendor has given out. */
export class VendorKeys {
  #keys: VendorKey[] = []

  add({ vendor, key, models, revoked = false, plays }: VendorKeyOptions): VendorKey {
    const text = key ?? `${LOOKS[vendor]}${randomBytes(21).toString('hex')}`
    const added = { vendor, key: text, hint: keyHint(text), models, plays, revoked }
    this.#keys.push(added)
    return added
  }

  clear(): void {
    this.#keys = []
  }

  /** The key that a request carries, if the vendor knows it. */
  find(vendor: Vendor, key: string): VendorKey | undefined {
    return this.#keys.find((known) => known.vendor === vendor && known.key === key)
  }

  /** @throws VendorRefusal as the vendor refuses who has no key, a wrong one, one taken back, or one for other models */
  check(vendor: Vendor, record: Pick<RecordedRequest, 'headers' | 'query'>, model: string): void {
    const text = keyIn(vendor, record)
    const ofVendor = this.#keys.filter((known) => known.vendor === vendor)
    // A server of one's own often wants none.
    if (vendor === 'compatible' && ofVendor.length === 0) return
    if (text === '') throw new VendorRefusal('no_key', '')
    const known = ofVendor.find(({ key }) => key === text)
    if (known === undefined || known.revoked) throw new VendorRefusal('unauthorized', '', { key: text })
    const named = model.replace(/^models\//, '')
    if (known.models !== undefined && named !== '' && !known.models.includes(named)) {
      throw new VendorRefusal('model_not_found', '')
    }
  }
}

/** The key where this vendor's clients put it; empty when there is none. */
export function keyIn(vendor: Vendor, { headers, query }: Pick<RecordedRequest, 'headers' | 'query'>): string {
  const bearer = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? ''
  switch (vendor) {
    case 'gemini':
      return headers['x-goog-api-key'] ?? query.get('key') ?? ''
    case 'anthropic':
    case 'openrouter':
      // Anthropic takes either header, its SDK (1.11) sends the second; OpenRouter has an endpoint for Anthropic's clients.
      return headers['x-api-key'] ?? bearer
    case 'openai':
    case 'compatible':
      return bearer
  }
}
