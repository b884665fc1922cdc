import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InstallError, noteProof, npm, wasProvenByInstall } from './install.mjs'
import { downloadAddresses, missingPlatforms, outOfStep, readLock, workspaceFolders } from './lock.mjs'

/**
 * Would `npm ci` work in a fresh clone, here and on other platforms? What the lock says is read; that npm can fetch and
 * unpack every version with the recorded checksum is shown by an `npm ci` with this very lock: the one that made this
 * node_modules, or else one in a temporary folder. (`npm ci --dry-run` fetches nothing and passes with a wrong checksum.)
 * @returns {Promise<{ ok: boolean, output: string, note?: string }>}
 */
export async function checkLock(root) {
  const lock = readLock(join(root, 'package-lock.json'))
  const problems = [...outOfStep(root, lock), ...downloadAddresses(lock), ...missingPlatforms(lock)]
  if (problems.length > 0) return { ok: false, output: problems.join('\n') }
  if (wasProvenByInstall(root)) return { ok: true, output: '' }

  const folder = mkdtempSync(join(tmpdir(), 'dragoman-lock-'))
  try {
    for (const place of workspaceFolders(root)) {
      mkdirSync(join(folder, place), { recursive: true })
      cpSync(join(root, place, 'package.json'), join(folder, place, 'package.json'))
    }
    cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'))
    await npm(folder, ['ci', '--ignore-scripts'])
  } catch (error) {
    if (error instanceof InstallError) return { ok: false, output: error.message }
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  noteProof(root)
  return { ok: true, output: '', note: 'npm ci tried in a temporary folder' }
}
