import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/**
 * A certificate for localhost, 127.0.0.1 and upstream.example that signs itself. Its key is public: it protects nothing, and
 * nobody trusts it but a test that says so. Valid until 2120.
 */
export function testCertificate(): { key: string; cert: string } {
  return { key: KEY, cert: CERTIFICATE }
}

/** Trusts the certificate from now on, in this process alone. */
export function trustTestCertificate(): void {
  setDefaultCACertificates([...getCACertificates('default'), CERTIFICATE])
}

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2H39ktzj6lgYJStB
+GPs0ufnzg1K0yupTYd8+Yqd3TuhRANCAARghjVrHZoSXjZPgBBcQD1MRrrjxG7c
ps8OPJELH/S5m6fjNFBVx1PYvZGfash4bG+uOUGAL4hbMN8sr/2sVge9
-----END PRIVATE KEY-----
`

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBejCCASCgAwIBAgIBATAKBggqhkjOPQQDAjAkMSIwIAYDVQQDDBlEcmFnb21h
biB0ZXN0IGNlcnRpZmljYXRlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAw
MDAwWjAkMSIwIAYDVQQDDBlEcmFnb21hbiB0ZXN0IGNlcnRpZmljYXRlMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEYIY1ax2aEl42T4AQXEA9TEa648Ru3KbPDjyR
Cx/0uZun4zRQVcdT2L2Rn2rIeGxvrjlBgC+IWzDfLK/9rFYHvaNBMD8wDwYDVR0T
AQH/BAUwAwEB/zAsBgNVHREEJTAjgglsb2NhbGhvc3SCEHVwc3RyZWFtLmV4YW1w
bGWHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhAJSxmM3TvKQYLUObQ8b61CT7nIuk
0AvutfN6KUfE6dsbAiBsccyA2DeJREGaRSTuTQWI8VsV2e4WbvXl/hHsVo2gnA==
-----END CERTIFICATE-----
`
