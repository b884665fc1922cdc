import { readFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Secret } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'

/** Ways to hand over a key. */
export interface KeyOptions {
  key?: string
  keyEnv?: string
  keyStdin?: boolean
}

/** Ways to hand over a passphrase. */
export interface PassphraseOptions {
  passphraseEnv?: string
  passphraseStdin?: boolean
}

/** Far more than a file of keys needs; a wrong file should not be read whole. */
const MOST_BYTES = 16 * 1024 * 1024

/** @returns undefined when no way was named */
export async function keyFrom({ key, keyEnv, keyStdin }: KeyOptions, deps: Deps): Promise<Secret | undefined> {
  if ([key, keyEnv, keyStdin].filter((way) => way !== undefined).length > 1) {
    throw new CommandError('name one of --key-stdin, --key-env and --key', 2)
  }
  const { secretKey } = await import('../providers/keys/index.js')
  if (keyStdin === true) return asUsage(secretKey, await text(deps.stdin))
  if (keyEnv !== undefined) return asUsage(secretKey, variable(keyEnv, deps))
  if (key === undefined) return undefined
  deps.err('remark: a key given with --key stays in the history of your shell; --key-stdin and --key-env leave none\n')
  return asUsage(secretKey, key)
}

/** @returns undefined when no way was named */
export async function passphraseFrom(
  { passphraseEnv, passphraseStdin }: PassphraseOptions,
  deps: Deps,
): Promise<string | undefined> {
  if (passphraseEnv !== undefined && passphraseStdin === true) {
    throw new CommandError('name one of --passphrase-env and --passphrase-stdin', 2)
  }
  if (passphraseEnv !== undefined) return variable(passphraseEnv, deps)
  if (passphraseStdin !== true) return undefined
  const [line = ''] = (await text(deps.stdin)).split(/\r?\n/)
  if (line === '') throw new CommandError('there is no passphrase on standard input')
  return line
}

/** The content of a file, `-` for standard input. */
export async function contentOf(file: string, deps: Deps): Promise<string> {
  if (file === '-') return text(deps.stdin)
  try {
    if (statSync(file).size > MOST_BYTES) throw new CommandError(`${file} is too large to be a file of API keys`)
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new CommandError(code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code})`, 1, {
      cause,
    })
  }
}

/** What an environment variable holds. @throws CommandError when it is not set */
export function variable(name: string, { env }: Deps): string {
  const value = env[name]
  if (value !== undefined && value !== '') return value
  throw new CommandError(`the environment variable ${name} is not set; name a variable, not the secret itself`)
}

/** Runs what refuses bad words with an Error, and tells that as wrong usage. */
export function asUsage<In, Out>(read: (written: In) => Out, written: In): Out {
  try {
    return read(written)
  } catch (cause) {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), 2, { cause })
  }
}
