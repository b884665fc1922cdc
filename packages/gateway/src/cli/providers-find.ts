import type { ApiKey } from '../providers/keys/index.js'
import { plainText } from '../telemetry/index.js'
import { CommandError } from './deps.js'

/** How a key is named on the command line. */
export const BY =
  '\nA key is named by its id or the beginning of it, its label, its last characters, or its provider if it has no other key.'

/** What a person calls a key. */
export function shownName({ label, provider, hint, id }: Pick<ApiKey, 'label' | 'provider' | 'hint' | 'id'>): string {
  return plainText(label ?? (hint === undefined ? `${provider} (${id})` : `${provider} ${hint}`))
}

/** Only when the name means one key. */
export function findKey<T extends Pick<ApiKey, 'id' | 'label' | 'provider' | 'hint'>>(
  keys: readonly T[],
  named: string,
): T {
  const exact = keys.find(({ id }) => id === named)
  if (exact !== undefined) return exact
  for (const fits of [
    (key: T) => key.label === named,
    (key: T) => key.provider === named,
    (key: T) => named.length > 'ak_'.length && key.id.startsWith(named),
    (key: T) => named.length >= 4 && key.hint?.endsWith(named) === true,
  ]) {
    const found = keys.filter(fits)
    if (found.length === 1 && found[0] !== undefined) return found[0]
    if (found.length > 1) {
      const ids = found.map(({ id }) => id).join(', ')
      throw new CommandError(`${plainText(named)} means ${found.length} keys; name one by its id: ${ids}`)
    }
  }
  throw new CommandError(`there is no API key ${plainText(named)}; dragoman providers list shows all`)
}
