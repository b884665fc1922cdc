import { scrub } from '../telemetry/index.js'
import type { Name, News, Notice } from './notice.js'

const LONGEST_TEXT = 1000
const EMAIL = /[^\s@"'<>()[\]{},;:]{1,64}@[^\s@"'<>()[\]{},;:]{1,253}/g

/** News whose texts hold no secret and are no longer than a sentence or two. */
export function decent(news: News): News {
  return { ...news, data: eachText(news.data, (text) => scrub(text).slice(0, LONGEST_TEXT)) } as News
}

export function decentName({ label, email }: Name): Name {
  const short = (text: string): string => scrub(text).slice(0, 200)
  return {
    ...(label === undefined ? {} : { label: short(label) }),
    ...(email === undefined ? {} : { email: short(email) }),
  }
}

/** For whoever must not learn who the accounts belong to: labels and ids stay, e-mail addresses go, wherever they stand. */
export function withoutIdentities(notice: Notice): Notice {
  const names: Record<string, Name> = {}
  for (const [id, { label }] of Object.entries(notice.names)) {
    // Some call an account by its address.
    if (label !== undefined && masked(label) === label) names[id] = { label }
  }
  return { ...notice, names, data: eachText(notice.data, masked) } as Notice
}

function masked(text: string): string {
  return text.replace(EMAIL, '[e-mail]')
}

/** The same plain data with every text in it changed. */
function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => eachText(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, eachText(one, change)]))
}
