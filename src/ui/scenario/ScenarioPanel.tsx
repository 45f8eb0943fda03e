/** A scenario beside the machine: its commands, what each shows, and how far it was played. */
import { useEffect, useRef } from 'react'
import { Glyph } from '../run/glyphs.tsx'
import { prose } from '../state/prose.tsx'
import { useTips } from '../state/Tips.tsx'
import { WordsButton } from '../words/WordsButton.tsx'
import { playAgain, playAll, playNext } from './open.ts'
import { scenarios } from './scenarios.ts'
import { closeScenario, useScenario } from './state.ts'
import './scenario.css'

const PLAYING = 'It is being played.'

export function ScenarioPanel({ fold }: { fold: () => void }) {
  const scenario = useScenario(s => s.scenario)
  const { tips, tip } = useTips()
  const current = useRef<HTMLLIElement>(null)
  const done = scenario?.done
  useEffect(() => {
    if (done !== undefined) current.current?.scrollIntoView({ block: 'nearest' })
  }, [done])
  if (!scenario) return null
  const { script, name, problem, playing } = scenario
  const number = scenarios.findIndex(s => s.file === name) + 1
  const over = scenario.done >= script.lines.length
  const next = playing ? PLAYING : over ? 'It was played to its end.' : null
  return (
    <aside className="panel lesson scenario" aria-label="Scenario" id="lesson" tabIndex={-1} {...tips}>
      <div className="ph">
        <h2>{number ? `Scenario ${number} of ${scenarios.length}` : 'Scenario'}</h2>
        <span className="sp" />
        <WordsButton />
        <button
          type="button"
          className="btn quiet icon"
          aria-label="Close the scenario"
          data-tip="Close the scenario. The machine stays as it is."
          onClick={closeScenario}
        >
          <Glyph name="cross" />
        </button>
        <button type="button" className="btn quiet icon fold" aria-label="Fold the scenario" data-tip="Fold the scenario" onClick={fold}>
          <Glyph name="fold" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the keyboard */}
      <section className="pb" aria-label="Commands of the scenario" tabIndex={0}>
        <h3 className="title">{script.title || name}</h3>
        {script.says && <p>{prose(script.says)}</p>}
        <ol className="script" aria-label="Commands">
          {script.lines.map((l, at) => {
            const state = at < scenario.done ? 'done' : at === scenario.done ? 'next' : 'ahead'
            return (
              <li
                key={l.line}
                className={state}
                aria-current={state === 'next' ? 'step' : undefined}
                ref={state === 'next' ? current : undefined}
              >
                <Glyph name={state === 'done' ? 'check' : state === 'next' ? 'dot' : 'ring'} />
                <div>
                  <code>{l.text}</code>
                  {state === 'done' && <span className="sr"> done</span>}
                  {l.says && <p>{prose(l.says)}</p>}
                </div>
              </li>
            )
          })}
        </ol>
        {problem && (
          <p className="answer bad" role="alert">
            {problem}
          </p>
        )}
        {over && (
          <p className="answer good" role="status">
            Played to its end. The machine is yours: step on, go back, or play it again.
          </p>
        )}
      </section>
      <div className="foot">
        <button
          type="button"
          className="btn"
          aria-disabled={playing}
          data-tip={playing ? PLAYING : 'From the beginning.'}
          onClick={() => !playing && playAgain()}
        >
          Again
        </button>
        <button
          type="button"
          className="btn"
          aria-disabled={next !== null}
          data-tip={next ?? 'All that is left.'}
          onClick={() => next === null && playAll()}
        >
          Play
        </button>
        <button
          type="button"
          className="btn prime"
          aria-disabled={next !== null}
          data-tip={next ?? script.lines[scenario.done]?.text}
          onClick={() => next === null && playNext()}
        >
          Next
        </button>
      </div>
      {tip}
    </aside>
  )
}

/** Where the page is narrow, or the panel folded: the next command in one line. */
export function ScenarioStrip({ open }: { open: () => void }) {
  const scenario = useScenario(s => s.scenario)
  if (!scenario) return null
  const { script, playing, problem } = scenario
  const line = script.lines[scenario.done]
  const last = script.lines[scenario.done - 1]
  const off = playing ? PLAYING : line ? null : 'It was played to its end.'
  return (
    <aside className="strip" aria-label="Scenario" id="lesson" tabIndex={-1}>
      <b>Scenario</b>
      <span className="lab">
        {scenario.done} of {script.lines.length}
      </span>
      <span className="q">{problem ?? (last?.says ? prose(last.says) : script.title)}</span>
      <button
        type="button"
        className="btn"
        aria-disabled={off !== null}
        data-tip={off ?? line?.text}
        onClick={() => off === null && playNext()}
      >
        {line ? <code>{line.text}</code> : 'Over'}
      </button>
      <button type="button" className="btn quiet icon fold" aria-label="Open the scenario" onClick={open}>
        <Glyph name="fold" />
      </button>
    </aside>
  )
}
