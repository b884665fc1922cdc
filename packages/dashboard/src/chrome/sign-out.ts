import { rawFetch } from '../api/client.js'
import { queryClient } from '../api/queries.js'
import { session } from '../api/session.js'

/** Ends this session, here and at the gateway. */
export async function signOut(): Promise<void> {
  await rawFetch('/auth/dashboard-logout', { method: 'POST', body: '{}' }).catch(() => undefined)
  queryClient.clear()
  session.over()
}
