#!/bin/sh
# Builds every program of source/ into built/, little- and big-endian: NAME.le.elf, NAME.le.bin, NAME.be.elf, NAME.be.bin.
# Needs Debian's gcc-powerpc64le-linux-gnu. The results are committed: tests and the bench need no compiler.
set -eu
cd "$(dirname "$0")"
gcc=powerpc64le-linux-gnu-gcc
objcopy=powerpc64le-linux-gnu-objcopy
flags='-O2 -mcpu=power8 -mno-vsx -mno-altivec -msoft-float -ffreestanding -fno-stack-protector -fno-pic -fno-pie -nostdlib -static
  -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -std=gnu11 -Wall -Wextra
  -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-T,source/program.ld'
little='-mlittle-endian -Wa,--defsym,LITTLE=1'
big='-mbig-endian -mabi=elfv2'

build() {
  name=$1 order=$2
  shift 2
  # shellcheck disable=SC2086
  $gcc $flags "$@" -o "built/$name.$order.elf" source/crt0.s source/console.c source/memory.c "source/$name.c"
  $objcopy -O binary --gap-fill 0 "built/$name.$order.elf" built/body.bin
  # The flat image begins at address 0, the program at 0x100.
  { head -c 256 /dev/zero; cat built/body.bin; } >"built/$name.$order.bin"
  rm built/body.bin
}

mkdir -p built
for source in source/*.c; do
  name=$(basename "$source" .c)
  case $name in console | memory) continue ;; esac
  # shellcheck disable=SC2086
  build "$name" le $little
  # shellcheck disable=SC2086
  build "$name" be $big
done
