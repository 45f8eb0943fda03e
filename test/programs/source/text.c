/* Text: formatting, big numbers, compression and its inverse, words counted by a hash table. */
#include "console.h"

static const char story[] =
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the epoch of "
    "belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness.";

static void formats(void)
{
    print("[%d] [%5d] [%05d] [%x] [%08x]\n", -1, -42, -42, 0xbeef, 0xbeef);
    print("[%ld] [%lu] [%016lx] [%c] [%s] [%%]\n", (i64)0x8000000000000000, 0xfffffffffffffffful, 0x123456789abul, 'q', "text");
}

/* ── 100! and the digits of e ── */
#define DIGITS 60
static u32 big[DIGITS];

static void factorial(void)
{
    big[0] = 1;
    for (u32 n = 2; n <= 100; n++) {
        u64 carry = 0;
        for (int k = 0; k < DIGITS; k++) {
            carry += (u64)big[k] * n;
            big[k] = (u32)(carry % 1000000000);
            carry /= 1000000000;
        }
    }
    int k = DIGITS - 1;
    while (k > 0 && big[k] == 0)
        k--;
    print("%u", big[k]);
    while (k-- > 0)
        print("%09u", big[k]);
    print("\n");
}

static void digits_of_e(void)
{
    static u32 a[110];
    for (int n = 0; n < 110; n++)
        a[n] = 1;
    print("2.");
    for (int digit = 0; digit < 100; digit++) {
        u32 carry = 0;
        for (u32 n = 109; n >= 1; n--) {
            u32 x = a[n] * 10 + carry;
            carry = x / (n + 1);
            a[n] = x % (n + 1);
        }
        put((char)('0' + carry));
    }
    print("\n");
}

/* ── LZ: pairs of (distance, length), or a character ── */
static u8 packed_text[1024];
static char unpacked[1024];

static int compress(const char *from, int count)
{
    int out = 0;
    for (int at = 0; at < count;) {
        int best = 0, distance = 0;
        for (int back = 1; back <= at && back < 128; back++) {
            int same = 0;
            while (at + same < count && same < 127 && from[at + same] == from[at - back + same])
                same++;
            if (same > best)
                best = same, distance = back;
        }
        if (best > 2) {
            packed_text[out++] = (u8)(128 | distance);
            packed_text[out++] = (u8)best;
            at += best;
        } else
            packed_text[out++] = (u8)from[at++];
    }
    return out;
}

static int expand(int count)
{
    int out = 0;
    for (int at = 0; at < count;)
        if (packed_text[at] & 128) {
            int distance = packed_text[at++] & 127;
            for (int n = packed_text[at++]; n--; out++)
                unpacked[out] = unpacked[out - distance];
        } else
            unpacked[out++] = (char)packed_text[at++];
    return out;
}

/* ── words ── */
static struct word {
    const char *text;
    int length, count;
} table[128];

static int is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

static void words(void)
{
    for (const char *p = story; *p;) {
        while (*p && !is_letter(*p))
            p++;
        const char *from = p;
        u32 hash = 5381;
        for (; is_letter(*p); p++)
            hash = hash * 33 + (u8)*p;
        if (p == from)
            break;
        u32 at = hash % 128;
        while (table[at].text && (table[at].length != p - from || memcmp(table[at].text, from, (u64)(p - from))))
            at = (at + 1) % 128;
        table[at].text = from;
        table[at].length = (int)(p - from);
        table[at].count++;
    }
    for (int at = 0; at < 128; at++)
        if (table[at].count > 2) {
            for (int n = 0; n < table[at].length; n++)
                put(table[at].text[n]);
            print(" %d\n", table[at].count);
        }
}

int main(void)
{
    formats();
    factorial();
    digits_of_e();
    int length = compress(story, sizeof story - 1);
    int back = expand(length);
    print("%u to %d to %d, %s\n", (u32)sizeof story - 1, length, back, memcmp(story, unpacked, (u64)back) ? "different" : "the same");
    words();
    return 0;
}
