import type { Schemas } from '../../api/client.js'
import type { Key, Preset } from './data.js'
import type { Picked } from './model-picker.js'

/** What stands in the form. */
export interface Draft {
  provider: string
  name: string
  apiKey: string
  baseUrl: string
  wire: Key['wire']
  capabilities: Key['capabilities']
  label: string
  weight: number
  headers: string
  picked: Picked
}

export function draftOfPreset(id: string, preset: Preset | undefined): Draft {
  return {
    provider: id,
    name: '',
    apiKey: '',
    baseUrl: preset?.baseUrl ?? '',
    wire: preset?.wire ?? 'chat',
    capabilities: preset?.capabilities ?? ['chat'],
    label: '',
    weight: 1,
    headers: '',
    picked: { every: (preset?.models.length ?? 0) === 0, models: preset?.models ?? [] },
  }
}

export function draftOfKey(entry: Key): Draft {
  return {
    provider: entry.provider,
    name: entry.provider,
    apiKey: '',
    baseUrl: entry.baseUrl,
    wire: entry.wire,
    capabilities: entry.capabilities,
    label: entry.label ?? '',
    weight: entry.weight,
    headers: '',
    picked: entry.models === 'all' ? { every: true, models: [] } : { every: false, models: entry.models },
  }
}

/** `Name: value`, one a line. */
function headersOf(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return undefined
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    }),
  )
}

/** What the gateway is told of it. */
export function saidOf(draft: Draft): Schemas['ApiKeyEdit'] {
  const { name, apiKey, baseUrl, wire, capabilities, label, weight, headers, picked } = draft
  const told = headersOf(headers)
  return {
    ...(name.trim() === '' ? {} : { name }),
    ...(apiKey.trim() === '' ? {} : { apiKey }),
    ...(baseUrl.trim() === '' ? {} : { baseUrl }),
    ...(told === undefined ? {} : { headers: told }),
    wire,
    capabilities,
    label: label.trim() === '' ? null : label,
    weight,
    models: picked.every ? 'all' : picked.models,
  }
}

/** `127.0.0.1:11434`, as `upstream.allowed_private_hosts` names it; undefined for what is no address. */
export function authorityOf(baseUrl: string): string | undefined {
  try {
    const { hostname, port, protocol } = new URL(baseUrl)
    return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
  } catch {
    return undefined
  }
}
