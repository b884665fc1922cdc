import type { Account } from '../accounts/index.js'
import { plainText } from '../telemetry/index.js'

/** What a person calls an account. Others chose it, so nothing in it may drive the terminal. */
export function nameOf(account: Pick<Account, 'id' | 'label' | 'email'>): string {
  return plainText(account.label ?? account.email ?? account.id)
}
