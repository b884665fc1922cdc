import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, safeText } from '@dragoman/protocol'
import type { Transport } from '../../transport/index.js'
import { json, problem, PROBLEMS, type AdminApi } from './api.js'

export interface UpdatesHouse {
  version: string
  /** `updates.feed`; empty: nothing is ever asked. */
  feed(): string
  request: Transport['request']
  installation: Installation
  now?: () => number
}

/** How the program came onto this machine, and so how a newer one does. */
export type Installation = 'npm' | 'docker' | 'git'

const UPDATE_BY: Readonly<Record<Installation, string>> = {
  npm: 'npm install -g dragoman@latest',
  docker: 'docker compose pull && docker compose up -d',
  git: 'git pull && npm ci && npm run build',
}

const UpdateStatus = z
  .object({
    current_version: z.string(),
    enabled: z.boolean().openapi({ description: 'Is there a feed to ask?' }),
    latest_version: z.string().nullable(),
    update_available: z.boolean().nullable().openapi({ description: 'Null before it was asked.' }),
    url: z.string().nullable().openapi({ description: 'Where the new version is told of.' }),
    checked_at: z.string().nullable(),
    error: z.string().nullable(),
    installation: z.enum(['npm', 'docker', 'git']),
    command: z.string().openapi({ description: 'What installs the newest version here.' }),
  })
  .openapi('UpdateStatus')
type UpdateStatus = z.infer<typeof UpdateStatus>

type Found = Pick<UpdateStatus, 'latest_version' | 'url' | 'checked_at' | 'error'>
const NOT_ASKED: Found = { latest_version: null, url: null, checked_at: null, error: null }

const TIMEOUT_MS = 10_000

/** Whether there is something newer. Nothing is asked before somebody wants it, and the program never replaces itself. */
export function updatesApi(api: AdminApi, house: UpdatesHouse): void {
  const { version, installation, now = Date.now } = house
  let found: Found = NOT_ASKED
  let askedOf = ''

  function status(): UpdateStatus {
    const known = askedOf === house.feed() ? found : NOT_ASKED
    return {
      current_version: version,
      enabled: house.feed() !== '',
      ...known,
      update_available: known.latest_version === null ? null : isNewer(known.latest_version, version),
      installation,
      command: UPDATE_BY[installation],
    }
  }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/update-status',
      tags: ['settings'],
      summary: 'What the last look for a new version found',
      responses: { 200: json(UpdateStatus, 'Without asking anybody.'), ...PROBLEMS },
    }),
    (c) => c.json(status(), 200),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/check-update',
      tags: ['settings'],
      summary: 'Look now for a new version',
      responses: { 200: json(UpdateStatus, 'What the feed says.'), ...PROBLEMS },
    }),
    async (c) => {
      const feed = house.feed()
      if (feed === '') {
        throw problem(
          409,
          'no_update_feed',
          'nobody is asked for new versions; name an address in updates.feed to do so',
        )
      }
      const read = await readFeed(house.request, feed)
      found = { ...read, checked_at: new Date(now()).toISOString() }
      askedOf = feed
      return c.json(status(), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/apply-update',
      tags: ['settings'],
      summary: 'How to install a new version: the program never replaces itself',
      responses: PROBLEMS,
    }),
    () => {
      throw problem(409, 'update_by_hand', `Dragoman does not replace itself; run: ${UPDATE_BY[installation]}`)
    },
  )
}

async function readFeed(request: Transport['request'], url: string): Promise<Omit<Found, 'checked_at'>> {
  const failed = (error: string): Omit<Found, 'checked_at'> => ({ latest_version: null, url: null, error })
  try {
    const { status, body } = await request({
      url,
      method: 'GET',
      headers: { accept: 'application/json', 'user-agent': 'dragoman' },
      timeoutMs: TIMEOUT_MS,
      owner: 'updates',
    })
    if (status !== 200) return failed(`the feed answered ${status}`)
    const told = readTold(body)
    return told === undefined ? failed('the feed does not name a version') : { ...told, error: null }
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure.message)
    return failed(safeText(error instanceof Error ? error.message : 'the network failed'))
  }
}

const VERSION = /^v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/

/** As npm's registry writes it (`version`), or the releases of GitHub (`tag_name`, `html_url`). */
function readTold(body: string): Pick<Found, 'latest_version' | 'url'> | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const word = (name: string): string | undefined => {
    const text: unknown = Reflect.get(value, name)
    return typeof text === 'string' ? text : undefined
  }
  const version = VERSION.exec(word('version') ?? word('tag_name') ?? '')?.[1]
  if (version === undefined) return undefined
  const url = word('html_url') ?? word('homepage')
  return { latest_version: version, url: url !== undefined && /^https:\/\//.test(url) ? url : null }
}

/** By the rules of semantic versions, as far as they order releases: 1.10.0 is newer than 1.9.0, and that than 1.9.0-beta.1. */
export function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => {
    const [numbers = '', before] = version.split('-', 2)
    return { numbers: numbers.split('.').map(Number), before }
  })
  if (a === undefined || b === undefined) return false
  for (let n = 0; n < 3; n++) {
    const difference = (a.numbers[n] ?? 0) - (b.numbers[n] ?? 0)
    if (difference !== 0) return difference > 0
  }
  if (a.before === undefined || b.before === undefined) return a.before === undefined && b.before !== undefined
  return a.before.localeCompare(b.before, 'en', { numeric: true }) > 0
}

/** @param script the file that runs */
export function installationOf(script: string): Installation {
  for (let folder = dirname(script); folder !== dirname(folder); folder = dirname(folder)) {
    if (folder.endsWith('node_modules')) return 'npm'
    // Also in a container: a working copy is brought up to date where it is.
    if (existsSync(join(folder, '.git'))) return 'git'
  }
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv') ? 'docker' : 'npm'
}
