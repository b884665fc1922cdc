/**
 * Makes a clone ready: installs and builds when that is needed, and says in one line each what it did. When nothing is
 * missing it costs a few milliseconds. The npm scripts call it first; it runs on the Node that the machine has.
 * With `--install-only` it builds nothing: the tests count the build as one of their checks.
 * Speaks on standard error, so that the output of the command that follows stays clean.
 */
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const OLDEST_NODE = 20
const root = dirname(dirname(fileURLToPath(import.meta.url)))

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  stop(`needs Node ${OLDEST_NODE} or newer to install itself, this is ${process.version}; see https://nodejs.org`)
}

let began = 0
const say = {
  begin(what) {
    began = performance.now()
    process.stderr.write(`dragoman: ${what} …`)
  },
  end() {
    process.stderr.write(` ${((performance.now() - began) / 1000).toFixed(1)} s\n`)
    began = 0
  },
  note(line) {
    process.stderr.write(`${began === 0 ? '' : '\n'}dragoman: ${line}\n`)
  },
}

// Loaded here, not above: an old Node shall reach the line that says so.
const { ensureInstalled, InstallError } = await import('./install.mjs')
try {
  await ensureInstalled(root, say)
} catch (error) {
  if (began !== 0) process.stderr.write('\n')
  if (error instanceof InstallError) stop(error.message)
  throw error
}

if (!process.argv.includes('--install-only')) {
  const { buildAll, isStale, whyBuildFailed } = await import('./build.mjs')
  if (isStale()) {
    say.begin('build')
    try {
      await buildAll()
    } catch (error) {
      process.stderr.write('\n')
      stop(whyBuildFailed(error))
    }
    say.end()
  }
}

function stop(message) {
  process.stderr.write(`dragoman: ${message}\n`)
  process.exit(1)
}
