#!/bin/sh
# Builds every program of source/ into built/, little- and big-endian: NAME.le.elf, NAME.le.bin, NAME.be.elf, NAME.be.bin.
# Needs Debian's gcc-powerpc64le-linux-gnu. The results are committed: tests and the bench need no compiler.
set -eu
cd "$(dirname "$0")"
gcc=powerpc64le-linux-gnu-gcc
objcopy=powerpc64le-linux-gnu-objcopy
flags='-O2 -mcpu=power8 -mno-vsx -mno-altivec -msoft-float -ffreestanding -fno-stack-protector -fno-pic -fno-pie -nostdlib -static
  -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -std=gnu11 -Wall -Wextra'
link='-Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-T,source/program.ld'
little='-mlittle-endian -Wa,--defsym,LITTLE=1'
big='-mbig-endian -mabi=elfv2'

build() {
  name=$1 order=$2
  shift 2
  # Objects of fixed names: a symbol of the ELF tells them, and the same sources give the same files.
  for part in crt0.s console.c memory.c "$name.c"; do
    # shellcheck disable=SC2086
    $gcc $flags "$@" -c -o "${part%.*}.o" "source/$part"
  done
  # shellcheck disable=SC2086
  $gcc $flags $link "$@" -o "built/$name.$order.elf" crt0.o console.o memory.o "$name.o"
  $objcopy -O binary --gap-fill 0 "built/$name.$order.elf" body.o
  # The flat image begins at address 0, the program at 0x100.
  { head -c 256 /dev/zero; cat body.o; } >"built/$name.$order.bin"
  rm -- *.o
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
