import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import {
  changedSettings,
  ConfigError,
  configFile,
  homeFolder,
  loadConfig,
  nearestName,
  type Config,
  type ConfigFile,
  type LoadedConfig,
  type LoadOptions,
} from '../config/index.js'
import type { RunningGateway } from '../main.js'
import { createLog, createLogFile, createLogTail, type Log, type LogTail } from '../telemetry/index.js'
import { CommandError, type Deps } from './deps.js'
import { portOwner } from './port-owner.js'
import { removeRunFile, runningGateway, writeRunFile } from './run-file.js'
import { readyLine, welcome } from './welcome.js'

interface ServeOptions {
  host?: string
  port?: string
  json?: boolean
  home?: string
  config?: string[]
}

/** What a run needs to know. */
interface Run {
  home: string
  flags: Record<string, string>
  json: boolean
  /** The data folder goes when the gateway does. */
  temporary: boolean
}

/** Ended by a second signal: what a shell says of a program that was interrupted. */
const INTERRUPTED = 130

/** `serve` (also without a name) and `demo`. */
export function serveCommands(program: Command, deps: Deps): void {
  program
    .command('serve', { isDefault: true })
    .description('start the gateway')
    .option('--host <address>', 'address to listen on (default 127.0.0.1 and ::1)')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default 8080)')
    .option('--home <folder>', 'the data folder (default $DRAGOMAN_HOME, else ~/.dragoman)')
    .option('--config <setting=value...>', 'any setting for this run, e.g. log.level=debug')
    .option('--json', 'print one line of JSON when ready; the log goes to standard error')
    // A word that is no command lands here, because this is the default one.
    .allowExcessArguments()
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman serve --port 9090\n  dragoman serve --config log.level=debug model.default=gpt-6-sol\n\nThe first Ctrl-C (SIGTERM) lets running streams finish, the second ends at once.',
    )
    .action(async (options: ServeOptions, command: Command) => {
      const [word] = command.args
      if (word !== undefined) throw noSuchCommand(program, word)
      const env = options.home === undefined ? deps.env : { ...deps.env, DRAGOMAN_HOME: options.home }
      await serve(
        { ...deps, env },
        { home: homeFolder(env), flags: flagsOf(options), json: options.json === true, temporary: false },
      )
    })

  program
    .command('demo')
    .description('try it: the demo model alone, without account, on a free port, leaving nothing behind')
    .option('--port <port>', 'port to listen on', '0')
    .option('--json', 'print one line of JSON when ready')
    .addHelpText('after', '\nExample:\n  dragoman demo --port 9090')
    .action(async (options: { port: string; json?: boolean }) => {
      const home = mkdtempSync(join(tmpdir(), 'dragoman-demo-'))
      const flags = {
        'server.port': options.port,
        'codex.enabled': 'false',
        'demo.enabled': 'true',
        'model.default': 'demo',
        'log.file': 'false',
        // A key ring would keep what this run leaves.
        'security.key_source': 'file',
      }
      try {
        await serve(deps, { home, flags, json: options.json === true, temporary: true })
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    })
}

function noSuchCommand(program: Command, word: string): CommandError {
  if (program.args[0] === 'serve') return new CommandError(`serve takes options only, found ${word}`, 2)
  const near = nearestName(
    word,
    program.commands.map((command) => command.name()),
  )
  return new CommandError(
    `there is no command ${word}; ${near === undefined ? 'dragoman --help shows all' : `did you mean ${near}?`}`,
    2,
  )
}

function flagsOf(options: ServeOptions): Record<string, string> {
  const flags: Record<string, string> = {}
  for (const piece of options.config ?? []) {
    const at = piece.indexOf('=')
    if (at <= 0) throw new CommandError(`--config takes setting=value, found ${piece}`, 2)
    flags[piece.slice(0, at)] = piece.slice(at + 1)
  }
  if (options.host !== undefined) flags['server.host'] = options.host
  if (options.port !== undefined) flags['server.port'] = options.port
  return flags
}

async function serve(deps: Deps, run: Run): Promise<void> {
  const { home, json } = run
  const load = { home, env: deps.env, flags: run.flags }
  const file = configFile(load, loaded(load))
  const config = (): Config => file.current().config
  const tail = createLogTail()
  const { log, close: closeLog } = openLog(deps, run, config, tail)
  for (const { where, message } of file.current().remarks) log.warn({ variable: where }, message)
  try {
    const gateway = await start(deps, home, file, log, tail)
    writeRunFile(home, {
      pid: process.pid,
      url: gateway.url,
      startedAt: Date.now(),
      control: gateway.controlKey,
    })
    file.onChange((now, before) => {
      const changed = changedSettings(before.config, now.config)
      const later = changed.filter(({ atStart }) => atStart).map(({ path }) => path)
      const settings = changed.map(({ path }) => path)
      log.info({ changed: settings }, 'the configuration is good and in force')
      gateway.notices.tell({ type: 'configuration', data: { outcome: 'in_force', settings } })
      if (later.length > 0)
        log.warn({ settings: later }, 'these settings take effect when the gateway is started again')
    })
    file.onProblem(({ message: problem }) => {
      log.error({ problem }, 'the configuration has a mistake; the old one stays in force')
      gateway.notices.tell({ type: 'configuration', data: { outcome: 'refused', problem } })
    })
    const stopWatching = file.watch()
    // Listens for signals before anybody can know that there is something to stop.
    const stopped = untilStopped(deps, run, gateway, () => config().server.drain_seconds, log)
    const [{ callbackAddress }, { outsideUrl }] = await Promise.all([
      import('../accounts/index.js'),
      import('../server/index.js'),
    ])
    const url = outsideUrl(gateway.url, config().server)
    const callback = callbackAddress(config())
    if (config().codex.enabled) log.info({ setting: callback.setting }, callback.sentence)
    deps.out(json ? readyLine(gateway, config(), url) : welcome(deps, gateway, config(), url))
    await stopped.finally(stopWatching)
  } finally {
    removeRunFile(home, process.pid)
    await closeLog()
  }
}

function loaded(options: LoadOptions): LoadedConfig {
  try {
    return loadConfig(options)
  } catch (error) {
    // What is wrong on the command line alone is wrong usage.
    if (!(error instanceof ConfigError) || error.problems.some(({ where }) => where !== 'command line')) throw error
    throw new CommandError(error.problems.map(({ key, message }) => `${key}: ${message}`).join('; '), 2)
  }
}

/** The first signal drains, the second ends at once. */
function untilStopped(
  deps: Deps,
  run: Run,
  gateway: RunningGateway,
  drainSeconds: () => number,
  log: Log,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let draining = false
  const stop = deps.onSignal(() => {
    if (draining) {
      removeRunFile(run.home, process.pid)
      if (run.temporary) rmSync(run.home, { recursive: true, force: true })
      deps.exit(INTERRUPTED)
      return
    }
    draining = true
    log.info({ seconds: drainSeconds() }, 'stopping: running streams may finish; once more ends at once')
    gateway.close(drainSeconds() * 1000).then(resolve, reject)
  })
  return promise.finally(stop)
}

/** Lines for a person on a terminal, JSON elsewhere, and JSON in the data folder. */
function openLog(deps: Deps, run: Run, config: () => Config, tail: LogTail): { log: Log; close(): Promise<void> } {
  const { log: wanted } = config()
  const file = wanted.file
    ? createLogFile({
        folder: join(run.home, 'logs'),
        keepDays: wanted.keep_days,
        keepBytes: wanted.keep_bytes,
        onProblem: (why) => log.warn({ why }, 'the log file cannot be written; the log goes on here'),
      })
    : undefined
  const log: Log = createLog({
    level: () => config().log.level,
    write: deps.err,
    pretty: deps.tty && !run.json,
    alsoJson(line) {
      tail.add(line)
      file?.write(line)
    },
  })
  return { log, close: async () => file?.close() }
}

async function start(deps: Deps, home: string, file: ConfigFile, log: Log, logTail: LogTail): Promise<RunningGateway> {
  const secretKey = deps.env['DRAGOMAN_SECRET_KEY']
  const { startGateway } = await import('../main.js')
  try {
    return await startGateway({
      home,
      config: () => file.current().config,
      configFile: file,
      log,
      logTail,
      version: deps.version,
      ...(deps.dashboard === undefined ? {} : { dashboard: deps.dashboard }),
      env: deps.env,
      ...(secretKey === undefined ? {} : { secretKey }),
      ...(deps.script === '' ? {} : { refreshHelper: [deps.script, '__refresh'] }),
    })
  } catch (error) {
    throw (await listenProblem(error, home, file.current().config)) ?? error
  }
}

/** The system's word for an address that cannot be had, in words that name the way out. */
async function listenProblem(error: unknown, home: string, { server }: Config): Promise<CommandError | undefined> {
  const { port, host } = server
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE': {
      const owner = portOwner(port)
      const ours = await runningGateway(home)
      const by =
        ours !== undefined && new URL(ours.run.url).port === String(port)
          ? ` by the gateway that runs on this data folder`
          : owner === undefined
            ? ''
            : ` by ${owner.name}`
      const pid = owner === undefined ? '' : ` (pid ${owner.pid})`
      const other = port < 65_535 ? port + 1 : 0
      return new CommandError(`port ${port} is taken${by}${pid}; choose another: dragoman serve --port ${other}`, 2)
    }
    case 'EACCES':
      return new CommandError(`port ${port} needs special rights; choose one above 1023: dragoman serve --port 8080`, 2)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new CommandError(
        `this machine has no address ${host}; leave --host (server.host) out or name one that it has`,
        2,
      )
    default:
      return undefined
  }
}
