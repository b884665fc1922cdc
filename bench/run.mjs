import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Bundles the benchmark and its actors (each is a process of its own), then runs it. */
const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '../node_modules/.cache/bench')
mkdirSync(out, { recursive: true })
await build({
  absWorkingDir: here,
  entryPoints: [
    'main.ts',
    'actors/load.ts',
    'actors/mock-upstream.ts',
    'actors/raw-pipe.ts',
    'actors/codex-simulator.ts',
  ],
  entryNames: '[name]',
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // Written for `require`, which a bundle of modules has not.
  external: ['ws'],
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: 'inline',
  logLevel: 'warning',
})
const { bench } = await import(pathToFileURL(join(out, 'main.mjs')).href)
process.exitCode = await bench(dirname(here), out, process.argv.slice(2))
