import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const DAY_MS = 24 * 60 * 60 * 1000

/** Bundled libraries in CommonJS expect these three. Each file of the bundle is a module and gets its own. */
const COMMONJS = `import { createRequire as __createRequire } from 'node:module'
import { dirname as __dirnameOf } from 'node:path'
import { fileURLToPath as __fileURLToPath } from 'node:url'
const require = __createRequire(import.meta.url)
const __filename = __fileURLToPath(import.meta.url)
const __dirname = __dirnameOf(__filename)`

const BUNDLES = [
  { source: 'packages/gateway/src/entry.ts', out: 'packages/gateway/dist', name: 'dragoman' },
  { source: 'packages/simulator/src/main.ts', out: 'packages/simulator/dist', name: 'main' },
].filter(({ source }) => existsSync(join(ROOT, source)))

const DASHBOARD = 'packages/dashboard'

/** What was built, from what. Beside the bundle, so that removing `dist` also forgets it. */
const STAMP = '.built-from'

/** Is a bundle absent or made from other sources than those that are there? */
export function isStale() {
  const now = sourcesNow()
  return [...BUNDLES, { out: `${DASHBOARD}/dist`, name: 'files', ending: 'json' }].some(
    ({ out, name, ending = 'js' }) => {
      const stamp = join(ROOT, out, STAMP)
      return (
        !existsSync(join(ROOT, out, `${name}.${ending}`)) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== now
      )
    },
  )
}

/**
 * Bundles the gateway (and the simulator) into `packages/<name>/dist`: few files to read make a fast start.
 * Files of an earlier build stay for a day, because a gateway that runs from it may still load one of them.
 * @throws an error of esbuild, whose messages it has printed, or of the file system; see `whyBuildFailed`
 */
export async function buildAll() {
  const { build } = await import('esbuild')
  const from = sourcesNow()
  await buildDashboard(from)
  copyDashboard()
  for (const { source, out, name } of BUNDLES) {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: { [name]: source },
      outdir: out,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      // Native modules, and what a user adds to get more.
      external: ['better-sqlite3', '@napi-rs/keyring', 'pg-native'],
      banner: { js: COMMONJS },
      chunkNames: 'chunks/[name]-[hash]',
      legalComments: 'external',
      // Less to read and to keep in memory (a tenth of the start, 5 MB); names stay, so that a stack can be read.
      minifyWhitespace: true,
      minifySyntax: true,
      sourcemap: false,
      logLevel: 'warning',
      write: false,
    })
    const folder = join(ROOT, out)
    // The entry last: until it is replaced, the old one and its chunks are a whole.
    outputFiles.sort((a, b) => Number(dirname(a.path) === folder) - Number(dirname(b.path) === folder))
    for (const { path, contents } of outputFiles) replace(path, contents)
    removeOld(folder, new Set(outputFiles.map(({ path }) => path)))
    replace(join(folder, STAMP), from)
  }
}

/** The web application: built by Vite, compressed ahead, and listed, so that the gateway serves exact names alone. */
async function buildDashboard(from, folder = join(ROOT, DASHBOARD, 'dist')) {
  const { build } = await import('vite')
  await build({
    root: join(ROOT, DASHBOARD),
    configFile: join(ROOT, DASHBOARD, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  })
  const files = {}
  for (const path of filesIn(folder).sort()) {
    const file = relative(folder, path).split(sep).join('/')
    const bytes = readFileSync(path)
    const listed = { file, type: TYPES[extname(path)] ?? 'application/octet-stream' }
    if (bytes.length > 1024 && listed.type !== 'image/png') {
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } }))
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      Object.assign(listed, { br: `${file}.br`, gzip: `${file}.gz` })
    }
    files[file === 'index.html' ? '/' : `/${file}`] = listed
  }
  replace(join(folder, 'files.json'), JSON.stringify(files))
  replace(join(folder, STAMP), from)
}

/** The package of the gateway carries the pages beside its bundle. */
function copyDashboard() {
  const from = join(ROOT, DASHBOARD, 'dist')
  const to = join(ROOT, 'packages/gateway/dist/dashboard')
  const paths = filesIn(from).filter((path) => basename(path) !== 'files.json')
  // The list last: until it is replaced, the old one and its files are a whole.
  for (const path of [...paths, join(from, 'files.json')]) replace(join(to, relative(from, path)), readFileSync(path))
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** One line for an error of `buildAll`. esbuild has told its own; those of the file system nobody has told yet. */
export function whyBuildFailed(error) {
  return Array.isArray(error?.errors) ? 'the build failed, see above' : `the build failed: ${error?.message ?? error}`
}

function replace(path, contents) {
  mkdirSync(dirname(path), { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, contents)
  renameSync(fresh, path)
}

function removeOld(folder, keep) {
  for (const path of filesIn(folder)) {
    if (!keep.has(path) && Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path, { force: true })
  }
}

/** Names, sizes and times of everything that goes into a bundle: milliseconds to find out, and wrong only when somebody forges times. */
function sourcesNow() {
  const files = [
    fileURLToPath(import.meta.url),
    join(ROOT, 'package-lock.json'),
    ...readdirSync(join(ROOT, 'packages')).flatMap((name) => [
      join(ROOT, 'packages', name, 'package.json'),
      ...filesIn(join(ROOT, 'packages', name, 'src')).filter((path) => !path.endsWith('.test.ts')),
    ]),
    ...['index.html', 'vite.config.ts'].map((name) => join(ROOT, DASHBOARD, name)),
    ...filesIn(join(ROOT, DASHBOARD, 'public')),
  ]
  const hash = createHash('sha256')
  for (const path of files.filter((path) => existsSync(path)).sort()) {
    const { size, mtimeMs } = statSync(path)
    hash.update(`${relative(ROOT, path)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [option, folder] = process.argv.slice(2)
  try {
    // The pages alone, somewhere else: to look at them without touching what runs.
    if (option === '--dashboard-to' && folder !== undefined) await buildDashboard('', resolve(folder))
    else await buildAll()
  } catch (error) {
    process.stderr.write(`dragoman: ${whyBuildFailed(error)}\n`)
    process.exitCode = 1
  }
}
