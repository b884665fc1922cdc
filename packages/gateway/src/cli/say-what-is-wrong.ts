import { ConfigError } from '../config/index.js'
import { plainText, scrub } from '../telemetry/index.js'

/**
 * A mistake as the command line tells it: one line that names the thing (for a configuration, one line for each), the stack only
 * when it is asked for. Holds no secret.
 */
export function sayWhatIsWrong(error: unknown, withStack: boolean): string {
  if (withStack && error instanceof Error) {
    return scrub(`dragoman: ${error.stack ?? error.message}${causeOf(error)}\n`)
  }
  const message = error instanceof Error ? error.message : String(error)
  const lines = error instanceof ConfigError ? message.split('\n') : [message.replace(/\s*\n\s*/g, ' ')]
  return lines.map((line) => `dragoman: ${plainText(scrub(line))}\n`).join('')
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : ''
}
