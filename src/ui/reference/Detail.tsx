/** One document: all that the tables say of a mnemonic, or of a word. */
import type { ReactNode } from 'react'
import type { Document, Support } from '../../emu/isa/document.ts'
import { fragmentOf } from './place.ts'
import { WordPicture } from './WordPicture.tsx'

const marks: Readonly<Record<Support, string>> = { executed: '✓', stops: '■', refused: '✗' }

export function SupportMark({ support }: { support: Support }) {
  return (
    <span className={`ref-mark ${support}`} aria-hidden>
      {marks[support]}
    </span>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="ref-part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

const Lines = ({ lines }: { lines: readonly string[] }) => (
  <ul>
    {lines.map(l => (
      <li key={l}>{l}</li>
    ))}
  </ul>
)

const Links = ({ names }: { names: readonly string[] }) => (
  <p className="ref-links">
    {names.map(name => (
      <a key={name} href={fragmentOf(name)}>
        {name}
      </a>
    ))}
  </p>
)

const privileges = { problem: 'any state', privileged: 'privileged', hypervisor: 'hypervisor' } as const

export function Detail({ document: d }: { document: Document }) {
  return (
    <article className="ref-detail" aria-labelledby="ref-title">
      <h2 id="ref-title">{d.syntax}</h2>
      <p className={`ref-support ${d.support}`}>
        <SupportMark support={d.support} /> {d.supportText}
      </p>
      {d.note && (
        <p>
          {d.note} {d.of && <a href={fragmentOf(d.of)}>{d.of}</a>}
        </p>
      )}
      {d.word.length > 0 && <WordPicture word={d.word} />}
      <dl className="ref-facts">
        {d.form && <Fact name="Form" is={d.form} />}
        <Fact name="Privilege" is={privileges[d.privilege]} />
        <Fact name="First in" is={d.level ? d.level.toUpperCase() : 'not told; POWER9 has it'} />
        <Fact name="Power ISA" is={d.section} />
      </dl>
      {d.rtl.length > 0 && (
        <Part title="What it does, in 64-bit mode">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must scroll by keyboard */}
          <pre tabIndex={0}>{d.rtl.join('\n')}</pre>
        </Part>
      )}
      {d.operands.length > 0 && (
        <Part title="Operands">
          <dl className="ref-operands">
            {d.operands.map(o => (
              <Fact key={o.name} name={o.name} is={o.means} />
            ))}
          </dl>
        </Part>
      )}
      {d.interrupts.length > 0 && (
        <Part title="Interrupts it can take">
          <Lines lines={d.interrupts} />
        </Part>
      )}
      {d.facility && (
        <Part title="Facility">
          <p>{d.facility}</p>
        </Part>
      )}
      {d.invalid.length > 0 && (
        <Part title="Invalid and reserved">
          <Lines lines={d.invalid} />
        </Part>
      )}
      {d.alsoWritten.length > 0 && (
        <Part title="Also written">
          <Lines lines={d.alsoWritten} />
        </Part>
      )}
      {d.variants.length > 0 && (
        <Part title="Variants">
          <Links names={d.variants} />
        </Part>
      )}
      {d.extended.length > 0 && (
        <Part title="Extended mnemonics of it">
          <Links names={d.extended} />
        </Part>
      )}
    </article>
  )
}

const Fact = ({ name, is }: { name: string; is: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{is}</dd>
  </div>
)
