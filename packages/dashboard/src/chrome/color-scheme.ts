import { localStorageColorSchemeManager } from '@mantine/core'

/** Read by `first-paint.js`, too. */
export const keptColorScheme = localStorageColorSchemeManager({ key: 'dragoman-theme' })
