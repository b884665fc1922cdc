import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import {
  ConfigError,
  homeFolder,
  loadConfig,
  watchConfig,
  type Config,
  type LoadedConfig,
  type LoadOptions,
} from '../config/index.js'
import { startGateway, type RunningGateway } from '../main.js'
import { createLog, type Log } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { portOwner } from './port-owner.js'
import { removeRunFile, writeRunFile } from './run-file.js'

interface ServeOptions {
  host?: string
  port?: string
  json?: boolean
  config?: string[]
}

/** `serve` (also without a name) and `demo`. */
export function serveCommands(program: Command, deps: Deps): void {
  program
    .command('serve', { isDefault: true })
    .description('start the gateway')
    .option('--host <address>', 'address to listen on (default 127.0.0.1 and ::1)')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default 8080)')
    .option('--config <setting=value...>', 'any setting for this run, e.g. log.level=debug')
    .option('--json', 'print one line of JSON when ready; the log goes to standard error')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman serve --port 9090\n  dragoman serve --config log.level=debug --config model.default=gpt-6-sol',
    )
    .action((options: ServeOptions) => serve(deps, homeFolder(deps.env), flagsOf(options), options.json === true))

  program
    .command('demo')
    .description('try it: the demo model alone, without account, on a free port, leaving nothing behind')
    .option('--port <port>', 'port to listen on', '0')
    .option('--json', 'print one line of JSON when ready')
    .action(async (options: { port: string; json?: boolean }) => {
      const home = mkdtempSync(join(tmpdir(), 'dragoman-demo-'))
      try {
        await serve(
          deps,
          home,
          { 'server.port': options.port, 'codex.enabled': 'false', 'model.default': 'demo' },
          options.json === true,
        )
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    })
}

function flagsOf(options: ServeOptions): Record<string, string> {
  const flags: Record<string, string> = {}
  if (options.host !== undefined) flags['server.host'] = options.host
  if (options.port !== undefined) flags['server.port'] = options.port
  for (const piece of options.config ?? []) {
    const at = piece.indexOf('=')
    if (at <= 0) throw new CommandError(`--config takes setting=value, found ${piece}`, 2)
    flags[piece.slice(0, at)] = piece.slice(at + 1)
  }
  return flags
}

async function serve(deps: Deps, home: string, flags: Record<string, string>, json: boolean): Promise<void> {
  const load = { home, env: deps.env, flags }
  const current = loaded(load)
  let { config } = current
  const log = createLog({ level: () => config.log.level, write: deps.err, pretty: deps.tty && !json })
  const gateway = await start(deps, home, () => config, log)
  writeRunFile(home, { pid: process.pid, url: gateway.url, startedAt: Date.now() })
  const watch = watchConfig(
    { ...load, current },
    (loaded) => {
      config = loaded.config
      log.info({}, 'the configuration has changed and is in force')
    },
    (problem) => log.error({ problem: problem.message }, 'the configuration has a mistake; the old one stays in force'),
  )
  if (json) deps.out(`${JSON.stringify(readyLine(gateway))}\n`)
  else deps.out(welcome(deps, gateway, config))

  await new Promise<void>((resolve, reject) => {
    let draining = false
    const stop = deps.onSignal(() => {
      if (draining) {
        // The second word: at once.
        removeRunFile(home, process.pid)
        process.exit(0)
      }
      draining = true
      log.info({ seconds: config.server.drain_seconds }, 'stopping: running streams may finish; once more ends at once')
      gateway.close(config.server.drain_seconds * 1000).then(
        () => {
          stop()
          resolve()
        },
        (error: unknown) => {
          stop()
          reject(error instanceof Error ? error : new Error(String(error)))
        },
      )
    })
  })
  watch.close()
  removeRunFile(home, process.pid)
}

function loaded(options: LoadOptions): LoadedConfig {
  try {
    return loadConfig(options)
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(`the configuration has a mistake:\n${error.message}`)
    throw error
  }
}

async function start(deps: Deps, home: string, config: () => Config, log: Log): Promise<RunningGateway> {
  const secretKey = deps.env['DRAGOMAN_SECRET_KEY']
  try {
    return await startGateway({
      home,
      config,
      log,
      version: deps.version,
      ...(secretKey === undefined ? {} : { secretKey }),
      ...(deps.script === '' ? {} : { refreshHelper: [deps.script, '__refresh'] }),
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const { port, host } = config().server
    if (code === 'EADDRINUSE') {
      const owner = portOwner(port)
      throw new CommandError(
        `port ${port} is taken${owner === undefined ? '' : ` by ${owner}`}; choose another: dragoman serve --port ${port + 1}`,
        2,
      )
    }
    if (code === 'EACCES')
      throw new CommandError(`port ${port} needs special rights; choose one above 1023: dragoman serve --port 8080`, 2)
    if (code === 'EADDRNOTAVAIL')
      throw new CommandError(`this machine has no address ${host}; leave --host out or name one that it has`, 2)
    throw error
  }
}

function readyLine(gateway: RunningGateway): Record<string, string> {
  return {
    event: 'ready',
    url: gateway.url,
    dashboard: gateway.url,
    ...(gateway.firstClientKey === undefined ? {} : { clientKey: gateway.firstClientKey }),
    demoKey: gateway.demoKey,
  }
}

function welcome(deps: Deps, gateway: RunningGateway, config: Config): string {
  const key = gateway.firstClientKey ?? gateway.demoKey
  const lines = [`Dragoman ${deps.version} listens on ${gateway.url}`, '']
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
  if (config.codex.enabled && gateway.accounts.list().length === 0) {
    const login = codexLogin(deps.env)
    lines.push('Next: sign in to ChatGPT with  dragoman login  (in a clone: npx dragoman login)')
    if (login !== undefined)
      lines.push(`A Codex CLI login was found; follow it with  dragoman accounts import --link ${login}`)
    lines.push('')
  }
  lines.push(`Clients: base URL ${gateway.url}/v1 and a client key. More keys: dragoman keys create. Stop: Ctrl-C.`, '')
  return lines.join('\n')
}

function codexLogin(env: Deps['env']): string | undefined {
  const path = join(env['CODEX_HOME'] ?? join(env['HOME'] ?? homedir(), '.codex'), 'auth.json')
  return existsSync(path) ? path : undefined
}
