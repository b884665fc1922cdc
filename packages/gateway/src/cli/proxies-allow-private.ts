import { editConfig, loadConfig } from '../config/index.js'
import type { Deps } from './deps.js'

interface Place {
  host: string
  port: number
}

const SETTING = 'upstream.allowed_private_hosts'
const VARIABLE = 'DRAGOMAN_UPSTREAM_ALLOWED_PRIVATE_HOSTS'

/** Why a proxy at such a place is not simply taken, and what to do. */
export function privateRefusal(place: Place): string {
  return `${textOf(place)} lies on this machine or in its network; if it may be used, say --allow-private (adds it to ${SETTING})`
}

/** Adds places to the list in config.yaml; comments stay, and a running gateway takes it over. */
export function allowPrivate(home: string, places: readonly Place[], deps: Deps): void {
  if (places.length === 0) return
  const before = loadConfig({ home, env: {} }).config.upstream.allowed_private_hosts
  const list = [...new Set([...before, ...places.map(textOf)])]
  editConfig(home, SETTING, list.join(','))
  if ((deps.env[VARIABLE] ?? '') === '') return
  deps.err(`remark: $${VARIABLE} is set and wins over the file; add the host there too\n`)
}

function textOf({ host, port }: Place): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
