import { timingSafeEqual } from 'node:crypto'
import { safeText } from '@dragoman/protocol'
import { LoginError } from './login.js'

/**
 * The code from the query that the login server sent the browser back with.
 * @throws LoginError `refused`, `wrong_state`, `bad_url`
 */
export function readCallback(query: URLSearchParams, state: string): string {
  if (!sameText(query.get('state') ?? '', state)) {
    throw new LoginError('wrong_state', 'this answer belongs to another login: begin again and use its newest link')
  }
  const error = query.get('error')
  if (error !== null) {
    const why = query.get('error_description') ?? error
    throw new LoginError('refused', `the login server refused: ${safeText(why).slice(0, 300)}`)
  }
  const code = query.get('code')
  if (code === null || code === '') throw new LoginError('bad_url', 'this address holds no code')
  return code
}

/**
 * The code from what a person pasted: the whole address of the page that could not be shown, its query, or `code#state`.
 * @param redirectUri to name where nothing of that was pasted
 * @throws LoginError `refused`, `wrong_state`, `bad_url`
 */
export function readPastedUrl(pasted: string, state: string, redirectUri: string): string {
  const line = pasted.trim().replace(/^["'<]+|["'>]+$/g, '')
  const mark = /^([A-Za-z0-9._~-]+)#([A-Za-z0-9._~-]+)$/.exec(line)
  if (mark?.[1] !== undefined && mark[2] !== undefined) {
    return readCallback(new URLSearchParams({ code: mark[1], state: mark[2] }), state)
  }
  const query = line.includes('?') ? line.slice(line.indexOf('?') + 1) : line
  const found = new URLSearchParams(query.replace(/#.*$/, ''))
  if (!found.has('code') && !found.has('error')) {
    throw new LoginError(
      'bad_url',
      `paste the whole address from the browser: it begins with ${redirectUri} and holds "code=" and "state="`,
    )
  }
  return readCallback(found, state)
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
