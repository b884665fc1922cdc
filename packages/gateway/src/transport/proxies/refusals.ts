import { FailureError, safeText } from '@dragoman/protocol'

interface Named {
  id: string
  name: string
}

/** Why there is no way out. Every message says that nothing goes another way instead, and what to do. */
function noWay(
  why: string,
  instead: string,
  code: 'proxy_unreachable' | 'proxy_disabled',
  retryAt?: number,
): FailureError {
  return new FailureError({
    kind: 'unreachable',
    scope: 'proxy',
    phase: 'unsent',
    retry: 'other',
    code,
    ...(retryAt === undefined ? {} : { retryAt }),
    message: safeText(`${why}; nothing goes another way instead. ${instead}`),
  })
}

export function unknownProxy(named: string, by: 'pin' | 'default'): FailureError {
  return by === 'pin'
    ? noWay(
        `pinned to the proxy ${named}, which was removed`,
        'Pin it to another: dragoman proxies pins',
        'proxy_unreachable',
      )
    : noWay(
        `proxy.default names the proxy ${named}, and there is none`,
        'See dragoman proxies list',
        'proxy_unreachable',
      )
}

export function disabledProxy(proxy: Named): FailureError {
  const enable = `Enable it: dragoman proxies enable ${typed(proxy)}`
  return noWay(`the proxy ${proxy.name} is disabled`, enable, 'proxy_disabled')
}

/** @param why such as `its password cannot be read` */
export function unusableProxy(proxy: Named, why: string): FailureError {
  return noWay(`the proxy ${proxy.name} cannot be used: ${why}`, 'Add it again: dragoman proxies add', 'proxy_disabled')
}

/** @param retryAt unix ms when traffic may try it again */
export function deadProxy(proxy: Named, why: string, retryAt: number): FailureError {
  const check = `Check it: dragoman proxies check ${typed(proxy)}`
  return noWay(`the proxy ${proxy.name} does not work (${why})`, check, 'proxy_unreachable', retryAt)
}

/** @param dead how many are out of the rotation; the others, if there are, are disabled */
export function noProxyLeft(all: number, dead: number, retryAt: number | undefined): FailureError {
  if (all === 0) return noWay('there is no proxy to choose from', 'Add one: dragoman proxies add', 'proxy_unreachable')
  if (dead === 0) {
    return noWay('all proxies are disabled', 'Enable one: dragoman proxies enable', 'proxy_disabled')
  }
  const why = dead === 1 ? 'the only enabled proxy does not work' : `none of ${dead} enabled proxies works`
  return noWay(why, 'Check them: dragoman proxies check --all', 'proxy_unreachable', retryAt)
}

/** As one can type it in a shell. */
function typed({ id, name }: Named): string {
  return /^[\w.@:-]+$/.test(name) ? name : id
}
