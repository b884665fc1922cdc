import { fileURLToPath } from 'node:url'
import { convertCssVariables, DEFAULT_THEME, mergeMantineTheme } from '@mantine/core'
import { defineConfig, type Plugin } from 'vite'
import { THEME, variablesOf } from './src/theme.js'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * The page's policy allows styles from files alone and no HTML sink at all. Mantine would write its variables into a style
 * element; here they become a file.
 */
function themeAsFile(): Plugin {
  const name = 'virtual:theme.css'
  return {
    name: 'theme-as-file',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined
      const theme = mergeMantineTheme(DEFAULT_THEME, THEME)
      const classes = Object.entries(theme.breakpoints).map(
        ([size, from]) =>
          `@media (width < ${from}) { .mantine-visible-from-${size} { display: none !important; } }\n@media (width >= ${from}) { .mantine-hidden-from-${size} { display: none !important; } }`,
      )
      const variables = convertCssVariables(variablesOf(theme), ':root')
      const schemes =
        ':root[data-mantine-color-scheme="dark"] { --mantine-color-scheme: dark; } :root[data-mantine-color-scheme="light"] { --mantine-color-scheme: light; }'
      return [variables, schemes, ...classes].join('\n')
    },
  }
}

/** What these two write into style elements goes into constructed style sheets, which the policy allows. */
function stylesWithoutElements(): Plugin {
  return {
    name: 'styles-without-elements',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (source === 'react-style-singleton') return here('src/csp/style-singleton.ts')
      if (!source.endsWith('InlineStyles.mjs')) return undefined
      const found = await this.resolve(source, importer, { ...options, skipSelf: true })
      return found?.id.includes('@mantine/core') ? here('src/csp/inline-styles.tsx') : found
    },
  }
}

export default defineConfig({
  root: ROOT,
  plugins: [themeAsFile(), stylesWithoutElements()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      onLog(level, log, next) {
        // Libraries mark what runs in browsers; nothing here runs anywhere else.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log)
      },
    },
  },
})
