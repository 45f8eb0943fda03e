#!/bin/sh
# Builds every program of source/ into built/, little- and big-endian: NAME.le.elf, NAME.le.bin, NAME.be.elf, NAME.be.bin.
# Needs Debian's gcc-powerpc64le-linux-gnu. The results are committed: tests and the bench need no compiler.
# OPTIMISE (-O2), CPU (power8) and OUT (a directory) make others, as test/oracle/programs.oracle.ts does.
set -eu
out=${OUT:-$(dirname "$0")/built}
mkdir -p "$out"
out=$(cd "$out" && pwd)
objects=$(mktemp -d)
trap 'rm -r -- "$objects"' EXIT
cd "$(dirname "$0")"
gcc=powerpc64le-linux-gnu-gcc
objcopy=powerpc64le-linux-gnu-objcopy
flags="${OPTIMISE:--O2} -mcpu=${CPU:-power8} -mno-vsx -mno-altivec -msoft-float -ffreestanding -fno-stack-protector -fno-pic -fno-pie -nostdlib -static
  -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -std=gnu11 -Wall -Wextra"
link='-Wl,--build-id=none -Wl,-z,max-page-size=4096'
little='-mlittle-endian -Wa,--defsym,LITTLE=1'
big='-mbig-endian -mabi=elfv2'

build() {
  name=$1 order=$2
  shift 2
  # Objects of fixed names: a symbol of the ELF tells them, and the same sources give the same files.
  for part in crt0.s console.c memory.c "$name.c"; do
    # shellcheck disable=SC2086
    $gcc $flags "$@" -c -o "$objects/${part%.*}.o" "source/$part"
  done
  # shellcheck disable=SC2086
  (cd "$objects" && $gcc $flags $link -Wl,-T,"$here/source/program.ld" "$@" -o "$out/$name.$order.elf" crt0.o console.o memory.o "$name.o")
  $objcopy -O binary --gap-fill 0 "$out/$name.$order.elf" "$objects/body.o"
  # The flat image begins at address 0, the program at 0x100.
  { head -c 256 /dev/zero; cat "$objects/body.o"; } >"$out/$name.$order.bin"
}
here=$(pwd)

for source in source/*.c; do
  name=$(basename "$source" .c)
  case $name in console | memory) continue ;; esac
  # shellcheck disable=SC2086
  build "$name" le $little
  # shellcheck disable=SC2086
  build "$name" be $big
done
