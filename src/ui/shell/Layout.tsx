/** Panels and their widths: resizable, remembered by the browser, and arranged for the page's width. */
import { lazy, type ReactNode, Suspense, useEffect, useRef, useSyncExternalStore } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { GuestPanel } from '../code/GuestPanel.tsx'
import { HypervisorPanel } from '../code/HypervisorPanel.tsx'
import { Dock } from '../dock/Dock.tsx'
import { place } from '../embed/place.ts'
import { LessonPanel } from '../lesson/LessonPanel.tsx'
import { LessonStrip } from '../lesson/LessonStrip.tsx'
import { useLesson } from '../lesson/open.ts'
import { useScenario } from '../scenario/state.ts'
import { StatePanel } from '../state/StatePanel.tsx'
import { TimelinePanel } from '../timeline/TimelinePanel.tsx'
import { foldLesson, openLessonSheet, sizesMemory, useArrangement } from './arrangement.ts'
import { Guard } from './Guard.tsx'
import { FOLDED_DOCK, LESSON, sizesFor, type Width, widthOf } from './sizes.ts'

const subscribe = (changed: () => void) => {
  addEventListener('resize', changed)
  return () => removeEventListener('resize', changed)
}
export const useWidth = (): Width => useSyncExternalStore(subscribe, () => widthOf(innerWidth))

interface Part {
  id: string
  /** In the label of its edge. */
  name: string
  /** Pixels, or a share; the one without takes what the others leave. */
  size?: number | string
  min: number
  content: ReactNode
  /** Keeps its pixels when the window changes. */
  fixed?: boolean
}

function Split({ id, vertical = false, parts }: { id: string; vertical?: boolean; parts: readonly Part[] }) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id,
    storage: sizesMemory,
    panelIds: parts.map(p => p.id),
    onlySaveAfterUserInteractions: true,
  })
  return (
    <Group
      orientation={vertical ? 'vertical' : 'horizontal'}
      id={id}
      {...(defaultLayout ? { defaultLayout } : {})}
      onLayoutChanged={onLayoutChanged}
    >
      {parts.flatMap((p, n) => [
        n > 0 && <Separator key={`${p.id}-edge`} className="edge" aria-label={`Resize ${parts[n - 1]!.name} and ${p.name}`} />,
        <Panel
          key={p.id}
          id={p.id}
          {...(p.size === undefined ? {} : { defaultSize: p.size })}
          minSize={p.min}
          groupResizeBehavior={p.fixed ? 'preserve-pixel-size' : 'preserve-relative-size'}
        >
          {p.content}
        </Panel>,
      ])}
    </Group>
  )
}

const panel = (name: string, content: ReactNode) => <Guard name={name}>{content}</Guard>
const guestPanel = panel('Guest code', <GuestPanel />)
const timelinePanel = panel('Timeline', <TimelinePanel />)
const dockPanel = panel('Dock', <Dock />)
const hypervisorPanel = panel('Hypervisor code', <HypervisorPanel />)
const statePanel = panel('State', <StatePanel />)

const rest = (id: string, name: string, min: number, content: ReactNode): Part => ({ id, name, min, content })

/** All panels but the lesson's, with their sizes at first. */
function useParts() {
  const sizes = sizesFor(
    useArrangement(a => a.name),
    { width: innerWidth, height: innerHeight },
  )
  return {
    guest: { id: 'guest-code', name: 'guest code', size: sizes.guest, min: 320, content: guestPanel },
    hypervisor: { id: 'hypervisor-code', name: 'hypervisor code', size: sizes.hypervisor, min: 240, content: hypervisorPanel },
    state: { id: 'registers', name: 'State', size: sizes.state, min: 388, content: statePanel, fixed: true },
    timeline: { id: 'lanes', name: 'timeline', size: sizes.timeline, min: 150, content: timelinePanel, fixed: true },
    dock: { id: 'tabs', name: 'dock', size: sizes.dock, min: FOLDED_DOCK, content: dockPanel, fixed: true },
  } satisfies Record<string, Part>
}

const Main = ({ children }: { children: ReactNode }) => (
  <main className="fill" id="main" tabIndex={-1}>
    {children}
  </main>
)

/** Folding takes the button that was pressed off the page: the focus goes to the one that undoes it, which stands in its place. */
function useFocusOnFold(folded: boolean): void {
  const before = useRef(folded)
  useEffect(() => {
    if (before.current === folded) return
    before.current = folded
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('#lesson .fold')?.focus()
  }, [folded])
}

const ScenarioPanel = lazy(async () => ({ default: (await import('../scenario/ScenarioPanel.tsx')).ScenarioPanel }))
const ScenarioStrip = lazy(async () => ({ default: (await import('../scenario/ScenarioPanel.tsx')).ScenarioStrip }))

/** What stands beside the machine: a scenario that was opened, else the lesson. */
const Beside = ({ fold }: { fold: () => void }) =>
  useScenario(s => s.scenario) ? (
    <Suspense>
      <ScenarioPanel fold={fold} />
    </Suspense>
  ) : (
    <LessonPanel fold={fold} />
  )
/** Embedded, there is no place for a lesson where the page around has opened none. */
const useBeside = (): boolean => {
  const scenario = useScenario(s => s.scenario !== null)
  const lesson = useLesson(l => l.lesson !== null)
  return !place.embedded || scenario || lesson
}

function BesideStrip({ open }: { open: () => void }) {
  const scenario = useScenario(s => s.scenario !== null)
  if (!useBeside()) return null
  if (!scenario) return <LessonStrip open={open} />
  return (
    <Suspense>
      <ScenarioStrip open={open} />
    </Suspense>
  )
}

/** On a narrow page it opens over the left side. */
function BesideSheet() {
  const open = useArrangement(a => a.lessonOpen)
  const name = useScenario(s => s.scenario) ? 'Scenario' : 'Lesson'
  return (
    <ModalOverlay className="shade" isOpen={open} onOpenChange={openLessonSheet} isDismissable>
      <Modal>
        <Dialog className="sheet-lesson" aria-label={name}>
          <Beside fold={() => openLessonSheet(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Wide() {
  const folded = useArrangement(a => a.lessonFolded)
  const beside = useBeside()
  useFocusOnFold(folded)
  const { guest, hypervisor, timeline, dock, state } = useParts()
  const editors = <Split id="editors" parts={[guest, hypervisor]} />
  const centre = <Split id="centre" vertical parts={[rest('code', 'code', 120, editors), timeline, dock]} />
  const page = <Split id="page" parts={[rest('middle', 'code and timeline', 400, centre), state]} />
  if (!beside) return <Main>{page}</Main>
  if (folded) {
    return (
      <>
        <BesideStrip open={() => foldLesson(false)} />
        <Main>{page}</Main>
      </>
    )
  }
  const lesson: Part = {
    id: 'task',
    name: 'lesson',
    size: LESSON,
    min: 200,
    content: panel('Lesson', <Beside fold={() => foldLesson(true)} />),
    fixed: true,
  }
  return <Split id="wide" parts={[lesson, rest('main', 'code and timeline', 789, <Main>{page}</Main>)]} />
}

function Middle() {
  const { guest, timeline, dock, state } = useParts()
  const left = <Split id="middle-left" vertical parts={[rest('code', 'guest code', 120, guest.content), dock]} />
  const lower = <Split id="middle-lower" parts={[rest('left', 'code', 320, left), state]} />
  return (
    <>
      <BesideStrip open={() => openLessonSheet(true)} />
      <Main>
        <Split id="middle" vertical parts={[timeline, rest('lower', 'code', 200, lower)]} />
      </Main>
    </>
  )
}

/** Up to 900 pixels the page scrolls. */
function Narrow() {
  return (
    <>
      <BesideStrip open={() => openLessonSheet(true)} />
      <Main>
        <div className="stack">
          <div className="stack-timeline">{timelinePanel}</div>
          <div className="stack-code">{guestPanel}</div>
          <div className="stack-dock">{dockPanel}</div>
          {statePanel}
        </div>
      </Main>
    </>
  )
}

export function Layout({ width }: { width: Width }) {
  const resets = useArrangement(a => a.resets)
  const Arrangement = { wide: Wide, middle: Middle, narrow: Narrow }[width]
  return (
    <div className="panels">
      <Arrangement key={`${width}-${resets}`} />
      {width !== 'wide' && <BesideSheet />}
    </div>
  )
}
