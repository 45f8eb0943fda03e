/* Branches of every kind: loops by CTR, tables, calls through pointers, deep recursion, many arguments, a stack machine, a queens solver. */
#include "console.h"

static u64 steps;

static u64 ackermann(u64 m, u64 n)
{
    steps++;
    return m == 0 ? n + 1 : ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static int queens(int row, u32 columns, u32 up, u32 down, int size)
{
    if (row == size)
        return 1;
    int found = 0;
    for (u32 free = ~(columns | up | down) & ((1u << size) - 1); free; free &= free - 1) {
        u32 bit = free & -free;
        found += queens(row + 1, columns | bit, (up | bit) << 1, (down | bit) >> 1, size);
    }
    return found;
}

/* ── a stack machine: a table of branches ── */
enum { PUSH, ADD, MULTIPLY, HALVE, DUPLICATE, SWAP, DROP, ODD, LESS, JUMP, UNLESS, HALT };

static const short collatz[] = {
    PUSH, 0, PUSH, 27,                           /* 0: count, n */
    DUPLICATE, PUSH, 2, LESS, UNLESS, 12,        /* 4: n < 2? */
    DROP, HALT,                                  /* 10 */
    DUPLICATE, ODD, UNLESS, 24,                  /* 12 */
    PUSH, 3, MULTIPLY, PUSH, 1, ADD, JUMP, 25,   /* 16 */
    HALVE,                                       /* 24 */
    SWAP, PUSH, 1, ADD, SWAP, JUMP, 4,           /* 25 */
};

static i64 run(const short *code, u64 *executed)
{
    i64 stack[8], t;
    int top = 0;
    for (int at = 0;;) {
        ++*executed;
        switch (code[at++]) {
        case PUSH: stack[top++] = code[at++]; break;
        case ADD: top--, stack[top - 1] += stack[top]; break;
        case MULTIPLY: top--, stack[top - 1] *= stack[top]; break;
        case HALVE: stack[top - 1] /= 2; break;
        case DUPLICATE: stack[top] = stack[top - 1], top++; break;
        case SWAP: t = stack[top - 1], stack[top - 1] = stack[top - 2], stack[top - 2] = t; break;
        case DROP: top--; break;
        case ODD: stack[top - 1] &= 1; break;
        case LESS: top--, stack[top - 1] = stack[top - 1] < stack[top]; break;
        case JUMP: at = code[at]; break;
        case UNLESS: at = stack[--top] ? at + 1 : code[at]; break;
        case HALT: return stack[top - 1];
        }
    }
}

/* ── calls ── */
typedef u64 operation(u64, u64);
static u64 plus(u64 a, u64 b) { return a + b; }
static u64 times(u64 a, u64 b) { return a * b; }
static u64 power(u64 a, u64 b) { return b == 0 ? 1 : (b & 1 ? a : 1) * power(a * a, b >> 1); }
static operation *const volatile operations[] = {plus, times, power};

static __attribute__((noinline)) u64 many(u64 a, u8 b, u64 c, short d, u64 e, i32 f, u64 g, u64 h, u64 i, signed char j, u64 k, u16 l)
{
    return a + b * 3 + c * 5 + (u64)d * 7 + e * 11 + (u64)(i64)f * 13 + g * 17 + h * 19 + i * 23 + (u64)j * 29 + k * 31 + l * 37;
}

static int even(int n);
static __attribute__((noinline)) int odd(int n) { return n == 0 ? 0 : even(n - 1); }
static __attribute__((noinline)) int even(int n) { return n == 0 ? 1 : odd(n - 1); }

static int sign(i64 v, u64 w)
{
    if (v < -5 || (w > 100 && v != 3))
        return v & 1 ? -2 : -1;
    if ((v > 5 && w < 50) || v == (i64)w)
        return 1;
    return w == 7 ? 2 : 0;
}

static int classify(int c)
{
    switch (c) {
    case 'a' ... 'f': return 1;
    case 'x': case 'z': return 2;
    case '0' ... '9': return 3;
    case 1000: return 4;
    case -7: return 5;
    default: return 0;
    }
}

int main(void)
{
    u64 a = ackermann(2, 9);
    print("ackermann %lu in %lu calls\n", a, steps);
    for (int n = 4; n <= 8; n++)
        print("queens %d: %d\n", n, queens(0, 0, 0, 0, n));
    u64 executed = 0;
    i64 result = run(collatz, &executed);
    print("stack machine %ld after %lu\n", result, executed);
    u64 sum = 0;
    for (int n = 0; n < 30; n++)
        sum = sum * 3 + operations[n % 3]((u64)n, (u64)n + 5);
    print("pointers %016lx\n", sum);
    print("arguments %016lx\n", many(1, 255, 3, -4, 5, -6, 7, 8, 9, -10, 11, 65535));
    print("mutual %d %d\n", even(5001), odd(5001));
    int signs = 0, classes = 0;
    for (int n = -20; n < 150; n++) {
        signs = signs * 5 + sign(n, (u64)(n * n & 127));
        classes = classes * 7 + classify(n) + classify(n * 10);
    }
    print("signs %d classes %d\n", signs, classes);
    return 0;
}
