import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ApiError, type Schemas } from '../../api/client.js'
import { useRefreshOn } from '../../api/queries.js'
import { known } from '../../api/sign-in.js'
import { withFreshSignIn } from '../../chrome/confirm-identity.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { TEXTS } from './texts.js'

export type Setting = Schemas['Setting']
export type Config = Schemas['Config']

export const CONFIG_KEY = ['config']

export function useConfig() {
  const query = useQuery({
    queryKey: CONFIG_KEY,
    queryFn: async () => known((await api.GET('/admin/config')).data),
  })
  useRefreshOn('config', CONFIG_KEY, 100)
  return query
}

/** What a control is given to save with. */
export interface Saver {
  /** Null goes back to the default. */
  save(value: unknown): void
  /** What the gateway says is wrong with the last value. */
  problem: string | undefined
  busy: boolean
  /** The reader types anew: what was wrong is wrong no longer. */
  forget(): void
}

const UNDO_MS = 8_000

/** Saves one setting: shown at once, taken back when the gateway refuses it, and undone when somebody wants that. */
export function useSaver(setting: Setting): Saver {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const client = useQueryClient()
  const { path } = setting
  const send = useMutation({
    mutationFn: async (value: unknown) =>
      known((await withFreshSignIn(() => api.PATCH('/admin/config', { body: { [path]: value } }))).data),
    async onMutate(value) {
      await client.cancelQueries({ queryKey: CONFIG_KEY })
      const before = client.getQueryData<Config>(CONFIG_KEY)
      client.setQueryData<Config>(CONFIG_KEY, (now) => now && withValue(now, path, value))
      return before
    },
    onError(error, _, before) {
      client.setQueryData(CONFIG_KEY, before)
      if (!isAboutValue(error)) sayFailed(error)
    },
    onSuccess({ restartRequired, overridden }, value, before) {
      const was = before?.settings.find((one) => one.path === path)
      const said = overridden.includes(path)
        ? 'savedOverridden'
        : restartRequired.includes(path)
          ? 'savedLater'
          : value === null
            ? 'savedReset'
            : 'saved'
      sayUndo(t(said, { setting: path }), common.t('act.undo'), was === undefined ? undefined : () => undo(was))
    },
    onSettled: () => client.invalidateQueries({ queryKey: CONFIG_KEY }),
  })

  function undo(was: Setting): void {
    const value = was.source === 'default' ? null : was.value
    withFreshSignIn(() => api.PATCH('/admin/config', { body: { [path]: value } }))
      .then(() => sayDone(t('undone', { setting: path })), sayFailed)
      .finally(() => void client.invalidateQueries({ queryKey: CONFIG_KEY }))
  }

  return {
    save: (value) => send.mutate(value),
    problem: isAboutValue(send.error) ? send.error.message : undefined,
    busy: send.isPending,
    forget: () => {
      if (send.isError) send.reset()
    },
  }

  function sayUndo(message: string, label: string, act: (() => void) | undefined): void {
    // What is masked cannot be put back: nobody here knows it.
    const canUndo = act !== undefined && !setting.masked
    const id = `saved-${path}`
    notifications.hide(id)
    notifications.show({
      id,
      color: 'teal',
      autoClose: UNDO_MS,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{message}</Text>
          {canUndo ? (
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                notifications.hide(id)
                act()
              }}
            >
              {label}
            </Button>
          ) : null}
        </Group>
      ),
    })
  }
}

function isAboutValue(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 400 && error.pointer !== undefined
}

function withValue(config: Config, path: string, value: unknown): Config {
  const settings = config.settings.map((one) => {
    if (one.path !== path || one.locked) return one
    return value === null
      ? { ...one, value: one.default, source: 'default' as const }
      : { ...one, value, source: 'file' as const }
  })
  return { ...config, settings }
}
