/** What the configuration says about the way back from a login. */
export interface CallbackSettings {
  auth: { callback_port: number; redirect_uri: string }
  server: { public_url: string }
}

/** Where the browser comes back to after a login. */
export interface CallbackAddress {
  /** Named to the login server, when the login begins and again when its code is exchanged. */
  uri: string
  /** The setting that decides. */
  setting: 'auth.redirect_uri' | 'auth.callback_port'
  /** Where to listen for the browser: ports in order of preference. */
  listen: { host: '127.0.0.1' | '::1'; ports: readonly number[] }
  /** Which address is in force and why, in one sentence. */
  sentence: string
}

/** Registered for this client id, in order of preference (spec upstream-codex 1.1). */
const PORTS = [1455, 1457] as const
const PATH = '/auth/callback'

/**
 * Which callback address is in force: one of our own on this machine, unless `auth.redirect_uri` names another. A loopback one is
 * listened on as it is; from any other the browser must be passed on to `auth.callback_port`. Pasting works with each.
 */
export function callbackAddress({ auth, server }: CallbackSettings): CallbackAddress {
  const port = auth.callback_port
  if (auth.redirect_uri === '') {
    const uri = loopbackUri(port)
    return {
      uri,
      setting: 'auth.callback_port',
      listen: { host: '127.0.0.1', ports: [...new Set([port, PORTS[1]])] },
      sentence: `logins come back to ${uri} (auth.callback_port); ${whoPastes(server.public_url)}`,
    }
  }
  const { hostname, port: named } = new URL(auth.redirect_uri)
  const here = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
  const way = here
    ? `; ${whoPastes(server.public_url)}`
    : `, to be passed on to 127.0.0.1:${port}; where it is not, paste the address that the browser ends on`
  return {
    uri: auth.redirect_uri,
    setting: 'auth.redirect_uri',
    listen: { host: hostname === '[::1]' ? '::1' : '127.0.0.1', ports: [here ? Number(named || 80) : port] },
    sentence: `logins come back to ${auth.redirect_uri} (auth.redirect_uri)${way}`,
  }
}

function whoPastes(publicUrl: string): string {
  return publicUrl === ''
    ? 'from a browser on another machine, paste the address that it ends on'
    : `from a browser elsewhere, that comes by ${publicUrl}, paste the address that it ends on`
}

/** @param ports that were to be listened on; 0 is any */
export function loopbackUri(...ports: readonly number[]): string {
  return `http://127.0.0.1:${ports.find((port) => port !== 0) ?? PORTS[0]}${PATH}`
}

export const DEFAULT_CALLBACK = callbackAddress({
  auth: { callback_port: PORTS[0], redirect_uri: '' },
  server: { public_url: '' },
})
