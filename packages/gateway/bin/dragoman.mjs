#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const bundle = new URL('../dist/dragoman.js', import.meta.url)
/** The Node that a clone brings with it. */
const pinned = new URL('../../../node_modules/node/bin/node', import.meta.url)

if (!existsSync(bundle)) {
  stop('dragoman is not built yet; run: npm run build')
} else if (major > 22 || (major === 22 && minor >= 19)) {
  // Compiled code is kept beside the bundle; where that cannot be written, nothing is lost but some milliseconds.
  module.enableCompileCache?.(fileURLToPath(new URL('../dist/.compile-cache', import.meta.url)))
  await import(bundle.href)
} else if (existsSync(pinned)) {
  const child = spawn(fileURLToPath(pinned), process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 130)
  })
} else {
  stop(`dragoman needs Node 22.19 or newer and runs on ${process.versions.node}`)
}

function stop(message) {
  console.error(message)
  process.exitCode = 2
}
