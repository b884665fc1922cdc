/** A text as a shell reads it whole. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/**
 * A request as a command. The key is left to the shell.
 * @param origin `http://127.0.0.1:8080`
 */
export function curlOf({ origin, path, body }: { origin: string; path: string; body: unknown }): string {
  return [
    `curl ${quoted(origin + path)}`,
    `-H 'content-type: application/json'`,
    '-H "authorization: Bearer $DRAGOMAN_KEY"',
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ')
}
