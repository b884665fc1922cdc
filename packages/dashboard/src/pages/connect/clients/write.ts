import type { Filling, Shell } from './recipe.js'

/** One word for a shell, whatever is in it. */
export function word(shell: Shell, text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return shell === 'posix' ? `'${text.replaceAll("'", String.raw`'\''`)}'` : `'${text.replaceAll("'", "''")}'`
}

/** Variables of the environment, a line each, as a shell sets them. */
export function environment(
  { shell }: Pick<Filling, 'shell'>,
  variables: readonly (readonly [string, string])[],
): string {
  return variables
    .map(([name, value]) =>
      shell === 'posix' ? `export ${name}=${word(shell, value)}` : `$env:${name} = '${value.replaceAll("'", "''")}'`,
    )
    .join('\n')
}

/** A string of TOML, of YAML, of JSON and of Python: what JSON writes is one of each. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

/** A string of JavaScript as people write it. */
export function singleQuoted(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
