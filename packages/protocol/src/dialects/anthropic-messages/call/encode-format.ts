import type { TextFormat } from '../../../pivot/index.js'
import { given, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { strictSchema } from './strict-schema.js'

/** How the form of an answer is asked for: so that Anthropic keeps to it, or in words. */
export interface EncodedFormat {
  /** `output_config.format` */
  enforced?: Json
  /** For `system`. */
  told?: string
}

const JSON_ONLY = 'Answer with one valid JSON object and nothing else: no explanation, no code fence.'

/** The form that a client of another dialect wants the answer in. */
export function encodeFormat(format: TextFormat | undefined, model: string, note: Noting): EncodedFormat {
  switch (format?.type) {
    case 'json_object':
      note('/text/format', 'emulated', 'the model is told to answer with JSON')
      return { told: JSON_ONLY }
    case 'json_schema': {
      const schema: Json = {
        ...format.schema,
        ...given({ description: format.schema['description'] ?? format.description }),
      }
      if (keepsToSchemas(model)) {
        return { enforced: { type: 'json_schema', schema: strictSchema(schema, '/text/format/schema', note) } }
      }
      note('/text/format', 'approximated', 'this model is told the schema in words, and nobody enforces it')
      return { told: `${JSON_ONLY} The object must be valid by this JSON schema:\n${JSON.stringify(schema)}` }
    }
    default:
      return {}
  }
}

/**
 * Claude models from Opus 4.1 and Sonnet 4.5 on. Others that are called through this API leave the option out of account, and so would
 * answer in any form. Source: Anthropic documentation, structured outputs.
 */
function keepsToSchemas(model: string): boolean {
  const older = /claude-(?:instant|v?[12](?!\d)|3(?!\d)|(?:opus|sonnet)-4(?:[-@](?:0|20\d{6}))?(?![-.\d]))/
  return model.includes('claude') && !older.test(model)
}
