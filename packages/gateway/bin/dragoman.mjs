#!/usr/bin/env node
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const bundle = new URL('../dist/dragoman.js', import.meta.url)

if (major < 22 || (major === 22 && minor < 19)) {
  stop(
    `dragoman needs Node 22.19 or newer and runs on ${process.versions.node}; in a clone, "npm start" and "npx dragoman" bring the right one`,
  )
} else if (!existsSync(bundle)) {
  stop('dragoman is not built yet; run: npm run build')
} else {
  // Compiled code is kept beside the bundle; where that cannot be written, nothing is lost but some milliseconds.
  module.enableCompileCache?.(fileURLToPath(new URL('../dist/.compile-cache', import.meta.url)))
  await import(bundle.href)
}

function stop(message) {
  console.error(message)
  process.exitCode = 2
}
