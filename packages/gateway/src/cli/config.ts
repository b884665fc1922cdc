import type { Command } from 'commander'
import {
  ConfigError,
  configPath,
  configurationPage,
  describeConfig,
  editConfig,
  findSetting,
  homeFolder,
  loadConfig,
  PAGE_LANGUAGES,
  settingOf,
  type ConfigProblem,
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
      const path = configPath(homeFolder(deps.env))
      let remarks: readonly ConfigProblem[]
      try {
        remarks = load().remarks
      } catch (error) {
        if (options.json && error instanceof ConfigError) {
          deps.out(`${JSON.stringify({ ok: false, path, problems: error.problems })}\n`)
        }
        throw error
      }
      if (options.json) return deps.out(`${JSON.stringify({ ok: true, path, problems: [], remarks })}\n`)
      for (const { where, message } of remarks) deps.err(`remark: ${where}: ${message}\n`)
      deps.out(`${path} is good.\n`)
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
    .description('show one setting as it is in force')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  dragoman config get server.port\n  dragoman config get model.aliases --json')
    .action((name: string, options: { json?: boolean }) => {
      const value = settingOf(load().config, findSetting(name).path)
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
    .addHelpText('after', '\nExample:\n  dragoman config unset model.aliases')
    .action((name: string) => {
      editConfig(homeFolder(deps.env), name, undefined)
      deps.out(`${name} is back at its default.${remark(name)}\n`)
    })
  config
    .command('docs', { hidden: true })
    .description('print docs/configuration.md')
    .option('--language <language>', PAGE_LANGUAGES.join(' or '), 'en')
    .action(({ language }: { language: string }) => {
      const known = PAGE_LANGUAGES.find((one) => one === language)
      if (known === undefined) throw new CommandError(`--language takes ${PAGE_LANGUAGES.join(' or ')}`, 2)
      deps.out(configurationPage(known))
    })
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
