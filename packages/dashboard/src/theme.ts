import { defaultCssVariablesResolver, type CSSVariablesResolver, type MantineThemeOverride } from '@mantine/core'

/** The colours, letters and corners of everything. Read by the build, too, which writes its variables into a style sheet. */
export const THEME: MantineThemeOverride = {
  primaryColor: 'cyan',
  primaryShade: 9,
  autoContrast: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // They are <header> elements, which outside of an article are banners of the whole page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
  },
}

/** Mantine's variables, with every text dark enough on its ground for anybody (4.5:1). */
export const variablesOf: CSSVariablesResolver = (theme) => {
  const { variables, light, dark } = defaultCssVariablesResolver(theme)
  const darker = Object.keys(theme.colors).flatMap((color) => {
    const ink = `color-mix(in srgb, var(--mantine-color-${color}-9) 72%, black)`
    return [
      [`--mantine-color-${color}-light-color`, ink],
      [`--mantine-color-${color}-text`, ink],
      [`--mantine-color-${color}-outline`, ink],
    ]
  })
  return {
    variables,
    light: {
      ...light,
      ...Object.fromEntries(darker),
      '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
      '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
      '--mantine-color-error': 'color-mix(in srgb, var(--mantine-color-red-9) 85%, black)',
    },
    dark: {
      ...dark,
      '--mantine-color-anchor': 'var(--mantine-color-cyan-3)',
      '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
      '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    },
  }
}
