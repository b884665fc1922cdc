import type { z } from 'zod'
import { configSchema } from './schema.js'

/** One setting, for the documentation, `dragoman config list` and the environment layer. */
export interface Setting {
  /** `server.port` */
  path: string
  /** `DRAGOMAN_SERVER_PORT` */
  variable: string
  /** `string`, `number`, `true/false`, `list`, `map`, or the words to choose from. */
  type: string
  /** Of a number. */
  minimum?: number
  maximum?: number
  /** A number without a fraction. */
  whole?: boolean
  /** The words to choose from: one, or of a list any. */
  choices?: readonly string[]
  /** What a list or a map holds: texts, or anything that JSON can say. */
  holds?: 'text' | 'anything'
  default: unknown
  description: string
  /** Read only when the gateway starts: a change needs a restart. */
  atStart: boolean
  /** Decides where secrets go or who reaches the gateway: a page changes it only for somebody who has just proven who it is. */
  guarded: boolean
  /** Parts of its value are secrets. */
  masked: boolean
}

/** Every setting, in the order of the schema. */
export function describeConfig(): Setting[] {
  const out: Setting[] = []
  for (const [section, whole] of Object.entries(configSchema.shape)) {
    const shape = unwrap(whole).shape as Record<string, z.ZodType>
    for (const [key, type] of Object.entries(shape)) {
      out.push({
        path: `${section}.${key}`,
        variable: `DRAGOMAN_${section}_${key}`.toUpperCase(),
        type: typeName(type),
        ...rangeOf(type),
        ...wordsOf(type),
        default: type.parse(undefined),
        description: type.description ?? '',
        atStart: type.meta()?.['atStart'] === true,
        guarded: type.meta()?.['guarded'] === true,
        masked: type.meta()?.['masked'] === true,
      })
    }
  }
  return out
}

interface Definition {
  type: string
  innerType?: z.ZodType
  entries?: Record<string, string>
  element?: z.ZodType
  valueType?: z.ZodType
}

interface Unwrapped {
  shape: unknown
  def: Definition
  minValue?: unknown
  maxValue?: unknown
  isInt?: unknown
}

function unwrap(type: z.ZodType): Unwrapped {
  let inner = type as unknown as Unwrapped
  while (inner.def.innerType !== undefined) inner = inner.def.innerType as unknown as typeof inner
  return inner
}

/** What a number may be; the bounds of all numbers are none. */
function rangeOf(type: z.ZodType): { minimum?: number; maximum?: number } {
  const { minValue, maxValue } = unwrap(type)
  const told = (value: unknown): value is number =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
  return { ...(told(minValue) ? { minimum: minValue } : {}), ...(told(maxValue) ? { maximum: maxValue } : {}) }
}

function wordsOf(type: z.ZodType): Pick<Setting, 'whole' | 'choices' | 'holds'> {
  const { def, isInt } = unwrap(type)
  const inner = def.element ?? def.valueType
  const { type: kind, entries } = inner === undefined ? def : unwrap(inner).def
  const choices = entries === undefined ? undefined : Object.values(entries)
  const isText = kind === 'string' || choices !== undefined
  return {
    ...(isInt === true ? { whole: true } : {}),
    ...(choices === undefined ? {} : { choices }),
    ...(['array', 'record', 'object'].includes(def.type)
      ? { holds: isText ? ('text' as const) : ('anything' as const) }
      : {}),
  }
}

function typeName(type: z.ZodType): string {
  const { def } = unwrap(type)
  switch (def.type) {
    case 'enum':
      return Object.values(def.entries ?? {}).join(' | ')
    case 'boolean':
      return 'true/false'
    case 'array':
      return 'list'
    case 'record':
    case 'object':
      return 'map'
    case 'int':
      return 'number'
    default:
      return def.type
  }
}
