import type { House } from '../house.js'

/** What a browser holds of a session. */
export interface SignedIn {
  /** `name=value` */
  cookie: string
  second: string
}

/** Asks as a page of the gateway would; `headers` win over what it sends by itself. */
export function asPage(
  house: House,
  who: Partial<SignedIn> | undefined,
  path: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(house.url + path, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(method === 'GET' ? {} : { origin: house.url }),
      ...(who?.cookie === undefined ? {} : { cookie: who.cookie }),
      ...(who?.second === undefined ? {} : { 'x-dragoman-session': who.second }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
}

/** Signs in as the page does with a link. */
export async function signIn(house: House, headers: Record<string, string> = {}): Promise<SignedIn> {
  const { token } = house.gateway.sessions.makeLink()
  return openedBy(await asPage(house, undefined, '/auth/dashboard-link', { method: 'POST', body: { token }, headers }))
}

export async function openedBy(answer: Response): Promise<SignedIn> {
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${await answer.text()}`)
  const { session } = (await answer.json()) as { session: string }
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '', second: session }
}
