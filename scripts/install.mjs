import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join, sep } from 'node:path'
import { isInstalled, missingPackages, outOfStep, readLock, readPackage, workspaceFolders } from './lock.mjs'

/** What the npm scripts call by name. */
const COMMANDS = ['node', 'esbuild', 'tsc', 'eslint', 'prettier', 'depcruise', 'vitest']
/** The oldest Node the product runs on; the pinned one is newer. */
const RUNS_ON = [22, 19]

/** Something the user can mend; the message is the whole story. */
export class InstallError extends Error {}

/**
 * Makes node_modules what package-lock.json says, with `npm ci`, when it is not already.
 * @param {string} root
 * @param {{ begin(what: string): void, end(): void, note(line: string): void }} say
 * @throws {InstallError}
 */
export async function ensureInstalled(root, say) {
  const lockFile = join(root, 'package-lock.json')
  if (!existsSync(lockFile)) throw new InstallError('package-lock.json is missing; this is no complete clone')
  const wanted = fingerprint(root)
  if (readStamp(root)?.wanted === wanted && isWhole(root)) return

  const lock = readLock(lockFile)
  const [problem] = outOfStep(root, lock)
  if (problem !== undefined) throw new InstallError(`${problem}; run npm install and commit the lock`)
  if (isInstalled(root, lock) && isWhole(root)) {
    // Somebody ran npm themselves. It fits, but it is no proof that `npm ci` works.
    writeStamp(root, { wanted, by: 'npm install' })
    return
  }

  say.begin('npm ci')
  rmSync(stampFile(root), { force: true })
  await npm(root, ['ci'])
  await ensurePinnedNode(root, say)
  const missing = missingPackages(root)
  if (!isWhole(root)) {
    throw new InstallError(
      `npm ci ended well but left out ${[...missing, ...missingCommands(root)].join(', ')}; look for omit= in npm's configuration (npm config list)`,
    )
  }
  writeStamp(root, { wanted, by: 'npm ci' })
  say.end()
}

/** Did `npm ci` run in this clone with the lock as it is now? */
export function wasProvenByInstall(root) {
  const stamp = readStamp(root)
  return stamp?.by === 'npm ci' && stamp.wanted === fingerprint(root)
}

/** Notes that `npm ci` was tried elsewhere with the lock as it is now. */
export function noteProof(root) {
  writeStamp(root, { wanted: fingerprint(root), by: 'npm ci' })
}

/**
 * Runs npm quietly, with the Node that npm itself was started with: the pinned one may be the very thing that npm replaces.
 * @throws {InstallError}
 */
export async function npm(cwd, args) {
  const { code, output } = await runNpm(cwd, [...args, '--prefer-offline'])
  if (code === 0) return
  if (isOffline(output)) throw offline(output)
  // Kept descriptions of packages can be older than the lock; once more with fresh ones.
  const again = await runNpm(cwd, args)
  if (again.code === 0) return
  if (isOffline(again.output)) throw offline(again.output)
  throw new InstallError(`npm ${args[0]} failed (exit ${again.code}):\n${again.output.trim()}`)
}

function runNpm(cwd, args) {
  const { npm_execpath: cli = '', npm_node_execpath: node = '' } = process.env
  const direct = basename(cli) === 'npm-cli.js' && existsSync(node) && !node.includes(`${sep}node_modules${sep}`)
  const command = direct ? node : 'npm'
  const env = {
    // Three tries within seconds instead of npm's minutes; the user's own setting wins.
    npm_config_fetch_retries: '3',
    npm_config_fetch_retry_mintimeout: '500',
    npm_config_fetch_retry_maxtimeout: '4000',
    ...process.env,
    PATH: (process.env.PATH ?? '')
      .split(delimiter)
      .filter((folder) => !folder.endsWith(`node_modules${sep}.bin`))
      .join(delimiter),
  }
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-progress', '--no-update-notifier']
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...(direct ? [cli] : []), ...args, ...quiet], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !direct && process.platform === 'win32',
    })
    const parts = []
    child.stdout.on('data', (part) => parts.push(part))
    child.stderr.on('data', (part) => parts.push(part))
    child.on('error', (error) => reject(new InstallError(`npm cannot be started: ${error.message}`)))
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal, output: Buffer.concat(parts).toString('utf8') }),
    )
  })
}

const NETWORK_CODES =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/

function isOffline(output) {
  return NETWORK_CODES.test(output)
}

function offline(output) {
  const code = NETWORK_CODES.exec(output)?.[1]
  return new InstallError(
    `npm cannot reach its registry (${code}); the first start needs the network, or a filled npm cache`,
  )
}

/** The pinned Node comes by an install script, which a user may have forbidden. */
async function ensurePinnedNode(root, say) {
  const node = commandFile(root, 'node')
  if (!runs(node)) {
    const [major, minor] = process.versions.node.split('.').map(Number)
    if (major > RUNS_ON[0] || (major === RUNS_ON[0] && minor >= RUNS_ON[1])) {
      rmSync(node, { force: true })
      symlinkSync(process.execPath, node)
      say.note(`the pinned Node could not be installed; using this machine's ${process.version}`)
      return
    }
    await npm(root, ['rebuild', 'node', '--ignore-scripts=false'])
  }
  if (!runs(node)) {
    throw new InstallError(
      `the pinned Node does not run on this machine (${process.platform} ${process.arch}); install Node ${RUNS_ON.join('.')} or newer and try again`,
    )
  }
}

function runs(node) {
  return existsSync(node) && spawnSync(node, ['-e', ''], { stdio: 'ignore', timeout: 30_000 }).status === 0
}

function isWhole(root) {
  return missingCommands(root).length === 0 && missingPackages(root).length === 0
}

function missingCommands(root) {
  return COMMANDS.filter((name) => {
    const file = commandFile(root, name)
    return !existsSync(file) || statSync(file).size === 0
  })
}

function commandFile(root, name) {
  return join(root, 'node_modules/.bin', name)
}

/** Everything that decides what gets installed. Other edits of package.json files need no new install. */
function fingerprint(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of workspaceFolders(root)) {
    const {
      name,
      dependencies,
      devDependencies,
      optionalDependencies,
      peerDependencies,
      workspaces,
      overrides,
      bin,
      allowScripts,
    } = readPackage(root, folder)
    hash.update(
      JSON.stringify([
        folder,
        name,
        dependencies,
        devDependencies,
        optionalDependencies,
        peerDependencies,
        workspaces,
        overrides,
        bin,
        allowScripts,
      ]),
    )
  }
  return hash.digest('hex')
}

function stampFile(root) {
  return join(root, 'node_modules/.dragoman-install.json')
}

function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampFile(root), 'utf8'))
  } catch {
    return undefined
  }
}

function writeStamp(root, stamp) {
  writeFileSync(stampFile(root), `${JSON.stringify(stamp)}\n`)
}
