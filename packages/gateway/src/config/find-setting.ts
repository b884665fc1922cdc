import { ConfigError } from './config-error.js'
import { describeConfig, type Setting } from './describe-config.js'
import { nearestName } from './nearest-name.js'

/**
 * The setting of this name, as somebody typed it.
 * @throws ConfigError that names what was perhaps meant
 */
export function findSetting(name: string): Setting {
  const settings = describeConfig()
  const setting = settings.find(({ path }) => path === name)
  if (setting !== undefined) return setting
  const near = nearestName(
    name,
    settings.map(({ path }) => path),
  )
  const message = `there is no such setting; ${near === undefined ? '`dragoman config list` shows all' : `did you mean ${near}?`}`
  throw new ConfigError([{ where: 'command line', key: name, message }])
}
