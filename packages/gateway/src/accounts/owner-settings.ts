import type { AccountChange } from '../store/index.js'

const LONGEST_LABEL = 64
const LONGEST_NOTE = 2000
const MOST_GROUPS = 32
const HEAVIEST = 1000
const MOST_OPEN = 10_000

/** Neither line ends nor what drives a terminal. */
const CONTROL = /\p{Cc}/u
/** Names that cannot be taken for an id, and fit a comma separated list. */
const GROUP = /^(?!acc_)[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u

/** What an owner may say of an account, as written by a person or a program. Null takes away. */
export interface WrittenSettings {
  label?: unknown
  note?: unknown
  groups?: unknown
  weight?: unknown
  maxConcurrent?: unknown
  converge?: unknown
}

/** A setting that cannot be as it was written. The message says what can be. */
export class SettingError extends Error {
  constructor(
    readonly setting: keyof WrittenSettings,
    message: string,
  ) {
    super(message)
    this.name = 'SettingError'
  }
}

/**
 * What is to change. Settings that are not named stay as they are.
 * @throws SettingError
 */
export function readOwnerSettings(written: WrittenSettings): AccountChange {
  const { label, note, groups, weight, maxConcurrent, converge } = written
  return {
    ...(label === undefined ? {} : { label: text(label, 'label', LONGEST_LABEL) }),
    ...(note === undefined ? {} : { note: text(note, 'note', LONGEST_NOTE) }),
    ...(groups === undefined ? {} : { groups: groupsFrom(groups) }),
    ...(weight === undefined ? {} : { weight: weightFrom(weight) }),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent: maxConcurrentFrom(maxConcurrent) }),
    ...(converge === undefined ? {} : { converge: convergeFrom(converge) }),
  }
}

function text(written: unknown, setting: 'label' | 'note', longest: number): string | null {
  if (written === null) return null
  const trimmed = typeof written === 'string' ? written.trim() : ''
  if (typeof written !== 'string' || trimmed.length > longest || CONTROL.test(trimmed)) {
    throw new SettingError(setting, `a ${setting} is one line of at most ${longest} characters`)
  }
  return trimmed === '' ? null : trimmed
}

function groupsFrom(written: unknown): string[] {
  if (!Array.isArray(written)) throw new SettingError('groups', 'groups are a list of names, e.g. ["work", "night"]')
  const names = new Set<string>()
  for (const name of written as readonly unknown[]) {
    if (typeof name !== 'string' || !GROUP.test(name)) {
      const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : 'what is no text'
      throw new SettingError(
        'groups',
        `${shown} cannot be the name of a group: up to 64 letters, digits, and . _ - between them, not beginning with acc_`,
      )
    }
    names.add(name)
  }
  if (names.size > MOST_GROUPS) throw new SettingError('groups', `an account is in at most ${MOST_GROUPS} groups`)
  return [...names]
}

function weightFrom(written: unknown): number {
  if (typeof written === 'number' && written >= 0 && written <= HEAVIEST) return written
  throw new SettingError(
    'weight',
    `a weight is a number from 0 to ${HEAVIEST}: 1 is usual, 2 takes twice the work, 0 serves only when no other can`,
  )
}

function maxConcurrentFrom(written: unknown): number | null {
  if (written === null) return null
  if (typeof written === 'number' && Number.isInteger(written) && written >= 0 && written <= MOST_OPEN) return written
  throw new SettingError(
    'maxConcurrent',
    `a limit of open requests is a whole number up to ${MOST_OPEN}, 0 for any number, or none for accounts.max_concurrent_per_account`,
  )
}

function convergeFrom(written: unknown): boolean {
  if (typeof written === 'boolean') return written
  throw new SettingError('converge', 'converge is on or off')
}
