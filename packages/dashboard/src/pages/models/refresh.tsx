import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, type Schemas } from '../../api/client.js'
import { useLive } from '../../api/live.js'
import { useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { TEXTS } from './texts.js'

type Task = Schemas['Task']

/** Reads the lists anew in the background, and tells how far that is. */
export function RefreshButton() {
  const { t } = useTexts(TEXTS)
  const client = useQueryClient()
  const [task, setTask] = useState<Task | undefined>()
  /** Told of by the stream and by the answer: said once. */
  const said = useRef('')

  useLive('tasks', (data) => {
    const told = data as Task
    if (told.id !== task?.id) return
    if (told.state === 'running') return setTask(told)
    over(told)
  })

  function over({ id, done, failed, result }: Task): void {
    setTask(undefined)
    if (said.current === id) return
    said.current = id
    void client.invalidateQueries({ queryKey: ['models'] })
    const problems = (result as { failed?: { source: string; reason: string }[] } | null)?.failed ?? []
    for (const problem of problems.slice(0, 3)) sayFailed(new Error(t('refreshFailed', problem)))
    if (done > failed) sayDone(t('refreshed', { count: done - failed }))
  }

  async function begin(): Promise<void> {
    try {
      const { data } = await api.POST('/admin/refresh-models')
      if (data?.task == null) return sayFailed(new Error(t('nobodyToAsk')))
      setTask(data.task)
      // It may have been over before anybody listened.
      const { data: now } = await api.GET('/admin/tasks/{id}', { params: { path: { id: data.task.id } } })
      if (now !== undefined && now.state !== 'running') over(now)
    } catch (error) {
      setTask(undefined)
      sayFailed(error)
    }
  }

  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} />}
      disabled={task !== undefined}
      onClick={() => void begin()}
    >
      {task === undefined ? t('refresh') : t('refreshing', { done: task.done, total: task.total })}
    </Button>
  )
}
