import { isDeepStrictEqual } from 'node:util'
import { describeConfig, type Setting } from './describe-config.js'
import type { Config } from './schema.js'

/** The settings in which two configurations differ. */
export function changedSettings(before: Config, after: Config): Setting[] {
  return describeConfig().filter(({ path }) => !isDeepStrictEqual(settingOf(before, path), settingOf(after, path)))
}

/** The value of `server.port`. */
export function settingOf(config: Config, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined), config)
}
