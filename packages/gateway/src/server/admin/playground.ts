import { createHash, randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { ClientKey } from '../route-table.js'
import { json, PROBLEMS, READS, type AdminApi } from './api.js'

/** Keys of the playground: each belongs to one session, is good for an hour, and is nowhere but in the memory of this process. */
export interface PlaygroundKeys {
  /** @param sessionId undefined for the owner of the data folder, whose key ends with its time alone */
  make(sessionId: string | undefined): { key: string; expiresAt: number }
  /** @param hash SHA-256 in hex. Undefined once its hour or its session is over. */
  find(hash: string): ClientKey | undefined
}

const LIFE_MS = 3600_000
/** A page makes one when it is opened; nobody has so many open. */
const MOST_PER_SESSION = 20

/** What its requests are known by in records. */
const PLAYGROUND: ClientKey = { id: 'playground', name: 'playground' }

/** @param options.isOpen is that session still signed in? */
export function createPlaygroundKeys(options: {
  isOpen(sessionId: string): boolean
  now?: () => number
}): PlaygroundKeys {
  const { isOpen, now = Date.now } = options
  const keys = new Map<string, { sessionId: string | undefined; expiresAt: number }>()

  function isGood({ sessionId, expiresAt }: { sessionId: string | undefined; expiresAt: number }): boolean {
    return expiresAt > now() && (sessionId === undefined || isOpen(sessionId))
  }

  return {
    make(sessionId) {
      for (const [hash, of] of keys) if (!isGood(of)) keys.delete(hash)
      const before = [...keys].filter(([, of]) => of.sessionId === sessionId)
      for (const [hash] of before.slice(0, Math.max(0, before.length - MOST_PER_SESSION + 1))) keys.delete(hash)
      const key = `dgm-play-${randomBytes(24).toString('base64url')}`
      const expiresAt = now() + LIFE_MS
      keys.set(createHash('sha256').update(key).digest('hex'), { sessionId, expiresAt })
      return { key, expiresAt }
    },
    find(hash) {
      const found = keys.get(hash)
      if (found === undefined) return undefined
      if (isGood(found)) return PLAYGROUND
      keys.delete(hash)
      return undefined
    },
  }
}

/** `POST /admin/playground/key` */
export function playgroundApi(api: AdminApi, keys: PlaygroundKeys): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/playground/key',
      tags: ['playground'],
      summary: 'A key for the playground',
      description:
        'It opens every model, is known as `playground` in records, and ends after an hour or with the session that asked. It is never stored.',
      responses: {
        200: json(
          z
            .object({ key: z.string(), expires_at: z.string().openapi({ description: 'ISO 8601.' }) })
            .openapi('PlaygroundKey'),
          'Told once.',
        ),
        ...PROBLEMS,
      },
      ...READS,
    }),
    (c) => {
      const { admin } = c.env
      const { key, expiresAt } = keys.make(admin.kind === 'session' ? admin.session.id : undefined)
      return c.json({ key, expires_at: new Date(expiresAt).toISOString() }, 200)
    },
  )
}
