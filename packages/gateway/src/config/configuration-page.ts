import { CHINESE_SETTINGS } from './chinese-texts.js'
import { describeConfig, type Setting } from './describe-config.js'

export const PAGE_LANGUAGES = ['en', 'zh-CN'] as const
export type PageLanguage = (typeof PAGE_LANGUAGES)[number]

/**
 * `docs/configuration.md`, made from the schema so that it cannot be wrong. Formatted as Prettier would.
 * @throws Error when a setting has no text in this language
 */
export function configurationPage(language: PageLanguage): string {
  const words = WORDS[language]
  const settings = describeConfig()
  const sections = new Map<string, Setting[]>()
  for (const setting of settings) {
    const name = setting.path.split('.')[0] ?? ''
    sections.set(name, [...(sections.get(name) ?? []), setting])
  }
  const parts = [words.intro]
  for (const [name, inside] of sections) {
    const rows = inside.map((setting) => [
      `\`${setting.path}\`${setting.atStart ? ' ↻' : ''}`,
      shown(setting.default, words),
      valuesOf(setting, words),
      textOf(setting, language),
    ])
    parts.push(`## ${name}\n`, markdownTable(words.head, rows))
  }
  return parts.join('\n')
}

interface Words {
  intro: string
  head: readonly string[]
  empty: string
  /** How the type of a setting is called. */
  types: Readonly<Record<string, string>>
  range(minimum: number | undefined, maximum: number | undefined): string
}

const EXAMPLE = `server:
  port: 9090 # behind the proxy
model:
  default: gpt-5.5
  aliases:
    smart: gpt-5.5-high
    quick: gpt-5.4-mini`

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  en: {
    intro: `# Configuration

[简体中文](configuration.zh-CN.md)

Dragoman runs without any configuration. What you change stands in \`config.yaml\` in the data folder: \`$DRAGOMAN_HOME\`, else
\`~/.dragoman\`. \`dragoman config path\` prints where that is.

\`\`\`yaml
${EXAMPLE}
\`\`\`

Four layers, the later one wins, setting by setting:

1. the defaults below,
2. \`config.yaml\`,
3. the environment: \`DRAGOMAN_\`, the section, \`_\`, the key, all in capitals (\`DRAGOMAN_SERVER_PORT=9090\`); \`PORT\` and \`HOST\` count
   too. A list is written \`a,b\`, a map \`a=b,c=d\`. An empty variable says nothing,
4. flags: \`dragoman serve --port 9090\`, and for any setting \`dragoman serve --config log.level=debug\`.

From the command line, without touching your comments:

\`\`\`sh
dragoman config list
dragoman config get server.port
dragoman config set model.aliases smart=gpt-5.5-high,quick=gpt-5.4-mini
dragoman config unset model.aliases
dragoman config check
\`\`\`

A running gateway reads the file again whenever it changes. A file with a mistake changes nothing: the old configuration stays in
force, and the log names the file, the line, the key, what was expected and what was found; \`dragoman config check\` says the same.
Settings marked ↻ are read when the gateway starts, so they need a restart.

Two variables are no settings: \`DRAGOMAN_HOME\` names the data folder, \`DRAGOMAN_SECRET_KEY\` holds the key that seals the stored
logins (else it is the file \`key\` in the data folder; see \`security.key_source\`).
`,
    head: ['Setting', 'Default', 'Values', 'What it does'],
    empty: 'empty',
    types: { string: 'text', number: 'number', list: 'list', map: 'map', 'true/false': '`true`, `false`' },
    range: (minimum, maximum) =>
      minimum === undefined
        ? `at most ${maximum}`
        : maximum === undefined
          ? `at least ${minimum}`
          : `${minimum} to ${maximum}`,
  },
  'zh-CN': {
    intro: `# 配置

[English](configuration.md)

Dragoman 不需要任何配置即可运行。您的改动写在数据目录的 \`config.yaml\` 中：数据目录是 \`$DRAGOMAN_HOME\`，未设置时为 \`~/.dragoman\`。
\`dragoman config path\` 会显示文件的位置。

\`\`\`yaml
${EXAMPLE}
\`\`\`

共有四层，逐项生效，后面的优先：

1. 下表中的默认值；
2. \`config.yaml\`；
3. 环境变量：\`DRAGOMAN_\` 加节名、\`_\`、键名，全部大写（\`DRAGOMAN_SERVER_PORT=9090\`）；\`PORT\` 和 \`HOST\` 也有效。列表写作 \`a,b\`，
   映射写作 \`a=b,c=d\`。空变量视为没有设置；
4. 命令行参数：\`dragoman serve --port 9090\`，任何设置都可以用 \`dragoman serve --config log.level=debug\`。

用命令行修改，不会动您的注释：

\`\`\`sh
dragoman config list
dragoman config get server.port
dragoman config set model.aliases smart=gpt-5.5-high,quick=gpt-5.4-mini
dragoman config unset model.aliases
dragoman config check
\`\`\`

文件一有变化，运行中的网关就会重新读取。有错误的文件不会生效：原来的配置继续有效，日志会指出文件、行号、键、期望的值和实际的值；
\`dragoman config check\` 给出同样的信息。标有 ↻ 的设置只在网关启动时读取，修改后需要重新启动。

有两个变量不是设置：\`DRAGOMAN_HOME\` 指定数据目录；\`DRAGOMAN_SECRET_KEY\` 是封存登录信息的密钥（否则使用数据目录中的文件 \`key\`，
见 \`security.key_source\`）。
`,
    head: ['设置', '默认值', '可用的值', '作用'],
    empty: '空',
    types: { string: '文本', number: '数字', list: '列表', map: '映射', 'true/false': '`true`、`false`' },
    range: (minimum, maximum) =>
      minimum === undefined
        ? `不大于 ${maximum}`
        : maximum === undefined
          ? `不小于 ${minimum}`
          : `${minimum} 到 ${maximum}`,
  },
}

function textOf(setting: Setting, language: PageLanguage): string {
  const text = language === 'en' ? setting.description : CHINESE_SETTINGS[setting.path]
  if (text === undefined) throw new Error(`${setting.path} has no text in ${language}: write one in chinese-texts.ts`)
  return text
}

function shown(value: unknown, { empty }: Words): string {
  const isEmpty = value === '' || (typeof value === 'object' && JSON.stringify(value).length === 2)
  return isEmpty ? empty : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function valuesOf(setting: Setting, { types, range }: Words): string {
  const { type, minimum, maximum } = setting
  if (type === 'number' && (minimum !== undefined || maximum !== undefined)) return range(minimum, maximum)
  return (
    types[type] ??
    type
      .split(' | ')
      .map((word) => `\`${word}\``)
      .join(', ')
  )
}

/** A table with its columns in line. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(...[head, ...rows].map((row) => width(row[at] ?? title))))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - width(cell))).join(' | ')} |`
  return `${[line(head), line(widths.map((columns) => '-'.repeat(columns))), ...rows.map(line)].join('\n')}\n`
}

/** East Asian signs take two columns. */
function width(text: string): number {
  let columns = 0
  for (const sign of text) columns += /[\u2e80-\ua4cf\uff00-\uff60]/.test(sign) ? 2 : 1
  return columns
}
