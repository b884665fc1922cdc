import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CHINESE_SETTINGS } from './chinese-texts.js'
import { configurationPage, describeConfig } from './index.js'

const doc = (name: string) => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')

test.each([
  ['en', 'configuration.md', 'npx dragoman config docs > docs/configuration.md'],
  ['zh-CN', 'configuration.zh-CN.md', 'npx dragoman config docs --language zh-CN > docs/configuration.zh-CN.md'],
] as const)('the page in %s is what the schema says', (language, name, command) => {
  expect(doc(name), `build, then write it anew: ${command}`).toBe(configurationPage(language))
})

test('every setting, and nothing else, has a Chinese text', () => {
  expect(Object.keys(CHINESE_SETTINGS).sort()).toEqual(
    describeConfig()
      .map(({ path }) => path)
      .sort(),
  )
})

test('every page names every setting, its default and its range', () => {
  for (const page of [configurationPage('en'), configurationPage('zh-CN')]) {
    for (const { path } of describeConfig()) expect(page).toContain(`\`${path}\``)
    expect(page).toMatch(/`server\.port` ↻ +\| `8080` +\| 0 (to|到) 65535/)
  }
})

test('no setting is a promise that nobody keeps: each is read somewhere', () => {
  const source = new URL('../', import.meta.url)
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/^config[\\/]/.test(name))
    .map((name) => readFileSync(new URL(name, source), 'utf8'))
    .join('\n')
  const unread = describeConfig()
    .map(({ path }) => path)
    .filter((path) => !new RegExp(`\\b${path.split('.')[1]}\\b`).test(text))
  expect(unread).toEqual([])
})
