import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import {
  configPath,
  describeConfig,
  editConfig,
  homeFolder,
  loadConfig,
  nearestName,
  settingOf,
} from '../config/index.js'
import { CommandError, type Deps } from './deps.js'
import { table } from './table.js'

/** `config get|set|unset|list|path|check`. */
export function configCommand(program: Command, deps: Deps): void {
  const config = program.command('config').description('the configuration: config.yaml in the data folder')
  const load = () => loadConfig({ home: homeFolder(deps.env), env: deps.env })

  /** Why the new value may not be in force yet. */
  function remark(name: string): string {
    const setting = describeConfig().find(({ path }) => path === name)
    const over = [setting?.variable ?? '', name === 'server.port' ? 'PORT' : name === 'server.host' ? 'HOST' : '']
      .filter((variable) => (deps.env[variable] ?? '') !== '')
      .at(0)
    if (over !== undefined) return ` But $${over} is set and wins over the file.`
    return setting?.atStart ? ' A running gateway takes it over when it is started again.' : ''
  }

  config
    .command('path')
    .description('where the file is')
    .action(() => deps.out(`${configPath(homeFolder(deps.env))}\n`))
  config
    .command('check')
    .description('say whether the configuration is good, and where not')
    .option('--json', 'one line of JSON')
    .action((options: { json?: boolean }) => {
      const { path, remarks } = load()
      const there = existsSync(path)
      if (options.json) return deps.out(`${JSON.stringify({ path, exists: there, good: true, remarks })}\n`)
      deps.out(there ? `${path} is good.\n` : `${path} is not there, and need not be: all settings have defaults.\n`)
      for (const { where, message } of remarks) deps.err(`${where}: ${message}\n`)
    })
  config
    .command('list')
    .description('every setting, its value and where that comes from')
    .option('--json', 'one line of JSON')
    .action((options: { json?: boolean }) => {
      const { config: now, sources } = load()
      const rows = describeConfig().map((setting) => ({
        ...setting,
        value: settingOf(now, setting.path),
        source: sources.get(setting.path) ?? 'default',
      }))
      if (options.json) return deps.out(`${JSON.stringify(rows)}\n`)
      deps.out(
        table(
          ['setting', 'value', 'from', 'what it does'],
          rows.map((row) => [row.path, shown(row.value), row.source, row.description]),
        ),
      )
    })
  config
    .command('get <setting>')
    .description('show one setting')
    .option('--json', 'as JSON')
    .action((name: string, options: { json?: boolean }) => {
      if (!describeConfig().some(({ path }) => path === name)) throw unknown(name)
      const value = settingOf(load().config, name)
      deps.out(`${options.json ? JSON.stringify(value) : shown(value)}\n`)
    })
  config
    .command('set <setting> <value>')
    .description('write one setting; comments stay, and a running gateway takes it over')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman config set server.port 9090\n  dragoman config set model.aliases smart=gpt-6-astra-high,quick=gpt-6-luna',
    )
    .action((name: string, value: string) => {
      editConfig(homeFolder(deps.env), name, value)
      deps.out(`${name} is set.${remark(name)}\n`)
    })
  config
    .command('unset <setting>')
    .description('go back to the default')
    .action((name: string) => {
      editConfig(homeFolder(deps.env), name, undefined)
      deps.out(`${name} is back at its default.${remark(name)}\n`)
    })
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function unknown(name: string): CommandError {
  const near = nearestName(
    name,
    describeConfig().map(({ path }) => path),
  )
  return new CommandError(
    `there is no setting ${name}; ${near === undefined ? 'dragoman config list shows all' : `did you mean ${near}?`}`,
    2,
  )
}
