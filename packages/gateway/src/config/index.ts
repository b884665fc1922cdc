export {
  configSchema,
  FALLBACK_CASES,
  HOSTED_TOOLS,
  NOTICE_TYPES,
  SELECTION_STRATEGIES,
  SYSTEM_PROMPT_STRATEGIES,
} from './schema.js'
export type { Config, FallbackCase, NoticeType, SelectionStrategy } from './schema.js'
export { mappedIPv4, parseAddressRange } from './address-range.js'
export type { AddressRange } from './address-range.js'
export { ConfigError } from './config-error.js'
export type { ConfigProblem } from './config-error.js'
export { describeConfig } from './describe-config.js'
export type { Setting } from './describe-config.js'
export { configurationPage, PAGE_LANGUAGES } from './configuration-page.js'
export type { PageLanguage } from './configuration-page.js'
export { checkConfig, configPath, loadConfig } from './load-config.js'
export type { Layer, LoadedConfig, LoadOptions } from './load-config.js'
export { findSetting } from './find-setting.js'
export { changeConfig, editConfig } from './edit-config.js'
export { CHINESE_SETTINGS } from './chinese-texts.js'
export { configFile } from './config-file.js'
export type { ConfigFile } from './config-file.js'
export { homeFolder } from './home-folder.js'
export { nearestName } from './nearest-name.js'
export { changedSettings, settingOf } from './changed-settings.js'
