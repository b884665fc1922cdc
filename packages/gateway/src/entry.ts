import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import type { Deps } from './cli/index.js'

/** Where the program begins. The refresh helper is kept apart, so that it starts with as little as it needs. */
if (process.argv[2] === '__refresh') {
  const { runRefreshHelper } = await import('./accounts/index.js')
  const { createTransport, handedOver, trustSystemCertificates, usesTls } = await import('./transport/index.js')
  const egress = handedOver(process.env)
  const transport = createTransport({
    connectTimeoutMs: egress?.connectTimeoutMs ?? 10_000,
    connectionsPerOwner: 1,
    wayFor(_, target) {
      const way = egress?.way ?? 'direct'
      // Its one request is the first.
      if (egress?.systemCa === true && usesTls(target, way)) trustSystemCertificates()
      return way
    },
    allowedPrivateHosts: () => egress?.allowedPrivateHosts ?? [],
  })
  process.exitCode = await runRefreshHelper({
    argv: process.argv.slice(3),
    env: process.env,
    http: transport.request,
  })
  await transport.close()
} else {
  const { openBrowser, runCli, sayWhatIsWrong } = await import('./cli/index.js')
  // Whoever read along has gone (`dragoman config list | head`, a closed terminal): no reason to stop serving.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', (error) => {
    process.stderr.write(sayWhatIsWrong(error, true))
    process.exit(1)
  })
  const deps = processDeps()
  process.exitCode = await runCli(process.argv.slice(2), {
    ...deps,
    openBrowser: (url) => openBrowser(url, deps.env),
  })
}

function processDeps(): Deps {
  return {
    env: process.env,
    stdin: process.stdin,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    tty: process.stdout.isTTY,
    script: fileURLToPath(import.meta.url),
    dashboard: fileURLToPath(new URL('./dashboard', import.meta.url)),
    version: manifest.version,
    exit: (code) => process.exit(code),
    onSignal(listener) {
      const signals = ['SIGTERM', 'SIGINT'] as const
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
  }
}
