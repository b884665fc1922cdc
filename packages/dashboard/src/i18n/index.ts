import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { COMMON } from './common.js'

export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const
export type Language = keyof typeof LANGUAGES

/** The same shape with other words in it. */
type Words<Shape> = { readonly [Key in keyof Shape]: Shape[Key] extends string ? string : Words<Shape[Key]> }

const KEPT_AS = 'dragoman-language'

export interface Texts<En> {
  namespace: string
  en: En
}

/**
 * The texts of one part of the application in both languages; a text that one of them lacks is an error of the types.
 * Words in braces are filled in: `{{count}}`. English plurals are `_one` and `_other`, Chinese has `_other` alone and takes both keys.
 * @example const TEXTS = defineTexts('proxies', { title: 'Proxies' }, { title: '代理' })
 */
export function defineTexts<const En extends object>(namespace: string, en: En, zh: Words<En>): Texts<En> {
  const add = (): void => {
    i18next.addResourceBundle('en', namespace, en, true, true)
    i18next.addResourceBundle('zh-CN', namespace, zh, true, true)
  }
  if (i18next.isInitialized) add()
  else i18next.on('initialized', add)
  return { namespace, en }
}

/** Every key of some texts, nested ones with dots; of plurals without their ending. */
type Keys<Shape> = {
  [Key in keyof Shape & string]: Shape[Key] extends string
    ? Key extends `${infer Stem}_one` | `${infer Stem}_other`
      ? Stem | Key
      : Key
    : `${Key}.${Keys<Shape[Key]>}`
}[keyof Shape & string]

export type Translate<En> = (key: Keys<En>, values?: Record<string, unknown>) => string

/** @example const { t } = useTexts(TEXTS); t('title') */
export function useTexts<En>(texts: Texts<En>): { t: Translate<En>; language: Language } {
  const { t, i18n } = useTranslation(texts.namespace)
  return { t: t as unknown as Translate<En>, language: i18n.language as Language }
}

export function startLanguages(): void {
  const kept = localStorage.getItem(KEPT_AS)
  const wished = kept ?? navigator.language
  const language: Language = wished.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: ['common'],
    defaultNS: 'common',
    resources: { en: { common: COMMON.en }, 'zh-CN': { common: COMMON.zh } },
    // React escapes; text is never HTML here.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  document.documentElement.lang = language
}

export function setLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}

/** What is said on every page. */
export function useCommon(): { t: Translate<typeof COMMON.en>; language: Language } {
  const { t, i18n } = useTranslation('common')
  return { t: t as unknown as Translate<typeof COMMON.en>, language: i18n.language as Language }
}
