#include "console.h"
#include <stdarg.h>

/* In crt0.s; it may write what its arguments point to. */
long hypercall(long number, long a, long b, long c, long d);

#define H_PUT_TERM_CHAR 0x58
#define H_RTAS 0xf000
#define TERMINAL 0x71000000
#define RTAS_POWER_OFF 0x2003

static u64 packed[2];
static int held;

void flush(void)
{
    if (held)
        hypercall(H_PUT_TERM_CHAR, TERMINAL, held, packed[0], packed[1]);
    held = 0;
    packed[0] = packed[1] = 0;
}

/* The first character goes to the highest byte. */
void put(char c)
{
    packed[held >> 3] |= (u64)(u8)c << (56 - 8 * (held & 7));
    if (++held == 16 || c == '\n')
        flush();
}

static void number(u64 value, unsigned base, int width, int zero, int negative)
{
    char digits[24];
    int n = 0;
    do
        digits[n++] = "0123456789abcdef"[value % base];
    while (value /= base);
    int pad = width - n - negative;
    if (!zero)
        while (pad-- > 0)
            put(' ');
    if (negative)
        put('-');
    if (zero)
        while (pad-- > 0)
            put('0');
    while (n)
        put(digits[--n]);
}

static void directive(const char **format, va_list *arguments)
{
    const char *f = *format;
    int zero = *f == '0', width = 0, wide = 0;
    for (; *f >= '0' && *f <= '9'; f++)
        width = 10 * width + *f - '0';
    for (; *f == 'l'; f++)
        wide = 1;
    switch (*f) {
    case 'd': {
        i64 v = wide ? va_arg(*arguments, i64) : va_arg(*arguments, i32);
        number(v < 0 ? 0 - (u64)v : (u64)v, 10, width, zero, v < 0);
        break;
    }
    case 'u':
    case 'x': {
        u64 v = wide ? va_arg(*arguments, u64) : va_arg(*arguments, u32);
        number(v, *f == 'x' ? 16 : 10, width, zero, 0);
        break;
    }
    case 's':
        for (const char *s = va_arg(*arguments, const char *); *s; s++)
            put(*s);
        break;
    case 'c':
        put((char)va_arg(*arguments, int));
        break;
    default:
        put(*f);
    }
    *format = f + 1;
}

void print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    while (*format)
        if (*format == '%') {
            format++;
            directive(&format, &arguments);
        } else
            put(*format++);
    va_end(arguments);
}

static u32 big_endian(u32 v)
{
#ifdef __LITTLE_ENDIAN__
    return __builtin_bswap32(v);
#else
    return v;
#endif
}

/* RTAS takes big-endian words: service, number of arguments and of results, the arguments, the results. */
void power_off(void)
{
    static u32 call[6];
    flush();
    call[0] = big_endian(RTAS_POWER_OFF);
    call[1] = big_endian(2);
    call[2] = big_endian(1);
    call[3] = call[4] = 0xffffffff;
    hypercall(H_RTAS, (long)call, 0, 0, 0);
    for (;;)
        ;
}
