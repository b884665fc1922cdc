const LATEST = ':latest'

/** To an Ollama client `name` and `name:latest` are the same model; its programs add the tag themselves. */
export function withoutTag(name: string): string {
  return name.endsWith(LATEST) ? name.slice(0, -LATEST.length) : name
}
