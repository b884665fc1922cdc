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
  default: unknown
  description: string
  /** Read only when the gateway starts: a change needs a restart. */
  atStart: boolean
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
        default: type.parse(undefined),
        description: type.description ?? '',
        atStart: type.meta()?.['atStart'] === true,
      })
    }
  }
  return out
}

interface Definition {
  type: string
  innerType?: z.ZodType
  entries?: Record<string, string>
}

function unwrap(type: z.ZodType): { shape: unknown; def: Definition } {
  let inner = type as unknown as { shape: unknown; def: Definition }
  while (inner.def.innerType !== undefined) inner = inner.def.innerType as unknown as typeof inner
  return inner
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
      return 'map'
    case 'int':
      return 'number'
    default:
      return def.type
  }
}
