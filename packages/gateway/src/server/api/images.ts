import type { ServerResponse } from 'node:http'
import { FailureError, safeText } from '@dragoman/protocol'
import type { Relay } from '../../relay/index.js'
import { mayUse, type Routing } from '../../routing/index.js'
import { readJson, type BodyBudget, type BodyLimits } from '../read-body.js'
import type { Asked } from '../route-table.js'
import { sendJson } from '../send.js'
import { askCapability, type CapabilityHouse } from './capability.js'
import { CollectedReply } from './collected-reply.js'
import { clientHeaders, relayed, type Ready } from './exchange.js'
import { formBody } from './image-form.js'
import { imagesBody, type Picture } from './image-reply.js'
import { hostedRequest, readImageRequest, type ImageWish } from './image-request.js'
import { imageProtocol, keptPicture } from './image-stream.js'
import { isMultipart, readForm } from './multipart.js'

export interface ImagesHouse extends CapabilityHouse {
  relay: Relay
  routing: Routing
  budget: BodyBudget
  limits(): BodyLimits
  /** The model that hosts the image tool when the client names an image model, or none. */
  imageHost(): string
}

/** `POST /v1/images/generations` and `/v1/images/edits`, made by a model that has the hosted image tool. */
export function images(house: ImagesHouse, kind: ImageWish['kind']): (asked: Asked) => Promise<void> {
  return async (asked) => {
    const at = Date.now()
    const form = isMultipart(asked.req) ? await readForm(asked.req, house.limits(), house.budget) : undefined
    const body =
      form === undefined ? (await readJson(asked.req, house.limits(), house.budget)).value : await formBody(form)
    // An API key that lists the model makes the picture itself, of whatever its own API takes.
    const own = ownMaker(house, form ?? body, kind)
    if (own !== undefined) return askCapability(house, asked, { ...own, at })
    const wish = readImageRequest(body, kind)
    const host = hostOf(house, wish.model)
    const key = keyFor(asked.key, wish.model, host)
    const ready: Ready = {
      decoded: { value: hostedRequest(wish, host.name), receipt: wish.receipt },
      headers: clientHeaders(asked),
      at,
      ...(wish.model === '' ? {} : { namedModel: wish.model }),
    }
    if (wish.n === 1) return relayed(house, { ...asked, key }, imageProtocol(wish), ready)
    return several(house, { ...asked, key }, wish, ready)
  }
}

function ownMaker(house: CapabilityHouse, body: unknown, kind: ImageWish['kind']) {
  const task = kind === 'edit' ? 'image_edits' : 'images'
  if (typeof body !== 'object' || body === null) return undefined
  const named: unknown = body instanceof FormData ? body.get('model') : (body as Record<string, unknown>)['model']
  if (typeof named !== 'string' || named === '' || house.findCapability(named, task) === undefined) return undefined
  const stream = body instanceof FormData ? body.get('stream') === 'true' : (body as Record<string, unknown>)['stream']
  return {
    kind: task,
    dialect: 'openai-images',
    model: named,
    body: body as Record<string, unknown> | FormData,
    stream: stream === true,
  } as const
}

/** Names that mean "make a picture", not a model that could be asked. */
const IMAGE_MODEL = /^(?:(?:chatgpt|gpt)-image(?:-|$)|dall-e(?:-|$))/

interface Host {
  /** As the router knows it. */
  name: string
  /** The upstream's name. */
  model: string
}

/** Who makes the picture: the model that the client names, when it is one that can be asked, else the configured host. */
function hostOf({ routing, imageHost }: ImagesHouse, asked: string): Host {
  const named = asked === '' ? undefined : routing.resolve(asked)
  const imageModel = IMAGE_MODEL.test(asked)
  if (named !== undefined && !('kind' in named)) {
    const [target] = named.targets
    // An API key may list the image model itself, which answers no conversation.
    if (target.provider !== 'keys' || !imageModel) return { name: asked, model: target.model }
  } else if (named !== undefined && !imageModel) throw new FailureError(named)
  const name = imageHost()
  const host = routing.resolve(name)
  if (!('kind' in host)) return { name, model: host.targets[0].model }
  throw new FailureError({
    kind: 'internal',
    scope: 'gateway',
    phase: 'unsent',
    retry: 'never',
    code: 'image_host_model_invalid',
    message: safeText(`model.image_host_model in the configuration cannot be used: ${host.message}`),
  })
}

/** A key that is bound to some models may name the image model or its host. */
function keyFor(key: Asked['key'], asked: string, host: Host): Asked['key'] {
  const only = key?.allowedModels
  if (key === undefined || only === undefined || only.length === 0) return key
  if (!mayUse(only, asked, host.name, host.model)) {
    const name = asked === '' || asked === host.name ? host.name : `${asked}, which ${host.name} makes`
    throw new FailureError({
      kind: 'forbidden',
      scope: 'request',
      phase: 'unsent',
      retry: 'never',
      code: 'model_not_allowed',
      message: safeText(`this client key may not use ${name}; it may use ${only.join(', ')}`),
    })
  }
  const { allowedModels: _, ...unbound } = key
  return unbound
}

/** Several pictures: as many answers at the same time, told as one. What fails one of them fails all. */
async function several(house: ImagesHouse, asked: Asked, wish: ImageWish, ready: Ready): Promise<void> {
  const { res } = asked
  const replies = Array.from({ length: wish.n }, () => new CollectedReply())
  const pictures: Picture[] = []
  let failed: CollectedReply | undefined
  const leave = (): void => replies.forEach((reply) => reply.destroy())
  res.once('close', leave)
  await Promise.all(
    replies.map(async (response, place) => {
      const requestId = place === 0 ? asked.requestId : `${asked.requestId}-${place + 1}`
      const protocol = keptPicture(wish, (picture) => void (pictures[place] = picture))
      await relayed(house, { ...asked, requestId }, protocol, { ...ready, response })
      if (pictures[place] !== undefined || failed !== undefined || !response.headersSent) return
      failed = response
      leave()
    }),
  )
  res.off('close', leave)
  if (res.destroyed) return
  if (failed !== undefined) forward(failed, res)
  else sendJson(res, 200, told(replies[0]), imagesBody(pictures, Math.floor(ready.at / 1000), wish.form))
}

function forward(reply: CollectedReply, res: ServerResponse): void {
  res.writeHead(reply.statusCode, reply.headers)
  res.end(reply.body)
}

/** What one of the replies says in its headers, the length aside. */
function told(reply: CollectedReply | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(reply?.headers ?? {}).map(([name, value]) => [name, String(value)]))
}
