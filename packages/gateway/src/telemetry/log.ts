import { pino } from 'pino'
import { plainText, scrub } from './scrub.js'

/** What other rooms write their log with: fields first, then one sentence. */
export interface Log {
  debug(fields: object, sentence: string): void
  info(fields: object, sentence: string): void
  warn(fields: object, sentence: string): void
  error(fields: object, sentence: string): void
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface LogOptions {
  /** Read at every line, so that a changed level is in force at once. */
  level(): LogLevel
  /** Takes whole lines, already scrubbed. */
  write(line: string): void
  /** One short line for a person instead of JSON. */
  pretty: boolean
  /** Takes every line as JSON as well, e.g. for a file. */
  alsoJson?(line: string): void
}

const ORDER: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

/** A pino log whose sink takes secrets out of every line, whatever the caller put in. */
export function createLog(options: LogOptions): Log {
  const logger = pino(
    { level: 'trace', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write(line: string) {
        const json = `${scrub(line.trimEnd())}\n`
        options.alsoJson?.(json)
        // Once more: what was escaped in JSON is plain now.
        options.write(options.pretty ? `${plainText(scrub(forPeople(json)))}\n` : json)
      },
    },
  )
  const enabled = (level: LogLevel): boolean => ORDER.indexOf(level) >= ORDER.indexOf(options.level())
  return {
    debug: (fields, sentence) => enabled('debug') && logger.debug(fields, sentence),
    info: (fields, sentence) => enabled('info') && logger.info(fields, sentence),
    warn: (fields, sentence) => enabled('warn') && logger.warn(fields, sentence),
    error: (fields, sentence) => enabled('error') && logger.error(fields, sentence),
  }
}

const NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

function forPeople(line: string): string {
  const { time, level, msg, ...rest } = fieldsOf(line)
  const fields = Object.entries(rest)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  return `${String(time).slice(11, 19)} ${NAMES[Number(level)] ?? 'log'} ${String(msg)}${fields === '' ? '' : ` (${fields})`}`
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    // A secret took a quote with it. The line is safe, only not pretty.
    return { msg: line.trimEnd() }
  }
}
