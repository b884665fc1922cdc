import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Where a Chromium lies, or undefined. */
export function findChromium() {
  return [process.env.CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path))
}

/** In CI a missing Chromium is installed, with letters for Chinese. @returns what was done or is missing, in one line */
export function ensureChromium() {
  if (findChromium() !== undefined) return undefined
  const mayInstall = process.env.CI !== undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const run = (...args) => spawnSync('apt-get', args, { env, stdio: 'ignore', timeout: 240_000 }).status === 0
    const install = () => run('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
    if (install() || (run('update') && install())) return 'Chromium was installed for the browser tests'
  }
  return 'the browser tests were left out: no Chromium is installed (name one with CHROMIUM=/path)'
}
