import type { Config } from '../config/index.js'
import type { RunningGateway } from '../main.js'
import { plainText } from '../telemetry/index.js'
import { foundCodexLogin } from './auth-file.js'
import type { Deps } from './deps.js'

type Greeted = Pick<
  RunningGateway,
  'url' | 'firstClientKey' | 'sessions' | 'passwordSet' | 'demoKey' | 'accounts' | 'store'
>

/** For programs that start the gateway: one line when it is ready. */
export function readyLine(gateway: Greeted, config: Config, outsideUrl = gateway.url): string {
  return `${JSON.stringify({
    event: 'ready',
    url: gateway.url,
    dashboard: outsideUrl,
    ...(gateway.firstClientKey === undefined ? {} : { clientKey: gateway.firstClientKey }),
    ...(config.demo.enabled ? { demoKey: gateway.demoKey } : {}),
  })}\n`
}

/**
 * For people: where it is, what works now, and what to do next.
 * @param outsideUrl where others find it
 */
export function welcome(
  deps: Pick<Deps, 'env' | 'version' | 'dashboard'>,
  gateway: Greeted,
  config: Config,
  outsideUrl = gateway.url,
): string {
  const key = gateway.firstClientKey ?? gateway.demoKey
  const seen = outsideUrl === gateway.url ? '' : `, for others ${outsideUrl}`
  const lines = [`Dragoman ${deps.version} listens on ${gateway.url}${seen}`, '']
  if (deps.dashboard !== undefined) lines.push(...wayToDashboard(gateway, outsideUrl))
  if (gateway.firstClientKey !== undefined) {
    lines.push('Your client key, shown this once:', '', `  ${gateway.firstClientKey}`, '')
  }
  if (config.demo.enabled) {
    lines.push(
      'Try it now, without any account:',
      '',
      `  curl -N ${gateway.url}/v1/chat/completions -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '{"model":"demo","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
      '',
    )
  }
  const alone = gateway.accounts.list().length === 0 && gateway.store.apiKeys.list().length === 0
  if (config.codex.enabled && alone) {
    const login = foundCodexLogin(deps.env)
    lines.push(
      'Next: sign in to ChatGPT with  dragoman login  (in a clone: npx dragoman login),',
      'or add an API key of another provider with  dragoman providers add',
    )
    if (login !== undefined) {
      lines.push(`A Codex CLI login was found (${plainText(login)}); follow it with  dragoman accounts import --link`)
    }
    lines.push('')
  }
  lines.push(`Clients: base URL ${outsideUrl}/v1 and a client key. More keys: dragoman keys create. Stop: Ctrl-C.`, '')
  return lines.join('\n')
}

/** While there is no password, every start prints a way in. */
function wayToDashboard({ sessions, passwordSet }: Greeted, url: string): string[] {
  if (passwordSet) return [`Dashboard: ${url}/ (sign in with the password, or by a link: dragoman open)`, '']
  const { token } = sessions.makeLink()
  return [
    'Your dashboard; this link works once, within ten minutes. A new one: dragoman open',
    '',
    `  ${url}/#token=${token}`,
    '',
  ]
}
