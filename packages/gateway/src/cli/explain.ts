import type { Command } from 'commander'
import type { Explanation } from '../server/index.js'
import { askGateway } from './ask-gateway.js'
import { CommandError, type Deps } from './deps.js'
import { explanationText, requestText, type ExplainedRequest } from './explanation-text.js'
import { inRoom, type Room } from './room.js'
import { runningGateway, type RunFile } from './run-file.js'

/** `explain`: which rule decided, who would answer now, and why the others would not. */
export function explainCommand(program: Command, deps: Deps): void {
  program
    .command('explain')
    .description('where a model name leads and who would answer now, or what happened to a request')
    .argument('[request-id]', 'the x-request-id of a reply; only a running gateway remembers it')
    .option('--model <name>', 'a model as a client would name it')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman explain --model gpt-5.5-high\n  dragoman explain --model claude-opus-4-7 --json\n  dragoman explain req_0123456789',
    )
    .action(async (id: string | undefined, options: { model?: string; json?: boolean }) => {
      if ((id === undefined) === (options.model === undefined)) {
        throw new CommandError('name a request, or a model with --model', 2)
      }
      await inRoom(deps, async (room) => {
        const run = (await runningGateway(room.home))?.run
        if (options.model !== undefined) {
          const found = run?.control === undefined ? await here(room, deps, options.model) : await there(run, options)
          deps.out(options.json ? `${JSON.stringify(found)}\n` : explanationText(found as Explanation))
          return
        }
        if (run?.control === undefined) {
          throw new CommandError('requests are remembered by a running gateway; start it: dragoman serve')
        }
        const told = (await there(run, { request_id: id })) as ExplainedRequest
        deps.out(options.json ? `${JSON.stringify(told)}\n` : requestText(told))
      })
    })
}

/** Asks the running gateway, which knows who rests at this moment. */
async function there(run: RunFile, { model, request_id }: { model?: string; request_id?: string | undefined }) {
  return askGateway(run, 'POST', '/admin/explain', { model, request_id })
}

/** Without a running gateway: from what is on the disk. */
async function here({ config, store, accounts, transport }: Room, deps: Deps, model: string): Promise<Explanation> {
  const { composeUpstreams, openCatalog } = await import('../upstreams.js')
  const nothing = (): void => undefined
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  const { version } = deps
  const house = { config: () => config, store, accounts, transport, log, version }
  return (await composeUpstreams({ ...house, catalog: await openCatalog(house) })).explain(model)
}
