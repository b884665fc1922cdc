import { configDefaults, defineConfig } from 'vitest/config'
import { findChromium } from './scripts/chromium.mjs'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      ...(findChromium() === undefined ? ['tests/browser/**'] : []),
      // What single pages do is tried in the long form, and by whoever names the file: it is minutes of a browser's work.
      ...(process.env['DRAGOMAN_SHORT'] === '1'
        ? [
            'tests/browser/{accounts,client-keys,connect,events,models,overview,playground,providers,proxies,requests,settings,usage}.test.ts',
          ]
        : []),
    ],
    // Every test makes and closes what it needs, so files can share the modules that they load: a third of the time.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
