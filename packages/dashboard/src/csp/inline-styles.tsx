import { useInsertionEffect } from 'react'
import { stylesToString } from '@mantine/core'

interface Shared {
  sheet: CSSStyleSheet
  uses: number
}

const sheets = new Map<string, Shared>()

/**
 * Stands in the place of Mantine's component of this name, which writes a style element: the page's policy forbids that and
 * allows constructed style sheets. The same rules share one.
 */
export function InlineStyles(props: Parameters<typeof stylesToString>[0] & { deduplicate?: boolean }) {
  const { deduplicate: _, ...styles } = props
  const css = stylesToString(styles)
  useInsertionEffect(() => {
    const known = sheets.get(css)
    if (known !== undefined) known.uses += 1
    else {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(css)
      sheets.set(css, { sheet, uses: 1 })
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    }
    return () => {
      const used = sheets.get(css)
      if (used === undefined) return
      used.uses -= 1
      if (used.uses > 0) return
      sheets.delete(css)
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== used.sheet)
    }
  }, [css])
  return null
}
