import type { Failure } from '@dragoman/protocol'

/** SHA-256 in hex → why the key opens nothing. */
export type WhyNoKey = (hash: string) => 'expired' | 'disabled' | 'unknown'

/** Why a request may not pass, as its client is told. Source of the codes: parity 1.4. */
export function keyRefusal(hash: string | undefined, whyNot: WhyNoKey = () => 'unknown'): Failure {
  return hash === undefined ? MISSING : WRONG[whyNot(hash)]
}

const plain = { kind: 'unauthenticated', scope: 'request', phase: 'unsent', retry: 'never' } as const

const MISSING: Failure = {
  ...plain,
  message: 'send a client key as "Authorization: Bearer …"; `dragoman keys create` makes one',
}

const WRONG: Readonly<Record<ReturnType<WhyNoKey>, Failure>> = {
  unknown: {
    ...plain,
    code: 'invalid_api_key',
    message: 'this client key is unknown, expired or revoked; `dragoman keys create` makes a new one',
  },
  expired: {
    ...plain,
    code: 'key_expired',
    message: 'this client key has expired; whoever made it can give it more time, or make a new one',
  },
  disabled: {
    ...plain,
    code: 'key_disabled',
    message: 'this client key is switched off; whoever made it can switch it on again',
  },
}
