import type { Filling } from './clients/index.js'
import type { Choice, ConnectView } from './data.js'

/** What stands where a key belongs that nobody has filled in. */
const NO_KEY = 'dgm-…'
/** Where programs look for Ollama. */
const OLLAMA_USUAL = 'http://127.0.0.1:11434'

/** What somebody chose, and what the gateway offers for the rest. */
export function fillingOf(connect: ConnectView, choice: Choice): Filling {
  return {
    address: addressOf(connect, choice.address),
    ollamaAddress: connect.ollama.url ?? OLLAMA_USUAL,
    key: choice.key === '' ? NO_KEY : choice.key,
    model: choice.model ?? connect.default_model,
    smallModel: connect.small_model,
    shell: choice.shell,
  }
}

/** @returns the address that was chosen, as long as it is still one, or the first */
export function addressOf({ addresses }: ConnectView, chosen: string | undefined): string {
  return (addresses.find(({ url }) => url === chosen) ?? addresses[0])?.url ?? location.origin
}

/** What is shown of the key: only how it begins, unless somebody wants to see it. */
export function shownKey({ key, keyShown }: Choice): string {
  if (key === '') return NO_KEY
  return keyShown ? key : `${key.slice(0, 8)}${'•'.repeat(12)}`
}
