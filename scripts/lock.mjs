import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What package-lock.json says, and whether it can be trusted: by another platform, by `npm ci`, and by what lies in
 * node_modules. Only Node's own modules; runs on Node 20.
 */

const DECLARED = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** @returns {Record<string, any>} the entries of a lock file by their place, `''` is the project */
export function readLock(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

/** Folders with a package.json that takes part in the install: the root (`''`) and the workspaces. */
export function workspaceFolders(root) {
  const packages = join(root, 'packages')
  const found = existsSync(packages) ? readdirSync(packages).sort() : []
  return [
    '',
    ...found.map((name) => `packages/${name}`).filter((folder) => existsSync(join(root, folder, 'package.json'))),
  ]
}

/** @returns {Record<string, any>} */
export function readPackage(root, folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

/** Where the lock and the package.json files disagree: `npm ci` would refuse. */
export function outOfStep(root, lock) {
  const problems = []
  for (const folder of workspaceFolders(root)) {
    const wanted = readPackage(root, folder)
    const locked = lock[folder]
    if (locked === undefined) {
      problems.push(`package-lock.json does not know ${folder}`)
      continue
    }
    for (const kind of DECLARED) {
      const names = new Set([...Object.keys(wanted[kind] ?? {}), ...Object.keys(locked[kind] ?? {})])
      for (const name of names) {
        if (wanted[kind]?.[name] === locked[kind]?.[name]) continue
        problems.push(`${join(folder, 'package.json')} and package-lock.json disagree about ${name}`)
      }
    }
  }
  return problems
}

/** Optional dependencies that no entry stands for. Such a lock was written for one platform and breaks `npm ci` on another. */
export function missingPlatforms(lock) {
  const problems = []
  for (const [place, entry] of Object.entries(lock)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (findFrom(lock, place, name) === undefined)
        problems.push(`${place || 'the project'} has no entry for its optional ${name}`)
    }
  }
  return problems
}

/** Download addresses: they tie the lock to one registry. Links into the workspace are fine. */
export function downloadAddresses(lock) {
  return Object.entries(lock)
    .filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)
    .map(([place]) => `${place} has a download address`)
}

/** Is what npm put into node_modules exactly what the lock asks for (on this platform)? */
export function isInstalled(root, lock) {
  const hidden = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const there = readLock(hidden)
  return Object.entries(lock).every(([place, entry]) => {
    if (place === '') return true
    const found = there[place]
    if (found === undefined) return entry.optional === true || entry.devOptional === true
    return found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link
  })
}

/** Direct dependencies whose folder is not there. */
export function missingPackages(root) {
  const missing = []
  for (const folder of workspaceFolders(root)) {
    const { dependencies, devDependencies } = readPackage(root, folder)
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const places = [join(root, folder, 'node_modules', name), join(root, 'node_modules', name)]
      if (!places.some((place) => existsSync(join(place, 'package.json')))) missing.push(name)
    }
  }
  return missing
}

/** Node's own search: the nearest `node_modules/<name>` at or above a place. */
function findFrom(lock, place, name) {
  for (let at = place; ;) {
    const found = lock[`${at === '' ? '' : `${at}/`}node_modules/${name}`]
    if (found !== undefined || at === '') return found
    const cut = at.lastIndexOf('/node_modules/')
    at = cut === -1 ? '' : at.slice(0, cut)
  }
}
