import { createRequire } from 'node:module'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'

const nativeOutside: Plugin = {
  name: 'native-outside',
  setup(bundle) {
    const { resolve } = createRequire(import.meta.url)
    bundle.onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: resolve('better-sqlite3'), external: true }))
    // A program that logs nothing does not need it, and loads in half the time.
    bundle.onResolve({ filter: /^pino$/ }, () => ({ path: resolve('pino'), external: true, sideEffects: false }))
  },
}

/** Makes one file that Node runs of a program whose imports are read from a folder. */
export async function buildProgram(program: { contents: string; resolveDir: string; outfile: string }): Promise<void> {
  const { contents, resolveDir, outfile } = program
  await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    plugins: [nativeOutside],
    logLevel: 'error',
  })
}
