/* Integer arithmetic at the edges: both widths, carries, products of 128 bits, quotients, shifts, counts of bits. */
#include "console.h"

static const u64 values[] = {
    0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x12345678, 0x7fffffff, 0x80000000, 0xffffffff,
    0x100000000, 0x123456789abcdef0, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffffe, 0xffffffffffffffff,
};
#define COUNT (sizeof values / sizeof *values)

static u64 mix(u64 sum, u64 value) { return (sum << 7 | sum >> 57) ^ value * 0x9e3779b97f4a7c15; }

static void pairs(const char *name, u64 (*f)(u64, u64))
{
    u64 sum = 0;
    for (unsigned i = 0; i < COUNT; i++)
        for (unsigned k = 0; k < COUNT; k++)
            sum = mix(sum, f(values[i], values[k]));
    print("%s %016lx\n", name, sum);
}

static u64 add_carry(u64 a, u64 b)
{
    unsigned __int128 wide = (unsigned __int128)a + b + (a & 1);
    return (u64)wide + (u64)(wide >> 64) * 3;
}
static u64 subtract_borrow(u64 a, u64 b)
{
    unsigned __int128 wide = ((unsigned __int128)a << 64 | b) - ((unsigned __int128)b << 64 | a);
    return (u64)wide ^ (u64)(wide >> 64);
}
static u64 multiply_high(u64 a, u64 b) { return (u64)((unsigned __int128)a * b >> 64); }
static u64 multiply_high_signed(u64 a, u64 b) { return (u64)((__int128)(i64)a * (i64)b >> 64); }
static u64 multiply_words(u64 a, u64 b) { return (u64)((i64)(i32)a * (i32)b) ^ (u32)((u32)a * (u32)b); }
static u64 multiply_add(u64 a, u64 b) { return a * b + (a ^ b) * 5 - b * 10000; }
static u64 quotients(u64 a, u64 b) { return b ? a / b * 3 + a % b : 17; }
static u64 quotients_signed(u64 a, u64 b)
{
    if (b == 0 || (a == 0x8000000000000000 && b == 0xffffffffffffffff))
        return 19;
    return (u64)((i64)a / (i64)b * 3 + (i64)a % (i64)b);
}
static u64 quotients_words(u64 a, u64 b)
{
    i32 x = (i32)a, y = (i32)b;
    u64 r = (u32)y ? (u32)x / (u32)y : 1;
    if (y == 0 || (x == (i32)0x80000000 && y == -1))
        return r;
    return r ^ (u64)(i64)(x / y) ^ (u64)(i64)(x % y) << 7;
}
static u64 by_constants(u64 a, u64 b) { return a / 10 + b % 1000 + (u64)((i64)a / 7) + (u64)((i32)b / 3) + (u32)a % 60; }
static u64 shifts(u64 a, u64 b)
{
    unsigned n = b & 63, w = b & 31;
    return (a << n) ^ (a >> n) ^ (u64)((i64)a >> n) ^ (u64)((u32)a << w) ^ (u64)((u32)a >> w) ^ (u64)(i64)((i32)a >> w);
}
static u64 rotates(u64 a, u64 b)
{
    unsigned n = b & 63, w = b & 31;
    u32 x = (u32)a;
    return (a << n | a >> (-n & 63)) + (x << w | x >> (-w & 31)) + (a << 13 | a >> 51) + (x << 9 | x >> 23);
}
static u64 masks(u64 a, u64 b)
{
    return (a & 0x0000fffffffff000) + (a >> 12 & 0x3ff) + ((u32)a & 0x00ffff00) + (b & ~0xfful) + (a & ~b) + (a | ~b) + ~(a & b) + ~(a ^ b) +
        ((a & 0xff00ff00ff00ff00) | (b & 0x00ff00ff00ff00ff)) + (b << 20 & 0xfff00000) + (a & 0x7fffffffffffffff);
}
static u64 extends(u64 a, u64 b) { return (u64)(i64)(signed char)a + (u64)(i64)(short)b + (u64)(i64)(i32)a + (u8)b + (u16)a + (u32)b; }
static u64 counts(u64 a, u64 b)
{
    u64 r = (u64)__builtin_popcountl(a) * 100 + (u64)__builtin_parityl(b);
    if (a)
        r += (u64)__builtin_clzl(a) * 7 + (u64)__builtin_ctzl(a) * 11;
    if ((u32)b)
        r += (u64)__builtin_clz((u32)b) * 13 + (u64)__builtin_ctz((u32)b) * 17;
    return r;
}
static u64 swaps(u64 a, u64 b) { return __builtin_bswap64(a) + __builtin_bswap32((u32)b) + __builtin_bswap16((u16)a); }
static u64 compares(u64 a, u64 b)
{
    u64 r = (a < b) | (u64)(a <= b) << 1 | (u64)((i64)a < (i64)b) << 2 | (u64)((i64)a >= (i64)b) << 3 | (u64)((u32)a < (u32)b) << 4;
    r |= (u64)((i32)a > (i32)b) << 5 | (u64)(a == b) << 6 | (u64)((u8)a != (u8)b) << 7 | (u64)(!a) << 8 | (u64)((i64)b < 0) << 9;
    return r + (a > b ? a : b) + ((i64)a < (i64)b ? a : b) + ((i32)a < 0 ? -a : a);
}
static u64 overflows(u64 a, u64 b)
{
    i64 s, d, m;
    i32 w;
    u64 r = __builtin_saddl_overflow((i64)a, (i64)b, &s);
    r = r << 1 | __builtin_ssubl_overflow((i64)a, (i64)b, &d);
    r = r << 1 | __builtin_smull_overflow((i64)a, (i64)b, &m);
    r = r << 1 | __builtin_sadd_overflow((i32)a, (i32)b, &w);
    return r ^ (u64)s ^ (u64)d << 1 ^ (u64)m << 2 ^ (u64)(i64)w << 3;
}

int main(void)
{
    pairs("add", add_carry);
    pairs("subtract", subtract_borrow);
    pairs("multiply high", multiply_high);
    pairs("multiply high signed", multiply_high_signed);
    pairs("multiply words", multiply_words);
    pairs("multiply add", multiply_add);
    pairs("divide", quotients);
    pairs("divide signed", quotients_signed);
    pairs("divide words", quotients_words);
    pairs("divide by constants", by_constants);
    pairs("shift", shifts);
    pairs("rotate", rotates);
    pairs("mask", masks);
    pairs("extend", extends);
    pairs("count", counts);
    pairs("swap", swaps);
    pairs("compare", compares);
    pairs("overflow", overflows);
    return 0;
}
