import { plainText, Secret } from '../../telemetry/index.js'
import type { NewApiKey } from '../../store/index.js'
import { apiKeyShape } from './api-key.js'
import { PRESETS } from './presets.js'
import { KEY_CAPABILITIES, WIRES, type ApiKey, type KeyModel } from './types.js'

/** A key that is to be kept, checked word by word; its base URL is checked by {@link readBaseUrl}. */
export type KeyDraft = NewApiKey & Pick<ApiKey, 'kind' | 'wire' | 'models' | 'capabilities'>

/** Names that lead elsewhere: `codex:gpt-5.5` is no key's. */
const RESERVED: readonly string[] = ['codex', 'demo', 'keys', 'all']
const MOST_MODELS = 5_000
const LONGEST_KEY = 8_192
/** What the connection itself says, or what would change where the request goes. */
const OURS =
  /^(?:host|connection|content-length|content-type|transfer-encoding|upgrade|te|trailer|expect|keep-alive|accept-encoding|proxy-.*)$/

/** @throws Error in one line */
export function providerName(written: string): string {
  const name = written.trim().toLowerCase()
  if (RESERVED.includes(name)) throw new Error(`${name} is the name of something else; give the provider another name`)
  if (apiKeyShape.shape.provider.safeParse(name).success) return name
  throw new Error(
    `${plainText(JSON.stringify(written))} is no name of a provider: up to 64 lower-case letters, digits, dot, dash, underscore`,
  )
}

/** A name for the provider at an address: a preset's, or that of its host. */
export function nameByAddress(baseUrl: string): string {
  const { host, hostname, origin } = new URL(baseUrl)
  const known = PRESETS.find((preset) => preset.baseUrl !== undefined && new URL(preset.baseUrl).origin === origin)
  if (known !== undefined) return known.id
  const name = host
    .replace(/^(?:api|www)\./, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
  return name === '' || RESERVED.includes(name) ? `at-${hostname.replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 64) : name
}

/** A key as it will stand in a header. @throws Error that does not repeat it */
export function secretKey(written: string): Secret {
  const key = written.trim()
  if (key === '') throw new Error('the API key is empty')
  if (key.length > LONGEST_KEY || !/^[\x21-\x7e]+$/.test(key)) {
    throw new Error('the API key holds spaces, line ends or characters that no key has; copy it again')
  }
  return new Secret(key)
}

/** `a`, `a=upstream-name`, comma separated; `all`. @throws Error in one line */
export function modelsFrom(written: string): 'all' | KeyModel[] {
  if (written.trim() === 'all') return 'all'
  const models = listOf(written).map((entry): KeyModel => {
    const at = entry.indexOf('=')
    if (at < 0) return { id: entry }
    const [id, upstream] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()]
    if (id === '' || upstream === '') throw new Error(`${plainText(entry)} is no model: name=upstream-name`)
    return { id, upstream }
  })
  return checkedModels(models)
}

/** @throws Error for none, too many, or one name twice */
export function checkedModels(models: readonly KeyModel[]): KeyModel[] {
  if (models.length === 0) throw new Error('name at least one model, or all')
  if (models.length > MOST_MODELS) throw new Error(`a key serves at most ${MOST_MODELS} models by name`)
  const names = new Map(models.map((model) => [model.id, model]))
  if (names.size === models.length) return [...models]
  const twice = models.find((model) => names.get(model.id) !== model)
  throw new Error(`${plainText(twice?.id ?? '')} is named twice`)
}

/** @throws Error that names the words there are */
export function capabilitiesFrom(written: string): ApiKey['capabilities'] {
  const words = listOf(written)
  const known = KEY_CAPABILITIES.filter((one) => words.includes(one))
  if (known.length > 0 && words.every((word) => known.some((one) => one === word))) return known
  throw new Error(`capabilities are ${KEY_CAPABILITIES.join(', ')}, comma separated`)
}

/** @throws Error that names the words there are */
export function wireFrom(written: string): ApiKey['wire'] {
  const wire = WIRES.find((one) => one === written)
  if (wire === undefined) throw new Error(`a wire is one of ${WIRES.join(', ')}`)
  return wire
}

/** @throws Error in one line */
export function weightFrom(written: string | number): number {
  const read = apiKeyShape.shape.weight.safeParse(typeof written === 'string' ? Number(written) : written)
  if (read.success && String(written).trim() !== '') return read.data
  throw new Error('a weight is a whole number from 1 to 1000')
}

/** `Name: value`. @throws Error that does not repeat the value */
export function headerFrom(written: string): [name: string, value: Secret] {
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(written) ?? []
  return header(name, value)
}

/** @throws Error that does not repeat the value */
export function header(written: string, value: string): [name: string, value: Secret] {
  const name = written.trim().toLowerCase()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/.test(name)) throw new Error("a header is written 'Name: value'")
  if (OURS.test(name)) throw new Error(`the header ${name} is not yours to set`)
  const text = value.trim()
  if (text === '' || text.length > LONGEST_KEY || !/^[\x20-\x7e]+$/.test(text)) {
    throw new Error(`the header ${name} has no value that can be sent`)
  }
  return [name, new Secret(text)]
}

/** @throws Error in one line */
export function labelFrom(written: string): string {
  const label = written.trim()
  if (label.length <= 64 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(label)) return label
  throw new Error('a label has at most 64 characters and no line ends')
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
