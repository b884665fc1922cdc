import { spawn } from 'node:child_process'

/** Shows an address in the browser of whoever sits at this machine. Where nobody can be, or nothing opens it, nothing happens. */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): void {
  if (env['SSH_CONNECTION'] !== undefined || env['CI'] !== undefined) return
  const command = commandFor(process.platform, env)
  if (command === undefined) return
  const [program = '', ...args] = command
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

function commandFor(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string[] | undefined {
  switch (platform) {
    case 'darwin':
      return ['open']
    case 'win32':
      // Not `cmd /c start`: that would read the & of an address.
      return ['rundll32', 'url.dll,FileProtocolHandler']
    default:
      return env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined ? undefined : ['xdg-open']
  }
}
