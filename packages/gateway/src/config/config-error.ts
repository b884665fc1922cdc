/** One thing that is wrong with the configuration, and where. */
export interface ConfigProblem {
  /** File with line and column, `$DRAGOMAN_…`, or a flag. */
  where: string
  /** Path of the key, e.g. `server.port`; empty when the whole is meant. */
  key: string
  /** Its steps, where names within may hold dots. */
  steps?: readonly string[]
  /** What was expected, and what was found. */
  message: string
}

/** The configuration cannot be used. The message is fit to be shown as it is, a problem a line. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ where, key, message }) => `${where}: ${key === '' ? '' : `${key}: `}${message}`).join('\n'))
    this.name = 'ConfigError'
  }
}
