import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { CommandError, type Deps } from './deps.js'
import { inRoom } from './room.js'

/** `webhook secret|test`: who else is told what happens. */
export function webhookCommand(program: Command, deps: Deps): void {
  const webhook = program.command('webhook').description('the address that is told what happens: notices.webhook_url')

  webhook
    .command('secret')
    .description('show the secret that signs what is sent; made when there is none')
    .option('--rotate', 'make a new one; the old one signs nothing any more')
    .option('--json', 'one line of JSON')
    .addHelpText('after', '\nExamples:\n  dragoman webhook secret\n  dragoman webhook secret --rotate')
    .action(async (options: { rotate?: boolean; json?: boolean }) => {
      const { makeWebhookSecret, readWebhookSecret } = await import('../notices/index.js')
      const { secret, made } = await inRoom(deps, async ({ store }) => {
        const known = options.rotate ? undefined : await readWebhookSecret(store.sealedSettings)
        return { secret: known ?? (await makeWebhookSecret(store.sealedSettings)), made: known === undefined }
      })
      deps.out(options.json ? `${JSON.stringify({ secret: secret.reveal(), made })}\n` : `${secret.reveal()}\n`)
    })

  webhook
    .command('test')
    .description('send the webhook a test, and say what it answered')
    .addHelpText('after', '\nExample:\n  dragoman webhook test')
    .action(async () => {
      const { postToWebhook, readWebhookSecret, testBody } = await import('../notices/index.js')
      await inRoom(deps, async ({ config, store, transport }) => {
        const { webhook_url: url } = config.notices
        if (url === '') {
          throw new CommandError(
            'there is no webhook; name its address: dragoman config set notices.webhook_url https://…',
          )
        }
        const secret = await readWebhookSecret(store.sealedSettings)
        if (secret === undefined) {
          throw new CommandError('nothing is sent unsigned; make the secret: dragoman webhook secret')
        }
        const delivery = `dlv_test_${randomBytes(8).toString('hex')}`
        const now = Date.now()
        const body = testBody(delivery, now)
        const { host } = new URL(url)
        const why = await postToWebhook(transport.request, { url, secret, event: 'test', delivery, body, now })
        if (why !== undefined) throw new CommandError(`${host} did not take it: ${why}`)
        deps.out(`${host} took it (${delivery}).\n`)
      })
    })
}
