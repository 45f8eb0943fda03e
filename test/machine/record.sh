#!/bin/sh
# Records what qemu-system-ppc64 answers to hypercalls.s. Needs Debian's qemu-system-ppc, and `npm run build` for the assembler.
set -eu
cd "$(dirname "$0")"
image=$(mktemp)
trap 'rm -f "$image"' EXIT
node ../../dist/cli/twostep.js asm hypercalls.s -o "$image" --endian big
qemu-system-ppc64 -M pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off -cpu POWER9 -m 256 -nographic -nodefaults \
  -vga none -serial stdio -bios "$image" </dev/null >hypercalls.qemu.txt
