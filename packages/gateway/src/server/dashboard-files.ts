import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Asked, Route } from './route-table.js'

/** What the build wrote beside the files: path → how it is served. */
interface Listed {
  file: string
  type: string
  /** Sizes of what was compressed ahead. */
  br?: string
  gzip?: string
}

/** Headers of every page and file of the dashboard. Source: reliability-security 6. */
const SAFE: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'origin-agent-cluster': '?1',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), clipboard-read=()',
}

/**
 * The web application, from an exact list of files that the build wrote: no path of a request ever becomes a path of the disk.
 * @param folder where the build lies; without one the gateway answers `/` in plain text
 */
export function dashboardRoutes(folder: string | undefined, plainAnswer: (asked: Asked) => void): Route[] {
  const listed = folder === undefined ? undefined : readList(folder)
  const files = new Map<string, Promise<Buffer>>()
  const bytesOf = (name: string): Promise<Buffer> => {
    const known = files.get(name) ?? readFile(join(folder ?? '', name))
    files.set(name, known)
    return known
  }

  async function send({ req, res, headers }: Asked, file: Listed, cache: string): Promise<void> {
    const accepted = String(req.headers['accept-encoding'] ?? '')
    const encoding = file.br !== undefined && /\bbr\b/.test(accepted) ? 'br' : undefined
    const zipped = encoding ?? (file.gzip !== undefined && /\bgzip\b/.test(accepted) ? 'gzip' : undefined)
    const bytes = await bytesOf(zipped === undefined ? file.file : (file[zipped] ?? file.file))
    res.writeHead(200, {
      ...SAFE,
      ...headers,
      'content-type': file.type,
      'cache-control': cache,
      vary: 'Accept-Encoding',
      ...(zipped === undefined ? {} : { 'content-encoding': zipped }),
      'content-length': bytes.length,
    })
    res.end(req.method === 'HEAD' ? undefined : bytes)
  }

  const route = (path: string, answer: Route['answer']): Route => ({
    methods: ['GET', 'HEAD'],
    paths: [path],
    access: 'public',
    dialect: 'by headers',
    answer,
  })
  const page = listed?.['/']
  return [
    route('/', (asked) => {
      const wantsPage = /\btext\/html\b/.test(String(asked.req.headers.accept ?? ''))
      if (page === undefined || !wantsPage) return plainAnswer(asked)
      return send(asked, page, 'no-store')
    }),
    ...Object.entries(listed ?? {})
      .filter(([path]) => path !== '/')
      .map(([path, file]) =>
        route(path, (asked) =>
          send(asked, file, path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
        ),
      ),
  ]
}

function readList(folder: string): Record<string, Listed> | undefined {
  const path = join(folder, 'files.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Listed>) : undefined
}
