import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The pages about what works with which SDK, made from what the tests of tests/conformance/surface.ts have shown. */

const WORDS = {
  en: {
    file: 'docs/compatibility.md',
    other: '简体中文：[compatibility.zh-CN.md](compatibility.zh-CN.md)',
    title: 'What works with which SDK',
    intro:
      "Every row is a test with the vendor's own package against a running gateway. The page is written by the test run; do not edit it.",
    levels:
      '**exact**: as with the vendor · **approximated**: works, with the difference named · **not possible**: needs the vendor itself, and the gateway says so',
    head: ['Call', 'Result', 'Remark'],
    level: { exact: 'exact', approximated: 'approximated', 'not possible': 'not possible' },
  },
  zh: {
    file: 'docs/compatibility.zh-CN.md',
    other: 'English: [compatibility.md](compatibility.md)',
    title: '各 SDK 的兼容情况',
    intro: '每一行都是用厂商官方软件包对运行中的网关所做的测试。本页由测试生成，请勿手工修改。',
    levels: '**一致**：与厂商相同 · **近似**：可用，差别见说明 · **不可能**：只有厂商自己能做到，网关会明确告知',
    head: ['调用', '结果', '说明'],
    level: { exact: '一致', approximated: '近似', 'not possible': '不可能' },
  },
}

/**
 * Rows of a vitest JSON report; several tests may speak for one row. Failed tests leave no row: the run is red anyway.
 * @returns {{sdk: string, call: string, level: string, remark?: {en: string, zh: string}}[]}
 */
export function surfacesOf(report) {
  const rows = new Map()
  for (const { assertionResults } of report.testResults) {
    for (const { meta, status } of assertionResults) {
      if (meta?.surface === undefined || status !== 'passed') continue
      const { surface } = meta
      const key = `${surface.sdk} ${surface.call}`
      const known = rows.get(key)
      // The weakest of several tests counts.
      if (known === undefined || known.level === 'exact') rows.set(key, surface)
    }
  }
  return [...rows.values()]
}

/** Compares the pages with what the run has shown, and writes them anew where they differ. @returns {string[]} the files that differed */
export function updatePages(root, rows) {
  return Object.values(WORDS).flatMap((words) => {
    const file = join(root, words.file)
    const text = page(rows, words, words === WORDS.en ? 'en' : 'zh')
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return []
    writeFileSync(file, text)
    return [words.file]
  })
}

function page(rows, words, language) {
  const bySdk = new Map()
  for (const row of rows) bySdk.set(row.sdk, [...(bySdk.get(row.sdk) ?? []), row])
  const parts = [`# ${words.title}`, words.other, words.intro, words.levels]
  for (const [sdk, list] of [...bySdk].sort(([a], [b]) => (a < b ? -1 : 1))) {
    parts.push(`## ${sdk}`)
    const cells = list
      .sort((a, b) => (a.call < b.call ? -1 : 1))
      .map(({ call, level, remark }) => [`\`${call}\``, words.level[level], remark?.[language] ?? ''])
    parts.push(table([words.head, ...cells]))
  }
  return `${parts.join('\n\n')}\n`
}

/** Padded as the formatter of this project pads tables; a Chinese character is two columns wide. */
function table(rows) {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = escaped[0].map((_, at) => Math.max(3, ...escaped.map((row) => width(row[at]))))
  const line = (row) => `| ${row.map((cell, at) => cell + ' '.repeat(widths[at] - width(cell))).join(' | ')} |`
  const [head, ...rest] = escaped
  return [line(head), `| ${widths.map((wide) => '-'.repeat(wide)).join(' | ')} |`, ...rest.map(line)].join('\n')
}

function width(text) {
  let columns = 0
  for (const char of text)
    columns +=
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        char,
      )
        ? 2
        : 1
  return columns
}
