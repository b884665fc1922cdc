import { api, ApiError, type Schemas } from './client.js'
import { session } from './session.js'

/** What the gateway tells of who is asking; also to whoever is not signed in. */
export type SignInStatus = Schemas['SignInStatus']

export async function readStatus(): Promise<SignInStatus> {
  const { data } = await api.GET('/auth/dashboard-status')
  return known(data)
}

/** @throws ApiError, `too_many_tries` when it has to wait */
export async function enterWithPassword(password: string): Promise<void> {
  const { data } = await api.POST('/auth/dashboard-login', { body: { password } })
  session.set(known(data).session)
}

/** @throws ApiError, `link_used` when it is not good any more */
export async function enterWithLink(token: string): Promise<void> {
  const { data } = await api.POST('/auth/dashboard-link', { body: { token } })
  session.set(known(data).session)
}

/** What is not 2xx was thrown already. */
export function known<Data>(data: Data | undefined): Data {
  if (data === undefined) throw new ApiError(0, 'no_answer', 'the gateway answered nothing')
  return data
}

/** Of a whole link, or the token alone. */
export function tokenIn(text: string): string {
  return /#token=([\w-]+)/.exec(text)?.[1] ?? text.trim()
}
