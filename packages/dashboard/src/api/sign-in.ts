import { rawFetch } from './client.js'

/** What the gateway tells of who is asking; also to whoever is not signed in. */
export interface SignInStatus {
  authenticated: boolean
  /** There is a password; without one a link is the only way in. */
  passwordSet: boolean
}

export async function readStatus(): Promise<SignInStatus> {
  const response = await rawFetch('/auth/dashboard-status')
  return (await response.json()) as SignInStatus
}
