import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/**
 * Trusts the certificates of the system beside Node's own and those of NODE_EXTRA_CA_CERTS, in this whole process. For `upstream.system_ca`,
 * once, at the start: a company's proxy that opens TLS has its certificate there.
 * @returns why that was not possible; Node's own are trusted then as before
 */
export function trustSystemCertificates(): Error | undefined {
  try {
    setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])])
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
