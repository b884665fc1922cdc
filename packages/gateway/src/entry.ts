/** Where the program begins: the refresh helper is kept apart, so that it starts with as little as it needs. */
if (process.argv[2] === '__refresh') {
  const { runRefreshHelper } = await import('./accounts/index.js')
  const { simpleRequest } = await import('./transport/index.js')
  process.exitCode = await runRefreshHelper({ argv: process.argv.slice(3), env: process.env, http: simpleRequest })
} else {
  const { runCli } = await import('./cli/index.js')
  process.exitCode = await runCli(process.argv.slice(2))
}
