import { useComputedColorScheme, useMantineTheme } from '@mantine/core'

/** In the order in which lines take them; neighbours differ for eyes that see fewer colours, too. */
const HUES = ['cyan', 'orange', 'grape', 'lime', 'indigo', 'pink', 'teal', 'yellow', 'violet', 'red'] as const

export interface ChartColors {
  /** Of the nth line; every one stands out from its ground by 3:1. */
  line(index: number): string
  text: string
  grid: string
  /** What is under the pointer. */
  ground: string
  dark: boolean
}

/** The colours of pictures that are drawn, in the theme of now. */
export function useChartColors(): ChartColors {
  const theme = useMantineTheme()
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark'
  const shade = (hue: string, at: number): string => theme.colors[hue]?.[at] ?? 'gray'
  return {
    line: (index) => shade(HUES[index % HUES.length] ?? 'gray', dark ? 4 : 8),
    text: dark ? shade('dark', 1) : shade('gray', 7),
    grid: dark ? shade('dark', 5) : shade('gray', 2),
    ground: dark ? shade('dark', 7) : theme.white,
    dark,
  }
}
