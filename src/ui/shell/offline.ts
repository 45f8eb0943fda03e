/** The page works offline after the first visit. A new version is taken when the user says so: nothing is reloaded under their hands. */
import { registerSW } from 'virtual:pwa-register'
import { keepNow } from '../keep/kept.ts'
import { useStore } from '../store/store.ts'

export function keepOffline(): void {
  const update = registerSW({
    onNeedRefresh() {
      useStore.setState({
        problem: {
          message: 'A new version of Twostep is ready. Reload to use it; your work is kept.',
          action: { label: 'Reload', run: () => void keepNow().then(() => update(true)) },
          stays: true,
        },
      })
    },
  })
}
