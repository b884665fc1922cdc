import { useEffect } from 'react'

/** Stands in the place of the package of this name: the same functions over constructed style sheets, which the page's policy allows. */
export function stylesheetSingleton() {
  let uses = 0
  let sheet: CSSStyleSheet | undefined
  return {
    add(css: string) {
      if (uses === 0) {
        sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
      }
      uses += 1
    },
    remove() {
      uses -= 1
      if (uses > 0 || sheet === undefined) return
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
      sheet = undefined
    },
  }
}

export function styleHookSingleton() {
  const sheet = stylesheetSingleton()
  return (styles: string, isDynamic: boolean) => {
    useEffect(() => {
      sheet.add(styles)
      return () => sheet.remove()
      // As the original: styles that are not dynamic are added once.
    }, [styles && isDynamic])
  }
}

export function styleSingleton() {
  const useStyle = styleHookSingleton()
  return function Sheet({ styles, dynamic }: { styles: string; dynamic: boolean }) {
    useStyle(styles, dynamic)
    return null
  }
}
