import { CommandError } from './deps.js'
import type { RunFile } from './run-file.js'

/**
 * Asks a running gateway at its admin door, with the key that its owner alone can read.
 * @throws CommandError with what it says is wrong
 */
export async function askGateway(
  { url, control = '' }: RunFile,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  const { askLocal } = await import('../transport/index.js')
  const reply = await askLocal({
    url: `${url}${path}`,
    method,
    headers: { authorization: `Bearer ${control}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: 10_000,
  })
  const answer = JSON.parse(reply.body) as { error?: string }
  if (reply.status !== 200) throw new CommandError(answer.error ?? `the gateway answered ${reply.status}`)
  return answer
}
