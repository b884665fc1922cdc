import type { Identity } from '../../store/index.js'
import { readClaims } from '../jwt.js'
import { identify } from '../login/index.js'
import type { Login } from '../login/index.js'
import type { AccountDraft } from './types.js'

/** The tokens of a draft as a login brings them; undefined without an access token. */
export function loginOf(draft: AccountDraft): Login | undefined {
  if (draft.access === undefined) return undefined
  return {
    accessToken: draft.access,
    ...(draft.refresh === undefined ? {} : { refreshToken: draft.refresh }),
    ...(draft.idToken === undefined ? {} : { idToken: draft.idToken }),
    ...(draft.chatgptAccountId === undefined ? {} : { chatgptAccountId: draft.chatgptAccountId }),
    ...(draft.lastRefreshAt === undefined ? {} : { lastRefreshAt: draft.lastRefreshAt }),
  }
}

/**
 * Whose tokens these are: as they say themselves, and else as the file says.
 * @throws LoginError when neither names a ChatGPT account
 */
export function ownerOf(login: Login, said: AccountDraft): Identity {
  const { fedramp, ...told } = identify(login)
  return {
    ...(said.userId === undefined ? {} : { userId: said.userId }),
    ...(said.email === undefined ? {} : { email: said.email }),
    ...(said.plan === undefined ? {} : { plan: said.plan }),
    ...told,
    fedramp: fedramp || said.fedramp === true,
  }
}

/** Does the token itself name a ChatGPT account? */
export function namesAccount(access: string | undefined): boolean {
  return access !== undefined && readClaims(access)?.chatgptAccountId !== undefined
}
