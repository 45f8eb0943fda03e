/** Opens a scenario; what plays it is fetched when one is asked for. */
import { fetched } from '../shell/fetched.ts'

const player = () => fetched(() => import('./open.ts'), 'What plays scenarios')

/** `file` lies in `scenarios/`. */
export const openScenario = async (file: string): Promise<void> => (await player())?.openScenario(file)

/** A script of the user's, with the programs that were chosen together with it. */
export const openScenarioFiles = async (given: readonly File[]): Promise<void> => (await player())?.openScenarioFiles(given)
