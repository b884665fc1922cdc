import type { Note } from '../dialect.js'
import { FailureError, invalidRequest } from '../failure.js'
import { isJson, type Json } from './json.js'

/** Writes down what a translation costs. */
export type Noting = (pointer: string, what: Note['what'], why: string) => void

/** Says that the body cannot be understood at this place. */
export function refuse(pointer: string, expected: string): never {
  throw new FailureError(invalidRequest(pointer, expected))
}

export function object(value: unknown, pointer: string): Json {
  return isJson(value) ? value : refuse(pointer, 'expected an object')
}

export function string(value: unknown, pointer: string): string {
  return typeof value === 'string' ? value : refuse(pointer, 'expected a string')
}

/** A name that is not empty. */
export function name(value: unknown, pointer: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(pointer, 'expected a string that is not empty')
}

export function array(value: unknown, pointer: string): unknown[] {
  return Array.isArray(value) ? value : refuse(pointer, 'expected an array')
}

/** An optional field: absent and null are the same, everything else is read. */
export function optional<T>(
  body: Json,
  field: string,
  read: (value: unknown, pointer: string) => T,
  base = '',
): T | undefined {
  const value = body[field]
  return value === undefined || value === null ? undefined : read(value, `${base}/${field}`)
}

export function boolean(value: unknown, pointer: string): boolean {
  return typeof value === 'boolean' ? value : refuse(pointer, 'expected true or false')
}

export function number(value: unknown, pointer: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(pointer, 'expected a number')
}

/** One step of a JSON pointer (RFC 6901). */
export function step(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1')
}
