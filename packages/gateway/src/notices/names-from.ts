import type { Accounts } from '../accounts/index.js'
import type { ApiKeyRows, ClientKeys } from '../store/index.js'
import type { Name } from './notice.js'

export interface Named {
  accounts: Pick<Accounts, 'get'>
  apiKeys: Pick<ApiKeyRows, 'list'>
  clientKeys: Pick<ClientKeys, 'findById'>
}

/** How an account, an API key or a client key is called, by its id. */
export function namesFrom({ accounts, apiKeys, clientKeys }: Named): (id: string) => Name | undefined {
  return (id) => {
    const account = accounts.get(id)
    if (account !== undefined) return nameOf(account.label, account.email)
    const apiKey = id.startsWith('ak_') ? apiKeys.list().find((key) => key.id === id) : undefined
    return nameOf(apiKey?.label ?? clientKeys.findById(id)?.name)
  }
}

function nameOf(label: string | undefined, email?: string): Name | undefined {
  if (label === undefined && email === undefined) return undefined
  return { ...(label === undefined ? {} : { label }), ...(email === undefined ? {} : { email }) }
}
