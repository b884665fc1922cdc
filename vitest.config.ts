import { configDefaults, defineConfig } from 'vitest/config'
import { findChromium } from './scripts/chromium.mjs'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(findChromium() === undefined ? ['tests/browser/**'] : [])],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
