/** The browser tests need a Chromium: finds one, installs Debian's as root, or says the one command that does. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(PATH)) {
  const install = 'apt-get update && apt-get install -y --no-install-recommends chromium'
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(
      `No Chromium at ${PATH}. The browser tests need one. Install it with:\n  sudo sh -c '${install}'\nor set CHROMIUM to its path.`,
    )
    process.exit(1)
  }
  console.log(`No Chromium at ${PATH}: installing Debian's.`)
  execFileSync('sh', ['-c', `${install} >/dev/null`], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
