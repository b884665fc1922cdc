/**
 * Everything that must hold, one line each: types, lint, format, architecture, lock, build, and the tests. Every check counts as
 * one test. Ends with `N passed, N failed` alone on the last line; exit code 1 when anything failed.
 * Arguments go to vitest: `npm test -- packages/protocol` runs the checks and the tests of that folder.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { isStale } from './build.mjs'
import { checkLock } from './check-lock.mjs'
import { ensureChromium } from './chromium.mjs'
import { surfacesOf, updatePages } from './compatibility.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const BIN = join(ROOT, 'node_modules/.bin')
const CACHE = join(ROOT, 'node_modules/.cache')
/** The short form of some tests finds the same mistakes, later. */
const LONG = process.env.DRAGOMAN_FULL === '1'
/** The machine it must be quick on has two cores. */
const WORKERS = 2

mkdirSync(CACHE, { recursive: true })
const started = performance.now()
const count = { passed: 0, failed: 0, skipped: 0 }

const architecture = ['packages', 'tests', 'bench'].filter((folder) => existsSync(join(ROOT, folder)))
await inOrder([
  ['types', () => types('.')],
  ['types of pages', () => types('packages/dashboard')],
  ['lint', () => command('eslint', ['.', '--max-warnings', '0', ...cached('eslint')])],
  ['format', () => command('prettier', ['--check', '--log-level', 'warn', '.', ...cached('prettier')])],
  ['architecture', () => command('depcruise', ['--config', '.dependency-cruiser.cjs', ...architecture])],
  ['lock', () => checkLock(ROOT)],
  ['build', async () => (isStale() ? command(join(ROOT, 'scripts/build.mjs'), []) : { ok: true, output: '' })],
])
const browser = ensureChromium()
if (browser !== undefined) console.log(`browser             ${browser}`)
await tests(process.argv.slice(2))

console.log(`\n${seconds(started)} in all${count.skipped > 0 ? `, ${count.skipped} tests left out` : ''}`)
console.log(`${count.passed} passed, ${count.failed} failed`)
process.exitCode = count.failed > 0 ? 1 : 0

function types(project) {
  const kept = join(CACHE, `tsc-${project.replace(/\W/g, '-')}.tsbuildinfo`)
  return command('tsc', ['-p', project, '--noEmit', '--incremental', '--tsBuildInfoFile', kept])
}

/** Runs checks two at a time and tells their outcome in the order given. */
async function inOrder(checks) {
  const outcomes = checks.map(() => Promise.withResolvers())
  const waiting = checks.entries()
  const worker = async () => {
    for (const [at, [, run]] of waiting) {
      const began = performance.now()
      const outcome = await run().catch((error) => ({ ok: false, output: String(error?.stack ?? error) }))
      outcomes[at].resolve({ ...outcome, took: seconds(began) })
    }
  }
  const workers = Array.from({ length: WORKERS }, worker)
  for (const [at, [name]] of checks.entries()) {
    const { ok, output, note, took } = await outcomes[at].promise
    count[ok ? 'passed' : 'failed'] += 1
    console.log(`${name.padEnd(20)}${ok ? 'ok' : 'FAILED'}  ${took}${note === undefined ? '' : `  ${note}`}`)
    if (!ok) console.log(`${output.trim()}\n`)
  }
  await Promise.all(workers)
}

async function tests(args) {
  const began = performance.now()
  const file = join(CACHE, 'vitest.json')
  rmSync(file, { force: true })
  const code = await new Promise((settle) => {
    const run = [
      join(BIN, 'vitest'),
      'run',
      `--maxWorkers=${WORKERS}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]
    const env = { ...process.env, DRAGOMAN_SHORT: args.length === 0 && !LONG ? '1' : '0' }
    spawn(process.execPath, [...run, ...args], { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', (error) => settle(error.message))
      .on('close', (exit, signal) => settle(exit ?? signal))
  })
  const result = read(file)
  if (result === undefined) {
    count.failed += 1
    console.log(`tests         FAILED  ${seconds(began)}  vitest ended (${code}) without a result`)
    return
  }
  let { failed } = result
  // A file that could not be loaded, or an error outside of any test, has no failed test to its name.
  if (code !== 0 && failed === 0) failed = 1
  count.passed += result.passed
  count.failed += failed
  count.skipped += result.skipped
  console.log(
    `tests         ${failed === 0 ? 'ok' : 'FAILED'}  ${seconds(began)}  ${result.passed} passed in ${result.files} files`,
  )
  for (const line of result.leftOut) console.log(`left out      ${line}`)
  if (!LONG) {
    console.log(
      'short form    DRAGOMAN_FULL=1 npm test also tries what each single page does, and every look, cut and strategy',
    )
  }
  // Only a run of everything that passed knows the whole page.
  if (args.length === 0 && failed === 0 && result.skipped === 0) compatibility(result.surfaces)
}

/** The pages must say what the tests have just shown. */
function compatibility(surfaces) {
  const changed = updatePages(ROOT, surfaces)
  count[changed.length === 0 ? 'passed' : 'failed'] += 1
  console.log(
    changed.length === 0
      ? `compatibility ok  ${surfaces.length} rows`
      : `compatibility FAILED  written anew, commit them: ${changed.join(', ')}`,
  )
}

/** Vitest's JSON report, shortened; undefined when there is none, or half of one. */
function read(file) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
  let broken = 0
  const leftOut = []
  for (const { name, status, assertionResults } of report.testResults) {
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) broken += 1
    const skipped = assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed')
    if (skipped.length > 0) {
      leftOut.push(
        `${skipped.length} of ${relative(ROOT, name)}: what they need is absent (first: ${skipped[0].fullName})`,
      )
    }
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
    files: report.testResults.length,
    surfaces: surfacesOf(report),
    leftOut,
  }
}

function command(name, args) {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [resolve(BIN, name), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const parts = []
    child.stdout.on('data', (part) => parts.push(part))
    child.stderr.on('data', (part) => parts.push(part))
    child.on('error', (error) => settle({ ok: false, output: error.message }))
    child.on('close', (code, signal) => {
      const output = Buffer.concat(parts).toString('utf8')
      settle({ ok: code === 0, output: output.trim() === '' ? `${name} ended with ${code ?? signal}` : output })
    })
  })
}

/** Both tools look at the content and at their own settings before they trust what they kept. */
function cached(tool) {
  return ['--cache', '--cache-strategy', 'content', '--cache-location', join(CACHE, tool)]
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}
