#include "console.h"

void *memcpy(void *to, const void *from, u64 count)
{
    u8 *t = to;
    const u8 *f = from;
    for (; count >= 32; count -= 32, t += 32, f += 32) {
        u64 a, b, c, d;
        __builtin_memcpy(&a, f, 8);
        __builtin_memcpy(&b, f + 8, 8);
        __builtin_memcpy(&c, f + 16, 8);
        __builtin_memcpy(&d, f + 24, 8);
        __builtin_memcpy(t, &a, 8);
        __builtin_memcpy(t + 8, &b, 8);
        __builtin_memcpy(t + 16, &c, 8);
        __builtin_memcpy(t + 24, &d, 8);
    }
    while (count--)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int value, u64 count)
{
    u8 *t = to;
    while (count--)
        *t++ = (u8)value;
    return to;
}

int memcmp(const void *a, const void *b, u64 count)
{
    const u8 *x = a, *y = b;
    for (; count--; x++, y++)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}
