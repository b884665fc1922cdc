import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { testCertificate } from '../../../../tests/test-certificate.js'

/** In a process of its own: what is trusted is trusted by a whole process. */
test('the certificates of the system are trusted beside those of Node and of NODE_EXTRA_CA_CERTS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-ca-'))
  await writeFile(join(folder, 'extra.pem'), testCertificate().cert)
  const file = fileURLToPath(new URL('./system-certificates.ts', import.meta.url))
  const code = `
    import tls from 'node:tls'
    import { X509Certificate } from 'node:crypto'
    import { trustSystemCertificates } from ${JSON.stringify(file)}
    // The same certificate may be written in several ways.
    const of = (type) => tls.getCACertificates(type).map((text) => new X509Certificate(text).fingerprint256)
    const before = of('default')
    const failed = trustSystemCertificates()
    const after = new Set(of('default'))
    const kept = (list) => list.every((fingerprint) => after.has(fingerprint))
    console.log(JSON.stringify({
      failed: failed?.message,
      extra: tls.getCACertificates('extra').length,
      kept: kept(before) && kept(of('extra')),
      system: kept(of('system')),
    }))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'extra.pem') },
  })
  expect(JSON.parse(stdout)).toEqual({ extra: 1, kept: true, system: true })
  await rm(folder, { recursive: true })
})
