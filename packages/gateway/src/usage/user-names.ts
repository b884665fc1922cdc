import type { UsageGroup } from '../store/index.js'

/** Where names are found. */
export interface UserNames {
  accounts: { list(): readonly { id: string; label?: string; email?: string }[] }
  apiKeys: { list(): readonly { id: string; label?: string }[] }
  clientKeys: { findById(id: string): { name: string } | undefined }
}

/** What people call whoever used something; undefined for one that is gone or has no name. */
export function nameOfUser(
  { accounts, apiKeys, clientKeys }: UserNames,
  by: UsageGroup,
  id: string,
): string | undefined {
  switch (by) {
    case 'account': {
      const account = accounts.list().find((one) => one.id === id)
      return account?.label ?? account?.email
    }
    case 'api_key':
      return apiKeys.list().find((key) => key.id === id)?.label
    case 'client_key':
      return clientKeys.findById(id)?.name
    case 'provider':
    case 'model':
    case 'client':
    case 'tier':
      return undefined
  }
}
