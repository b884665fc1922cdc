import type { AddedProxy, NewProxy, ProxyRecord } from '../../store/index.js'
import { PIN_WORDS, ProxyPoolError } from './types.js'

/** They mean something else where a proxy is named. */
const NO_NAMES = new Set<string>([...PIN_WORDS, 'environment'])

type LookUp = (name: string) => ProxyRecord | undefined

/** A proxy as it is to be kept: a name that means something else is left out, or with `exact` a mistake. */
export function withName(proxy: NewProxy, exact: boolean, lookUp: LookUp): NewProxy {
  const { name, ...nameless } = proxy
  if (name === undefined) return nameless
  if (!exact) return isNoName(name) ? nameless : proxy
  const other = lookUp(name)
  refuseName(name, other !== undefined && isSame(other, proxy) ? other.id : undefined, lookUp)
  return proxy
}

/**
 * @param own the id of the one that is to be called so, when there is one
 * @throws ProxyPoolError
 */
export function refuseName(name: string, own: string | undefined, lookUp: LookUp): void {
  if (isNoName(name))
    throw new ProxyPoolError('bad_name', `a proxy cannot be called ${JSON.stringify(name)}; take another name`)
  const other = lookUp(name)
  if (other === undefined || other.id === own) return
  throw new ProxyPoolError('bad_name', `there is a proxy ${name} already (${other.id}); take another name`)
}

/** The same address and username make it the same one. */
export function isSame(record: ProxyRecord, proxy: NewProxy): boolean {
  const address = record.protocol === proxy.protocol && record.host === proxy.host && record.port === proxy.port
  return address && record.username === proxy.username
}

/** What adding a proxy would do. */
export function outcomeOf(wanted: NewProxy, known: ProxyRecord | undefined): AddedProxy['outcome'] {
  if (known === undefined) return 'added'
  const { name, password, enabled } = wanted
  const differs =
    (password !== undefined && password.reveal() !== known.password?.reveal()) ||
    (name !== undefined && !isNoName(name) && name !== known.name) ||
    (enabled !== undefined && enabled !== known.enabled)
  return differs ? 'updated' : 'unchanged'
}

function isNoName(name: string): boolean {
  return name.trim() === '' || NO_NAMES.has(name) || name.startsWith('prx_')
}
