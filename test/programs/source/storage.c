/* Loads and stores of every size, in order and reversed, unaligned, across pages; structures, bit fields, atomics. */
#include "console.h"

static u8 area[3 * 4096] __attribute__((aligned(4096)));

static u64 sum_of(const u8 *from, u64 count)
{
    u64 sum = 0xcbf29ce484222325;
    while (count--)
        sum = (sum ^ *from++) * 0x100000001b3;
    return sum;
}

static void across_pages(void)
{
    for (int at = 4096 - 9; at <= 4096 + 1; at++) {
        u8 *p = area + at;
        u64 d = 0x1122334455667788 + (u64)at;
        u32 w = (u32)d * 3;
        u16 h = (u16)(d * 5);
        __builtin_memcpy(p, &d, 8);
        __builtin_memcpy(p + 8, &w, 4);
        __builtin_memcpy(p + 12, &h, 2);
        u64 d2;
        i32 w2;
        short h2;
        __builtin_memcpy(&d2, p + 1, 8);
        __builtin_memcpy(&w2, p + 3, 4);
        __builtin_memcpy(&h2, p + 5, 2);
        print("%d %016lx %d %d\n", at, d2, w2, h2);
    }
    print("pages %016lx\n", sum_of(area + 4000, 300));
}

static void reversed(void)
{
    for (int n = 0; n < 64; n++)
        area[n] = (u8)(n * 37 + 11);
    u64 sum = 0;
    for (int n = 0; n < 48; n++) {
        u64 d;
        u32 w;
        u16 h;
        __builtin_memcpy(&d, area + n, 8);
        __builtin_memcpy(&w, area + n, 4);
        __builtin_memcpy(&h, area + n, 2);
        sum = sum * 3 + __builtin_bswap64(d) + __builtin_bswap32(w) + __builtin_bswap16(h);
        d = __builtin_bswap64(sum);
        w = __builtin_bswap32((u32)sum);
        __builtin_memcpy(area + 64 + 12 * n, &d, 8);
        __builtin_memcpy(area + 72 + 12 * n, &w, 4);
    }
    print("reversed %016lx %016lx\n", sum, sum_of(area, 700));
}

struct record {
    u8 kind;
    short value;
    u32 flags : 5, level : 11, rest : 16;
    i64 wide : 37;
    struct {
        u16 a, b, c;
    } inner[3];
    struct record *next;
};

static struct record records[20];

static void structures(void)
{
    struct record *head = 0;
    for (int n = 0; n < 20; n++) {
        struct record r = {(u8)(n * 13), (short)(n * -1111), n & 31, (u32)(n * 97) & 2047, (u32)n * 3000 & 65535, (i64)n * -0x123456789 % 0xfffffffff, {{1, 2, (u16)n}}, head};
        r.inner[2] = r.inner[0];
        r.inner[1].b = (u16)(n << 9);
        records[n] = r;
        head = &records[n];
    }
    u64 sum = 0;
    for (struct record *r = head; r; r = r->next)
        sum = sum * 31 + r->kind + (u64)(i64)r->value + r->flags * 5u + r->level * 7u + r->rest + (u64)(i64)r->wide + r->inner[1].b + r->inner[2].c;
    print("structures %016lx\n", sum);
}

static u64 counter;
static u32 lock, small_counter;

static void atomics(void)
{
    for (int n = 1; n <= 100; n++) {
        while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
            ;
        __atomic_fetch_add(&counter, (u64)n * 0x10000001, __ATOMIC_SEQ_CST);
        __atomic_fetch_xor(&small_counter, (u32)n * 77, __ATOMIC_RELAXED);
        u64 expected = counter;
        if (!__atomic_compare_exchange_n(&counter, &expected, expected ^ 0xff, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            print("exchange failed\n");
        expected = 1;
        if (__atomic_compare_exchange_n(&counter, &expected, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            print("exchange of another value\n");
        __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
    }
    print("atomics %016lx %08x\n", counter, small_counter);
}

static i64 indexed[64];

static void indices(void)
{
    for (int n = 0; n < 64; n++)
        indexed[n] = (i64)n * n * n - 5000 * n;
    i64 sum = 0;
    const i64 *p = indexed;
    for (volatile int step = 1; step < 9; step++)
        for (int n = 0; n < 64; n += step)
            sum += p[n] * step + (i32)indexed[63 - n] + ((const short *)indexed)[n * 2] * 0;
    print("indices %ld\n", sum);
}

int main(void)
{
    across_pages();
    reversed();
    structures();
    atomics();
    indices();
    return 0;
}
